"""The numbers that Prometheus reads: who may, what they count, and what never stands in them."""

import re

import pytest

from conversations.tables import turns
from tests.house import GRACE, KIMIA, SECRET, House
from tests.waiting import until


async def read(house: House, secret: str = SECRET) -> str:
    answer = await house.private.get("/metrics", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    return answer.text


def number(text: str, name: str) -> float:
    """The value of a line, whatever labels it carries in the order given; 0 where there is none yet."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
async def test_only_who_knows_a_secret_reads_them(house: House, headers: dict[str, str]) -> None:
    assert (await house.private.get("/metrics", headers=headers)).status_code == 401
    assert (await house.public.get("/metrics", headers={"Authorization": f"Bearer {SECRET}"})).status_code == 404


async def test_a_message_and_its_answer_are_counted(house: House) -> None:
    before = await read(house)
    await house.post(house.message("bonjour"))
    assert await house.heard(1) == ["you said bonjour"]
    await house.quiet()

    after = await read(house)
    for name in ("relais_webhook_keep_seconds_count", "relais_turn_seconds_count", "relais_turn_wait_seconds_count"):
        assert number(after, name) == number(before, name) + 1
    post = 'relais_http_request_seconds_count{method="POST",port="public",route="/webhooks/whatsapp",status="2xx"}'
    assert number(after, post) == number(before, post) + 1
    waited = 'relais_send_wait_seconds_count{lane="immediate"}'
    sent = 'relais_send_seconds_count{channel="whatsapp",outcome="accepted",provider="whatsapp"}'
    assert number(after, waited) == number(before, waited) + 1
    assert number(after, sent) == number(before, sent) + 1


async def test_what_waits_is_told_with_its_age(house: House) -> None:
    house.bot.is_ready = False
    await house.post(house.message("bonjour"), house.message("vous êtes là ?"))

    async def both_wait() -> bool:
        found = await house.rows(turns, turns.c.status == "waiting")
        return len(found) == 2

    await until(both_wait)
    text = await read(house)
    assert number(text, "relais_turns_waiting") == 2
    assert number(text, "relais_turns_oldest_seconds") >= 0
    assert number(text, "relais_turns_parked") == 0


async def test_no_person_and_no_made_up_address_becomes_a_series(house: House) -> None:
    await house.public.get(f"/somewhere/{GRACE}")
    await house.post(house.message("mon numéro est le 06 123 45 67"))

    text = await read(house)
    assert 'route="(none)"' in text
    assert GRACE not in text
    assert KIMIA not in text
    assert "123 45 67" not in text
