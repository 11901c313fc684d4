"""What the platform enforces: the customer service window by a clock one can move, rates, who is there at all."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.channels.whatsapp.emulator.world import (
    GRACE,
    PATRICK,
    PROGRAM,
    Emulator,
    Receiver,
    asking,
    delivering,
    eventually,
    settings_in,
    text,
)

MESSAGE = {"messaging_product": "whatsapp", "to": GRACE, **text("Bonjour")}
HOUR = 3600


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Emulator]:
    async with asking(settings_in(tmp_path, window="failed_status")) as emulator:
        yield emulator


async def move(emulator: Emulator, **change: Any) -> dict[str, Any]:
    response = await emulator.http.post("/api/clock", json=change, headers=PROGRAM)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def allow(emulator: Emulator, **policy: Any) -> None:
    response = await emulator.http.post("/api/policy", json=policy, headers=PROGRAM)
    assert response.status_code == 200, response.text


async def codes(emulator: Emulator, times: int, to: str = GRACE) -> list[int | None]:
    answers = [await emulator.graph({**MESSAGE, "to": to}) for _ in range(times)]
    return [answer.json().get("error", {}).get("code") for answer in answers]


async def states(emulator: Emulator, wa_id: str = GRACE) -> list[str]:
    return [message["status"] for message in await emulator.chat(wa_id) if message["from"] == "business"]


class TestWindow:
    async def test_it_opens_with_a_message_and_closes_a_day_later(self, strict: Emulator) -> None:
        assert await codes(strict, 1) == [None]
        await strict.phone(GRACE, type="text", text="Bonjour")
        await codes(strict, 1)
        await move(strict, advance_seconds=24 * HOUR - 60)
        await codes(strict, 1)
        await move(strict, advance_seconds=61)
        await codes(strict, 1)
        assert await states(strict) == ["failed", "delivered", "delivered", "failed"]

    async def test_a_reaction_opens_nothing(self, strict: Emulator) -> None:
        await allow(strict, window="off")
        wamid = await strict.say(GRACE, text("hello"))
        await strict.phone(GRACE, type="reaction", emoji="👍", wamid=wamid)
        await allow(strict, window="error")
        assert await codes(strict, 1) == [131047]

    async def test_the_failure_comes_as_a_status_without_contacts(self, tmp_path: Path) -> None:
        receiver = Receiver()
        async with delivering(settings_in(tmp_path, window="failed_status"), receiver) as emulator:
            await emulator.say(GRACE, text("too late"))
            await eventually(lambda: len(receiver.statuses) == 1)
        (value,) = receiver.values
        assert "contacts" not in value
        (error,) = value["statuses"][0]["errors"]
        assert (value["statuses"][0]["status"], error["code"]) == ("failed", 131047)

    async def test_by_policy_it_is_refused_at_once_or_not_at_all(self, strict: Emulator) -> None:
        await allow(strict, window="error")
        assert await codes(strict, 1) == [131047]
        await allow(strict, window="off")
        assert await codes(strict, 1) == [None]
        assert await states(strict) == ["delivered"]


class TestClock:
    async def test_it_can_be_set_and_put_right_again(self, offline: Emulator) -> None:
        answer = await move(offline, now="2030-01-01T12:00:00+00:00")
        assert answer["now"].startswith("2030-01-01T12:00:0")
        await offline.phone(GRACE, type="text", text="from the future")
        (message,) = await offline.chat(GRACE)
        assert datetime.fromisoformat(message["at"]).year == 2030
        real = await offline.http.delete("/api/clock", headers=PROGRAM)
        assert real.json()["ahead_seconds"] == 0
        assert abs((datetime.fromisoformat(real.json()["now"]) - datetime.now(UTC)).total_seconds()) < 60

    @pytest.mark.parametrize(
        "change", [{}, {"now": "2030-01-01T12:00:00"}, {"now": "soon"}, {"advance_seconds": 1e12}, {"skip": 5}]
    )
    async def test_a_senseless_change_moves_nothing(self, offline: Emulator, change: dict[str, Any]) -> None:
        response = await offline.http.post("/api/clock", json=change, headers=PROGRAM)
        assert response.status_code == 422
        assert (await offline.http.get("/api/clock")).json()["ahead_seconds"] == 0

    async def test_moved_back_webhooks_still_go(self, emulator: Emulator, receiver: Receiver) -> None:
        await move(emulator, advance_seconds=HOUR)
        receiver.refuse_next = 1
        await emulator.phone(GRACE, type="text", text="refused at first")
        await eventually(lambda: receiver.refuse_next == 0)
        await move(emulator, advance_seconds=-HOUR)
        await eventually(lambda: receiver.texts == ["refused at first"])


class TestRates:
    async def test_one_person_gets_45_at_once_and_then_one_in_six_seconds(self, offline: Emulator) -> None:
        await allow(offline, pair_rate=True)
        assert set(await codes(offline, 45)) == {None}
        assert await codes(offline, 1) == [131056]
        assert await codes(offline, 1, PATRICK) == [None]
        await move(offline, advance_seconds=6)
        assert await codes(offline, 2) == [None, 131056]

    async def test_a_number_sends_so_many_in_a_second(self, offline: Emulator) -> None:
        await allow(offline, throughput_per_second=2)
        await move(offline, now="2030-01-01T12:00:00+00:00")
        assert (await codes(offline, 9))[:3] == [None, None, 130429]
        await move(offline, advance_seconds=2)
        assert await codes(offline, 1) == [None]


async def test_by_policy_numbers_nobody_added_are_not_on_whatsapp(offline: Emulator) -> None:
    await allow(offline, unknown_numbers="undeliverable")
    await codes(offline, 1, "242069999999")
    assert await states(offline, "242069999999") == ["failed"]
    await offline.phone(GRACE, type="text", text="I am here")
    await codes(offline, 1)
    assert await states(offline) == ["delivered"]


@pytest.mark.parametrize("policy", [{"window": "ajar"}, {"throughput_per_second": 0}, {"gravity": True}])
async def test_a_policy_that_does_not_exist_is_refused(offline: Emulator, policy: dict[str, Any]) -> None:
    before = (await offline.http.get("/api/policy")).json()
    response = await offline.http.post("/api/policy", json=policy, headers=PROGRAM)
    assert (response.status_code, next(iter(policy)) in response.json()["detail"]) == (422, True)
    assert (await offline.http.get("/api/policy")).json() == before


async def test_a_policy_can_be_put_back(offline: Emulator) -> None:
    await allow(offline, pair_rate=True)
    assert (await offline.http.delete("/api/policy", headers=PROGRAM)).json()["pair_rate"] is False
