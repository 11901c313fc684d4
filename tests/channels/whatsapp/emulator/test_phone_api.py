"""The API for tests: what a phone can and cannot do."""

import base64
from typing import Any

import pytest

from tests.channels.whatsapp.emulator.world import GRACE, JASMIN, KIMIA, PROGRAM, Emulator, buttons, listing, text


async def _try(offline: Emulator, wa_id: str = GRACE, **command: Any) -> tuple[int, Any]:
    body = {"phone_number_id": KIMIA, **command}
    response = await offline.http.post(f"/api/phones/{wa_id}/send", json=body, headers=PROGRAM)
    return response.status_code, response.json()


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ({"type": "text", "text": "  "}, 422),
        ({"type": "text", "text": "x" * 4097}, 422),
        ({"type": "text"}, 422),
        ({"type": "text", "text": "a", "txet": "b"}, 422),
        ({"type": "dance"}, 422),
        ({"type": "text", "text": "a", "phone_number_id": "999"}, 404),
        ({"type": "button", "title": "Nowhere"}, 422),
        ({"type": "button"}, 422),
        ({"type": "button", "title": "A", "id": "id-A"}, 422),
        ({"type": "list", "title": "A"}, 422),
        ({"type": "location", "latitude": 91, "longitude": 0}, 422),
        ({"type": "image", "data_base64": base64.b64encode(b"<svg onload=alert(1)>").decode()}, 422),
        ({"type": "image", "data_base64": base64.b64encode(b"OggS").decode()}, 422),
        ({"type": "image", "data_base64": base64.b64encode(b"\xff\xd8\xff" + bytes(5 * 2**20)).decode()}, 422),
    ],
)
async def test_what_a_phone_would_not_do_is_an_error_and_nothing_is_sent(
    offline: Emulator, command: dict[str, Any], status: int
) -> None:
    await offline.say(GRACE, buttons("A"))
    code, answer = await _try(offline, **command)
    assert code == status
    assert answer["detail"]
    assert len(await offline.chat(GRACE)) == 1


async def test_a_wrong_number_is_no_phone(offline: Emulator) -> None:
    assert (await _try(offline, "12", type="text", text="a"))[0] == 422


async def test_a_new_phone_appears_with_its_name(offline: Emulator) -> None:
    await offline.phone("+242 06 999 99 99", type="text", text="hi", name="Marie")
    phones = (await offline.http.get("/api/phones")).json()
    assert {"wa_id": "242069999999", "name": "Marie", "phone_number_id": KIMIA} in phones


async def test_a_phone_can_be_added_and_has_one_chat_per_business(offline: Emulator) -> None:
    for number in (KIMIA, JASMIN):
        body = {"phone": "+242 06 999 99 99", "phone_number_id": number, "name": "Marie"}
        assert (await offline.http.post("/api/phones", json=body, headers=PROGRAM)).status_code == 200
    await offline.phone("242069999999", KIMIA, type="text", text="only Kimia")
    assert await offline.chat("242069999999", JASMIN) == []


async def test_the_latest_message_that_offers_a_button_is_tapped_unless_one_is_named(offline: Emulator) -> None:
    first = await offline.say(GRACE, buttons("Yes"))
    second = await offline.say(GRACE, buttons("Yes"))
    await offline.phone(GRACE, type="button", title="Yes")
    await offline.phone(GRACE, type="button", id="id-Yes", wamid=first)
    assert [message["context_wamid"] for message in await offline.chat(GRACE)][2:] == [second, first]


async def test_the_chat_tells_everything_about_a_message(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, listing("One"), biz_opaque_callback_data="m-1")
    (message,) = await offline.chat(GRACE)
    assert (message["wamid"], message["from"], message["type"]) == (wamid, "business", "interactive")
    assert message["text"] == "Your deliveries"
    assert message["payload"] == listing("One")
    assert message["choices"] == [{"id": "row-One", "title": "One"}]
    assert (message["status"], message["biz_opaque_callback_data"]) == ("delivered", "m-1")
    assert [status["status"] for status in message["statuses"]] == ["sent", "delivered"]


async def test_only_what_is_new_can_be_asked_for(offline: Emulator) -> None:
    await offline.say(GRACE, text("old"))
    (old,) = await offline.chat(GRACE)
    await offline.say(GRACE, text("new"))
    response = await offline.http.get(
        f"/api/phones/{GRACE}/messages", params={"phone_number_id": KIMIA, "after": old["id"]}
    )
    assert [message["text"] for message in response.json()["messages"]] == ["new"]


async def test_a_chat_that_does_not_exist_is_not_found(offline: Emulator) -> None:
    for path in (f"/api/phones/{GRACE}/messages?phone_number_id={JASMIN}", "/messages/1", "/media/1"):
        assert (await offline.http.get(path)).status_code == 404


async def test_one_can_quote_a_message(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, text("Which one?"))
    await offline.phone(GRACE, type="text", text="this", reply_to=wamid)
    assert (await offline.chat(GRACE))[-1]["context_wamid"] == wamid


async def test_a_photo_is_kept_and_shown_in_whole_or_in_part(offline: Emulator) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
    sent = await offline.phone(GRACE, type="image", data_base64=base64.b64encode(picture).decode())
    path = f"/media/{sent['payload']['image']['id']}"
    whole = await offline.http.get(path)
    assert (whole.content, whole.headers["content-type"]) == (picture, "image/png")
    part = await offline.http.get(path, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, picture[4:8])
    assert part.headers["content-range"] == f"bytes 4-7/{len(picture)}"
