"""What becomes of a business's message, as planned: skipped, late, doubled, out of order, failed, before the answer."""

from typing import Any

import pytest

from tests.channels.whatsapp.emulator.world import (
    GRACE,
    KIMIA,
    PATRICK,
    PROGRAM,
    Emulator,
    Receiver,
    eventually,
    text,
)


async def plan(emulator: Emulator, **fault: Any) -> None:
    response = await emulator.http.post("/api/faults", json=fault, headers=PROGRAM)
    assert response.status_code == 200, response.text


async def told(receiver: Receiver, count: int) -> list[str]:
    await eventually(lambda: len(receiver.statuses) >= count)
    return [status["status"] for status in receiver.statuses]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"preset": "statuses_out_of_order"}, ["read", "delivered", "sent"]),
        ({"preset": "statuses_doubled"}, ["sent", "sent", "delivered", "delivered"]),
        ({"preset": "read_without_delivered"}, ["sent", "read"]),
        ({"preset": "delivered_after_failed"}, ["sent", "failed", "delivered"]),
        ({"preset": "not_on_whatsapp_131026"}, ["failed"]),
        ({"statuses": [{"status": "sent"}, {"status": "delivered"}, {"status": "played"}]}, None),
    ],
)
async def test_statuses_come_as_planned(
    emulator: Emulator, receiver: Receiver, fault: dict[str, Any], expected: list[str] | None
) -> None:
    expected = expected or [step["status"] for step in fault["statuses"]]
    await plan(emulator, **fault)
    await emulator.say(GRACE, text("hello"))
    assert await told(receiver, len(expected)) == expected


async def test_a_failure_carries_any_code(emulator: Emulator, receiver: Receiver) -> None:
    await plan(emulator, statuses=[{"status": "failed", "code": 131049}])
    await emulator.say(GRACE, text("hello"), biz_opaque_callback_data="m-1")
    await told(receiver, 1)
    (status,) = receiver.statuses
    (error,) = status["errors"]
    assert (error["code"], bool(error["title"]), bool(error["error_data"]["details"])) == (131049, True, True)
    assert (status["biz_opaque_callback_data"], "pricing" in status) == ("m-1", False)
    assert (await emulator.chat(GRACE))[0]["status"] == "failed"


async def test_late_ones_come_when_the_clock_says_so(emulator: Emulator, receiver: Receiver) -> None:
    await plan(emulator, statuses=[{"status": "sent"}, {"status": "delivered", "after_seconds": 3600}])
    await emulator.say(GRACE, text("slow"))
    await told(receiver, 1)
    await emulator.say(PATRICK, text("quick"))
    assert (await told(receiver, 3))[1:] == ["sent", "delivered"]
    await emulator.http.post("/api/clock", json={"advance_seconds": 3601}, headers=PROGRAM)
    assert (await told(receiver, 4))[3] == "delivered"
    (slow,) = await emulator.chat(GRACE)
    assert slow["status"] == "delivered"


async def test_they_can_arrive_before_the_answer_to_the_send(emulator: Emulator, receiver: Receiver) -> None:
    await plan(emulator, preset="statuses_before_answer")
    await emulator.say(GRACE, text("hello"))
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered"]


async def test_old_and_new_shapes_of_a_status(emulator: Emulator, receiver: Receiver) -> None:
    await plan(emulator, contacts=False, conversation=True, pricing=False)
    await emulator.say(GRACE, text("as before"))
    await told(receiver, 2)
    assert all("contacts" not in value for value in receiver.values)
    sent, delivered = receiver.statuses
    assert sent["conversation"]["expiration_timestamp"].isdigit()
    assert (sent["conversation"]["id"], "pricing" in sent) == (delivered["conversation"]["id"], False)


async def test_a_voice_note_is_played(emulator: Emulator, receiver: Receiver) -> None:
    wamid = await emulator.say(GRACE, {"type": "audio", "audio": {"link": "http://127.0.0.1:9/a.ogg", "voice": True}})
    played = {"phone_number_id": KIMIA, "wamid": wamid}
    response = await emulator.http.post(f"/api/phones/{GRACE}/play", json=played, headers=PROGRAM)
    assert response.json() == {"played": True}
    assert (await told(receiver, 3))[2] == "played"


async def test_a_plan_for_one_phone_holds_until_it_is_deleted(emulator: Emulator, receiver: Receiver) -> None:
    await plan(emulator, preset="not_on_whatsapp_131026", trigger={"kind": "always"}, to=GRACE)
    for _ in range(2):
        await emulator.say(GRACE, text("hello"))
    await emulator.say(PATRICK, text("hello"))
    await told(receiver, 4)
    await emulator.http.delete("/api/faults", headers=PROGRAM)
    await emulator.say(GRACE, text("hello"))
    assert [message["status"] for message in await emulator.chat(GRACE)] == ["failed", "failed", "delivered"]


@pytest.mark.parametrize(
    ("preset", "http_status", "code", "retry_after"),
    [
        ("rate_limit_429", 429, 4, "2"),
        ("throughput_130429", 400, 130429, None),
        ("pair_131056", 400, 131056, None),
        ("server_error_500", 500, 131000, None),
        ("spam_rate_131048", 400, 131048, None),
        ("account_locked_131031", 403, 131031, None),
        ("token_expired_190_463", 401, 190, None),
    ],
)
async def test_presets_refuse_as_meta_does(
    offline: Emulator, preset: str, http_status: int, code: int, retry_after: str | None
) -> None:
    await plan(offline, preset=preset, trigger={"kind": "next", "count": 2})
    message = {"messaging_product": "whatsapp", "to": GRACE, **text("hello")}
    for _ in range(2):
        response = await offline.graph(message)
        assert (response.status_code, response.json()["error"]["code"]) == (http_status, code)
        assert response.headers.get("retry-after") == retry_after
    assert (await offline.graph(message)).status_code == 200


async def test_other_calls_can_fail_too(offline: Emulator) -> None:
    await plan(offline, code=80007, target="media")
    for path, code in (("/v23.0/1", 100), ("/v23.0/100000000000001/media", 80007)):
        response = await offline.http.request(
            "GET" if code == 100 else "POST", path, headers={"Authorization": "Bearer graph-token"}
        )
        assert response.json()["error"]["code"] == code
    call = (await offline.http.get("/api/requests", params={"kind": "media_upload"})).json()["requests"][0]
    assert (call["error_code"], call["fault"]) == (80007, True)


@pytest.mark.parametrize(
    "fault",
    [
        {"preset": "earthquake"},
        {"trigger": {"kind": "sometimes"}},
        {"trigger": {"kind": "next", "count": 0}},
        {"statuses": [{"status": "lost"}]},
        {"statuses": [{"status": "sent", "after_seconds": -1}]},
    ],
)
async def test_a_senseless_plan_is_refused(offline: Emulator, fault: dict[str, Any]) -> None:
    response = await offline.http.post("/api/faults", json=fault, headers=PROGRAM)
    assert response.status_code == 422
    assert (await offline.http.get("/api/faults")).json() == {"left": 0}


class TestWebhookRules:
    async def test_each_can_come_several_times(self, emulator: Emulator, receiver: Receiver) -> None:
        await rule(emulator, times=3, count=1)
        await emulator.phone(GRACE, type="text", text="again")
        await emulator.phone(GRACE, type="text", text="once")
        await eventually(lambda: len(receiver.texts) == 4)
        assert sorted(receiver.texts) == ["again", "again", "again", "once"]
        assert len({raw for raw in receiver.raw if b"again" in raw}) == 1

    async def test_one_can_be_of_one_person_alone(self, emulator: Emulator, receiver: Receiver) -> None:
        await rule(emulator, times=2, count=1, phone=GRACE)
        await emulator.phone(PATRICK, type="text", text="once")
        await emulator.phone(GRACE, type="text", text="again")
        await eventually(lambda: len(receiver.texts) == 3)
        assert sorted(receiver.texts) == ["again", "again", "once"]

    async def test_some_can_be_lost(self, emulator: Emulator, receiver: Receiver) -> None:
        await rule(emulator, drop=True, only=["delivered"])
        await emulator.say(GRACE, text("hello"))
        await emulator.phone(GRACE, type="text", text="kept")
        await eventually(lambda: receiver.texts == ["kept"])
        assert [status["status"] for status in receiver.statuses] == ["sent"]

    async def test_several_can_come_in_one_post(self, emulator: Emulator, receiver: Receiver) -> None:
        await rule(emulator, gather=4, gather_seconds=60)
        await emulator.phone(GRACE, type="text", text="one")
        await emulator.phone(PATRICK, type="text", text="two")
        await emulator.say(GRACE, text("and two statuses"))
        await eventually(lambda: len(receiver.bodies) == 1)
        (value,) = receiver.values
        assert [message["text"]["body"] for message in value["messages"]] == ["one", "two"]
        assert [status["status"] for status in value["statuses"]] == ["sent", "delivered"]
        assert len(value["contacts"]) == 3  # as each told: with profile twice, without once
        await eventually(lambda: _taken(emulator, GRACE, PATRICK))

    async def test_they_can_come_the_last_one_first(self, emulator: Emulator, receiver: Receiver) -> None:
        await rule(emulator, gather=3, release="reversed", gather_seconds=60)
        for body in ("one", "two", "three"):
            await emulator.phone(GRACE, type="text", text=body)
        await eventually(lambda: len(receiver.texts) == 3)
        assert receiver.texts == ["three", "two", "one"]

    async def test_who_waits_for_company_in_vain_goes_alone(self, emulator: Emulator, receiver: Receiver) -> None:
        await rule(emulator, gather=3, gather_seconds=600)
        await emulator.phone(GRACE, type="text", text="alone")
        assert (await emulator.http.get("/api/webhooks")).json()["waiting"] == 1
        await emulator.http.post("/api/clock", json={"advance_seconds": 601}, headers=PROGRAM)
        await eventually(lambda: receiver.texts == ["alone"])

    async def test_a_late_one_holds_up_nobody(self, emulator: Emulator, receiver: Receiver) -> None:
        await rule(emulator, delay_seconds=600, count=1)
        for body in ("late", "early"):
            await emulator.phone(GRACE, type="text", text=body)
        await eventually(lambda: receiver.texts == ["early"])
        await emulator.http.post("/api/clock", json={"advance_seconds": 601}, headers=PROGRAM)
        await eventually(lambda: receiver.texts == ["early", "late"])

    async def test_they_need_not_wait_for_each_other(self, emulator: Emulator, receiver: Receiver) -> None:
        await rule(emulator, at_once=True)
        receiver.refuse_next = 1
        for body in ("one", "two", "three"):
            await emulator.phone(GRACE, type="text", text=body)
        await eventually(lambda: len(receiver.texts) == 3)
        await emulator.http.delete("/api/webhooks/rules", headers=PROGRAM)
        assert (await emulator.http.get("/api/webhooks/rules")).json() == {"rules": 0}


async def rule(emulator: Emulator, **options: Any) -> None:
    response = await emulator.http.post("/api/webhooks/rules", json=options, headers=PROGRAM)
    assert response.status_code == 200, response.text


async def _taken(emulator: Emulator, *people: str) -> bool:
    chats = [await emulator.chat(wa_id) for wa_id in people]
    return all(message["status"] == "delivered" for chat in chats for message in chat)
