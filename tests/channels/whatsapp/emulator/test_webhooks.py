"""What the emulator posts to a business's server: Meta's shapes, signed, in order, and never lost."""

from pathlib import Path
from typing import Any

import pytest

from channels.whatsapp.emulator.envelope import signature
from channels.whatsapp.emulator.serving import listen
from tests.channels.whatsapp.emulator.world import (
    GRACE,
    JASMIN,
    KIMIA,
    PATRICK,
    SAMI,
    Emulator,
    Receiver,
    buttons,
    emulating,
    eventually,
    listing,
    receiving,
    settings_in,
    text,
)


def test_signs_as_meta_does() -> None:
    known = "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914"
    assert signature("secret", b"test") == f"sha256={known}"


async def test_a_text_arrives_in_metas_envelope(emulator: Emulator, receiver: Receiver) -> None:
    sent = await emulator.phone(GRACE, type="text", text="Où est mon colis ? 📦")
    await eventually(lambda: len(receiver.messages) == 1)
    (value,) = receiver.values
    assert value["messaging_product"] == "whatsapp"
    assert value["metadata"] == {"display_phone_number": "242065000001", "phone_number_id": KIMIA}
    (contact,) = value["contacts"]
    assert (contact["wa_id"], contact["profile"]["name"]) == (GRACE, "Grâce Mabiala")
    assert contact["user_id"].startswith("CG.")
    (message,) = value["messages"]
    assert message["text"] == {"body": "Où est mon colis ? 📦"}
    assert (message["from"], message["id"], message["type"]) == (GRACE, sent["wamid"], "text")
    assert message["timestamp"].isdigit()
    assert receiver.forged == 0


async def test_the_signed_bytes_are_ascii_with_escapes_like_metas(emulator: Emulator, receiver: Receiver) -> None:
    await emulator.phone(GRACE, type="text", text="café 🚚")
    await eventually(lambda: len(receiver.raw) == 1)
    assert rb"caf\u00e9 \ud83d\ude9a" in receiver.raw[0]
    assert receiver.raw[0].isascii()


async def test_statuses_follow_a_message(emulator: Emulator, receiver: Receiver) -> None:
    wamid = await emulator.say(GRACE, text("hi"), biz_opaque_callback_data="mission:42")
    await emulator.http.post(f"/api/phones/{GRACE}/read", json={"phone_number_id": KIMIA}, headers={"X-Emulator": "1"})
    await eventually(lambda: len(receiver.statuses) == 3)
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered", "read"]
    assert {status["id"] for status in receiver.statuses} == {wamid}
    assert {status["biz_opaque_callback_data"] for status in receiver.statuses} == {"mission:42"}
    assert {status["recipient_id"] for status in receiver.statuses} == {GRACE}
    sent, delivered, _ = receiver.statuses
    assert sent["pricing"]["pricing_model"] == "PMP"
    assert "pricing" not in delivered
    assert all("profile" not in contact for value in receiver.values for contact in value["contacts"])


async def test_reading_twice_tells_once(emulator: Emulator, receiver: Receiver) -> None:
    await emulator.say(GRACE, text("hi"))
    looks = [
        await emulator.http.post(
            f"/api/phones/{GRACE}/read", json={"phone_number_id": KIMIA}, headers={"X-Emulator": "1"}
        )
        for _ in range(2)
    ]
    assert [look.json() for look in looks] == [{"read": 1}, {"read": 0}]


async def test_a_tapped_button_arrives_with_what_it_answers(emulator: Emulator, receiver: Receiver) -> None:
    wamid = await emulator.say(GRACE, buttons("Track", "Order"))
    await emulator.phone(GRACE, type="button", title="Order")
    await eventually(lambda: len(receiver.messages) == 1)
    (message,) = receiver.messages
    reply = {"id": "id-Order", "title": "Order"}
    assert message["interactive"] == {"type": "button_reply", "button_reply": reply}
    assert message["context"] == {"from": "242065000001", "id": wamid}


async def test_a_chosen_row_arrives_with_its_description(emulator: Emulator, receiver: Receiver) -> None:
    await emulator.say(GRACE, listing("One", "Two"))
    await emulator.phone(GRACE, type="list", id="row-Two")
    await eventually(lambda: len(receiver.messages) == 1)
    reply = {"id": "row-Two", "title": "Two", "description": "About Two"}
    assert receiver.messages[0]["interactive"] == {"type": "list_reply", "list_reply": reply}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            {"type": "location", "latitude": -4.28, "longitude": 15.25, "place": "Marché", "address": "Bacongo"},
            {"latitude": -4.28, "longitude": 15.25, "name": "Marché", "address": "Bacongo"},
        ),
        ({"type": "location", "latitude": 0, "longitude": 0}, {"latitude": 0, "longitude": 0}),
        ({"type": "image", "caption": "this one?"}, {"caption": "this one?", "mime_type": "image/jpeg"}),
        ({"type": "audio"}, {"mime_type": "audio/ogg; codecs=opus", "voice": True}),
    ],
)
async def test_places_photos_and_voice_notes_arrive(
    emulator: Emulator, receiver: Receiver, command: dict[str, Any], expected: dict[str, Any]
) -> None:
    await emulator.phone(GRACE, **command)
    await eventually(lambda: len(receiver.messages) == 1)
    content = receiver.messages[0][command["type"]]
    assert content | expected == content
    if command["type"] != "location":
        assert content["id"].isdigit()
        assert len(content["sha256"]) == 44


async def test_each_business_hears_only_its_own(emulator: Emulator, receiver: Receiver) -> None:
    await emulator.phone(GRACE, type="text", text="to Kimia")
    await emulator.phone(SAMI, JASMIN, type="text", text="to Jasmin")
    await eventually(lambda: len(receiver.messages) == 2)
    told = {value["metadata"]["phone_number_id"]: value["messages"][0]["text"]["body"] for value in receiver.values}
    assert told == {KIMIA: "to Kimia", JASMIN: "to Jasmin"}
    ids = {contact["user_id"] for value in receiver.values for contact in value["contacts"]}
    assert len(ids) == 2


async def test_what_was_typed_while_the_server_was_down_arrives_in_order_when_it_is_back(tmp_path: Path) -> None:
    port = _free_port()
    receiver = Receiver()
    async with emulating(settings_in(tmp_path, f"http://127.0.0.1:{port}/webhook")) as emulator:
        for body in ("one", "two", "three"):
            await emulator.phone(GRACE, type="text", text=body)
        await eventually(lambda: _tried(emulator, 1))
        assert [message["status"] for message in await emulator.chat(GRACE)] == ["accepted"] * 3
        async with receiving(receiver, port):
            await eventually(lambda: len(receiver.messages) == 3)
            await eventually(lambda: _all_delivered(emulator))
    assert receiver.texts == ["one", "two", "three"]


async def test_what_was_typed_survives_a_restart_of_the_emulator(tmp_path: Path) -> None:
    port = _free_port()
    settings = settings_in(tmp_path, f"http://127.0.0.1:{port}/webhook")
    async with emulating(settings) as emulator:
        await emulator.phone(GRACE, type="text", text="before")
    receiver = Receiver()
    async with receiving(receiver, port), emulating(settings) as emulator:
        await emulator.phone(GRACE, type="text", text="after")
        await eventually(lambda: len(receiver.messages) == 2)
        assert [message["text"] for message in await emulator.chat(GRACE)] == ["before", "after"]
    assert receiver.texts == ["before", "after"]


async def test_a_refused_webhook_is_tried_again_and_keeps_its_place(emulator: Emulator, receiver: Receiver) -> None:
    receiver.refuse_next = 2
    for body in ("one", "two"):
        await emulator.phone(GRACE, type="text", text=body)
    await eventually(lambda: len(receiver.messages) == 2)
    assert receiver.texts == ["one", "two"]
    first = (await _webhooks(emulator))[0]
    assert (first["tries"], first["refusals"]) == (3, 2)


async def test_one_persons_trouble_does_not_hold_up_another(emulator: Emulator, receiver: Receiver) -> None:
    receiver.refuse_next = 1
    await emulator.phone(GRACE, type="text", text="refused at first")
    await eventually(lambda: receiver.refuse_next == 0)
    await emulator.phone(PATRICK, type="text", text="at once")
    await eventually(lambda: len(receiver.messages) == 2)
    assert receiver.texts[0] == "at once"


async def test_the_log_tells_what_became_of_each_webhook(emulator: Emulator, receiver: Receiver) -> None:
    await emulator.phone(GRACE, type="text", text="hello")
    await eventually(lambda: _all_delivered(emulator))
    (webhook,) = await _webhooks(emulator)
    assert (webhook["about"], webhook["http_status"], webhook["tries"]) == ("text", 200, 1)
    assert webhook["milliseconds"] > 0
    assert webhook["problem"] is None
    assert webhook["body"] == receiver.raw[0].decode()


async def test_the_server_is_asked_to_prove_itself(emulator: Emulator, receiver: Receiver) -> None:
    await eventually(lambda: receiver.handshakes == 1)


@pytest.mark.parametrize(("signed", "taken"), [("right", True), ("wrong", False), ("not", False)])
async def test_any_bytes_can_be_posted_raw(emulator: Emulator, receiver: Receiver, signed: str, taken: bool) -> None:
    body = b'{"object": "whatsapp_business_account",\n "entry": []}'
    response = await emulator.http.post(
        "/api/webhooks/raw", params={"signed": signed}, content=body, headers={"X-Emulator": "1"}
    )
    assert (response.json()["http_status"], receiver.raw) == ((200, [body]) if taken else (401, []))
    assert (await _webhooks(emulator))[-1]["about"] == "raw"


async def _webhooks(emulator: Emulator) -> list[dict[str, Any]]:
    webhooks: list[dict[str, Any]] = (await emulator.http.get("/api/webhooks")).json()["webhooks"]
    return webhooks


async def _tried(emulator: Emulator, times: int) -> bool:
    return any(webhook["tries"] >= times for webhook in await _webhooks(emulator))


async def _all_delivered(emulator: Emulator) -> bool:
    return all(message["status"] == "delivered" for message in await emulator.chat(GRACE))


def _free_port() -> int:
    listener = listen(0)
    port: int = listener.getsockname()[1]
    listener.close()
    return port
