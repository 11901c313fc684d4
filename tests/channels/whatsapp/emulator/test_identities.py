"""People without a number to see, who change theirs, block, want no offers; and humans at the business."""

import re
from typing import Any

import pytest

from tests.channels.whatsapp.emulator.world import (
    BEARER,
    GRACE,
    KIMIA,
    PROGRAM,
    Emulator,
    Receiver,
    eventually,
    text,
)

NEW = "242061112222"
USER_ID = re.compile(r"CG\.[0-9]+")


async def ask(emulator: Emulator, act: str, wa_id: str = GRACE, **body: Any) -> dict[str, Any]:
    response = await emulator.http.post(f"/api/phones/{wa_id}/{act}", json=body, headers=PROGRAM)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def hide(emulator: Emulator) -> str:
    """Grâce hides her number; returns her user id at Kimia."""
    answer = await ask(emulator, "identity", hides_number=True, username="grace.m")
    user_id: str = answer["user_ids"][KIMIA]
    assert USER_ID.fullmatch(user_id)
    return user_id


class TestHiddenNumber:
    async def test_nothing_the_business_is_told_holds_the_number(self, emulator: Emulator, receiver: Receiver) -> None:
        user_id = await hide(emulator)
        await emulator.phone(GRACE, type="text", text="Bonjour")
        await eventually(lambda: len(receiver.messages) == 1)
        answer = (await emulator.graph(to_user(user_id))).json()
        await eventually(lambda: len(receiver.statuses) == 2)
        (message,) = receiver.messages
        assert ("from" in message, message["from_user_id"]) == (False, user_id)
        contact = receiver.values[0]["contacts"][0]
        assert contact == {"profile": {"name": "Grâce Mabiala", "username": "grace.m"}, "user_id": user_id}
        assert answer["contacts"] == [{"input": user_id, "user_id": user_id}]
        assert {status["recipient_user_id"] for status in receiver.statuses} == {user_id}
        assert all(GRACE.encode() not in raw for raw in receiver.raw)

    async def test_a_send_by_user_id_reaches_the_chat(self, offline: Emulator) -> None:
        user_id = await hide(offline)
        assert (await offline.graph(to_user(user_id))).status_code == 200
        assert [message["text"] for message in await offline.chat(GRACE)] == ["Bonjour"]
        call = (await offline.http.get("/api/requests", params={"to": user_id})).json()["requests"]
        assert len(call) == 1

    async def test_somebody_elses_user_id_is_refused(self, offline: Emulator) -> None:
        assert (await offline.graph(to_user("CG.1"))).json()["error"]["code"] == 131009


class TestChanges:
    async def test_a_new_number_keeps_the_chat_and_is_told(self, emulator: Emulator, receiver: Receiver) -> None:
        await emulator.phone(GRACE, type="text", text="old number")
        before = await ask(emulator, "identity", hides_number=False)
        after = await ask(emulator, "change-number", phone="+242 06 111 22 22")
        await eventually(lambda: len(receiver.messages) == 2)  # each number's webhooks have an order of their own
        await emulator.phone(NEW, type="text", text="new number")
        await eventually(lambda: len(receiver.messages) == 3)
        system = receiver.messages[1]
        assert (system["type"], system["from"]) == ("system", GRACE)
        assert (system["system"]["type"], system["system"]["wa_id"]) == ("user_changed_number", NEW)
        assert "contacts" not in receiver.values[1]
        assert (receiver.messages[2]["from"], len(await emulator.chat(NEW))) == (NEW, 2)
        assert before["user_ids"][KIMIA] != after["user_ids"][KIMIA]

    async def test_a_number_somebody_has_cannot_be_taken(self, offline: Emulator) -> None:
        for phone in ("242055551234", "12"):
            response = await offline.http.post(
                f"/api/phones/{GRACE}/change-number", json={"phone": phone}, headers=PROGRAM
            )
            assert response.status_code == 422

    async def test_a_new_user_id_is_told_with_the_old_one(self, emulator: Emulator, receiver: Receiver) -> None:
        old = await hide(emulator)
        answer = await ask(emulator, "change-user-id")
        await eventually(lambda: len(receiver.messages) == 1)
        new = answer["user_ids"][KIMIA]
        system = receiver.messages[0]["system"]
        assert (system["type"], system["previous_user_id"], system["user_id"]) == ("user_changed_user_id", old, new)
        assert (await emulator.graph(to_user(new))).status_code == 200
        assert (await emulator.graph(to_user(old))).status_code == 400


async def test_to_one_who_blocks_the_business_nothing_is_delivered(offline: Emulator) -> None:
    await ask(offline, "block", phone_number_id=KIMIA)
    await offline.say(GRACE, text("not seen"))
    await ask(offline, "block", phone_number_id=KIMIA, blocked=False)
    await offline.say(GRACE, text("seen"))
    assert [message["status"] for message in await offline.chat(GRACE)] == ["sent", "delivered"]


async def test_who_wants_no_offers_gets_none_until_they_do(emulator: Emulator, receiver: Receiver) -> None:
    offer = {"type": "template", "template": {"name": "offer", "language": {"code": "fr"}}}
    for wish in ("stop", "resume"):
        await ask(emulator, "marketing", phone_number_id=KIMIA, wish=wish)
        await _approve_offer(emulator)
        await emulator.say(GRACE, offer)
    await eventually(lambda: len(receiver.statuses) == 3 and len(receiver.changes) == 6)
    told = [change["value"] for change in receiver.changes if change["field"] == "user_preferences"]
    assert [value["user_preferences"][0]["value"] for value in told] == ["stop", "resume"]
    assert isinstance(told[0]["user_preferences"][0]["timestamp"], int)
    assert told[0]["contacts"][0]["wa_id"] == GRACE
    failed, sent, _ = receiver.statuses
    assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131050)
    assert (sent["pricing"]["category"], sent["pricing"]["billable"]) == ("marketing", True)


async def test_what_a_human_at_the_business_writes_is_echoed(emulator: Emulator, receiver: Receiver) -> None:
    await ask(emulator, "echo", phone_number_id=KIMIA, text="C'est Paul, je m'en occupe.")
    await eventually(lambda: len(receiver.changes) == 1)
    (change,) = receiver.changes
    (item,) = change["value"]["message_echoes"]
    assert (change["field"], item["from"], item["to"]) == ("smb_message_echoes", "242065000001", GRACE)
    assert item["text"]["body"] == "C'est Paul, je m'en occupe."
    assert [message["from"] for message in await emulator.chat(GRACE)] == ["business"]


@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("block", {"phone_number_id": "5"}, 404),
        ("play", {"phone_number_id": KIMIA, "wamid": "wamid.x"}, 404),
        ("marketing", {"phone_number_id": KIMIA, "wish": "more"}, 422),
        ("identity", {"hides_number": True, "username": "x"}, 422),
        ("echo", {"phone_number_id": KIMIA, "text": ""}, 422),
    ],
)
async def test_what_cannot_be_done_is_an_error(offline: Emulator, act: str, body: dict[str, Any], status: int) -> None:
    response = await offline.http.post(f"/api/phones/{GRACE}/{act}", json=body, headers=PROGRAM)
    assert response.status_code == status
    nobody = await offline.http.post(f"/api/phones/{NEW}/change-user-id", headers=PROGRAM)
    assert nobody.status_code == 404


def to_user(user_id: str) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "recipient": user_id, **text("Bonjour")}


async def _approve_offer(emulator: Emulator) -> None:
    numbers = (await emulator.http.get("/api/numbers")).json()["numbers"]
    account = next(number["waba_id"] for number in numbers if number["phone_number_id"] == KIMIA)
    await emulator.http.post("/api/policy", json={"template_approval": "at_once"}, headers=PROGRAM)
    words = [{"type": "BODY", "text": "Nos paniers de la semaine sont là."}]
    document = {"name": "offer", "language": "fr", "category": "MARKETING", "components": words}
    await emulator.http.post(f"/v23.0/{account}/message_templates", json=document, headers=BEARER)
