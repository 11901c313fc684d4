"""The emulated Graph API takes what Meta takes, and refuses the rest in Meta's words."""

import base64
from typing import Any

import httpx
import pytest

from tests.channels.whatsapp.emulator.world import (
    BEARER,
    GRACE,
    JASMIN,
    KIMIA,
    Emulator,
    buttons,
    eventually,
    listing,
    text,
)

ENVELOPE = {"messaging_product": "whatsapp", "to": GRACE}
IMAGE = {"link": "http://127.0.0.1:8090/photos/1.jpg"}
CARD = {"name": {"formatted_name": "Jean Malonga", "first_name": "Jean"}, "phones": [{"phone": "+242069876543"}]}


def interactive(**parts: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": parts}


def header(**parts: Any) -> dict[str, Any]:
    return buttons("A", header=parts)


def rows(*sections: list[dict[str, str]], titles: bool = True) -> dict[str, Any]:
    built = [
        {**({"title": f"Part {index}"} if titles else {}), "rows": section} for index, section in enumerate(sections)
    ]
    action = {"button": "Choose", "sections": built}
    return interactive(type="list", body={"text": "Which?"}, action=action)


def row(name: str, **parts: str) -> dict[str, str]:
    return {"id": name, "title": name, **parts}


def reply(**parts: str) -> dict[str, Any]:
    action = {"buttons": [{"type": "reply", "reply": parts}]}
    return interactive(type="button", body={"text": "?"}, action=action)


def place(**parts: Any) -> dict[str, Any]:
    return {"type": "location", "location": parts}


GOOD = {
    "text": text("Bonjour"),
    "text of 4096": text("x" * 4096),
    "no type means text": {"text": {"body": "Bonjour"}},
    "text with preview": {"type": "text", "text": {"body": "https://a.example", "preview_url": True}},
    "image": {"type": "image", "image": {**IMAGE, "caption": "c" * 1024}},
    "three buttons": buttons("A", "B", "C"),
    "text header and footer": buttons("A", header={"type": "text", "text": "h" * 60}, footer={"text": "f" * 60}),
    "image header": header(type="image", image=IMAGE),
    "ten rows": rows([row(f"r{index}") for index in range(10)]),
    "untitled single section": rows([row("r")], titles=False),
    "longest row": rows([row("r", id="i" * 200, title="t" * 24, description="d" * 72)]),
    "longest button": reply(id="i" * 256, title="t" * 20),
    "card": {"type": "contacts", "contacts": [CARD]},
    "place": place(latitude=-4.27, longitude=15.28, name="Here", address="There"),
    "place as text": place(latitude="-4.27", longitude="15.28"),
    "quoted": {**text("Yes"), "context": {"message_id": "wamid.x"}},
    "to with plus": {**text("Yes"), "to": "+242 06 123 45 67"},
}

BAD: dict[str, tuple[dict[str, Any], int]] = {
    "no product": ({**text("a"), "messaging_product": None}, 100),
    "other product": ({**text("a"), "messaging_product": "sms"}, 131009),
    "no recipient": ({**text("a"), "to": None}, 100),
    "recipient is no number": ({**text("a"), "to": "grace"}, 131009),
    "recipient too short": ({**text("a"), "to": "12345"}, 131009),
    "recipient as a number": ({**text("a"), "to": 242061234567}, 100),
    "recipient is the sender": ({**text("a"), "to": "242065000001"}, 131021),
    "group": ({**text("a"), "recipient_type": "group"}, 131009),
    "unknown type": ({"type": "telegram", "telegram": {}}, 100),
    "content missing": ({"type": "text"}, 131008),
    "content of another type": ({**text("a"), "image": IMAGE}, 100),
    "content not an object": ({"type": "text", "text": "a"}, 100),
    "unknown key": ({"type": "text", "text": {"body": "a", "bold": True}}, 100),
    "empty text": (text(""), 131009),
    "blank text": (text(" \n"), 131009),
    "text of 4097": (text("x" * 4097), 131009),
    "emoji count twice": (text("🚚" * 2049), 131009),
    "text is a number": ({"type": "text", "text": {"body": 5}}, 100),
    "preview is a word": ({"type": "text", "text": {"body": "a", "preview_url": "yes"}}, 100),
    "image without link": ({"type": "image", "image": {}}, 131008),
    "image nobody uploaded": ({"type": "image", "image": {"id": "1"}}, 100),
    "header nobody uploaded": (header(type="video", video={"id": "1"}), 100),
    "image from a file": ({"type": "image", "image": {"link": "file:///etc/passwd"}}, 131009),
    "script as image": ({"type": "image", "image": {"link": "javascript:alert(1)"}}, 131009),
    "long caption": ({"type": "image", "image": {**IMAGE, "caption": "c" * 1025}}, 131009),
    "interactive without type": (interactive(body={"text": "?"}), 131008),
    "unknown interactive": (interactive(type="menu"), 131009),
    "interactive not spoken here": (interactive(type="order_details"), 131051),
    "no body": (interactive(type="button", action={"buttons": []}), 131008),
    "long body": (buttons("A", body="b" * 1025), 131009),
    "no buttons": (buttons(), 131009),
    "four buttons": (buttons("A", "B", "C", "D"), 131009),
    "same title twice": (buttons("A", "A"), 131009),
    "long title": (reply(id="i", title="t" * 21), 131009),
    "space around a title": (reply(id="i", title=" Yes"), 131009),
    "long id": (reply(id="i" * 257, title="t"), 131009),
    "no id": (reply(title="t"), 131008),
    "long header": (header(type="text", text="h" * 61), 131009),
    "header of a kind for templates only": (header(type="gif", gif=IMAGE), 131009),
    "caption in a header": (header(type="image", image={**IMAGE, "caption": "c"}), 100),
    "header of a list is an image": (
        interactive(**rows([row("r")])["interactive"], header={"type": "image", "image": IMAGE}),
        131009,
    ),
    "long footer": (buttons("A", footer={"text": "f" * 61}), 131009),
    "eleven rows": (rows([row(f"a{index}") for index in range(6)], [row(f"b{index}") for index in range(5)]), 131009),
    "no rows": (rows([]), 131009),
    "two sections, no titles": (rows([row("a")], [row("b")], titles=False), 131009),
    "same row id twice": (rows([row("a"), row("a")]), 131009),
    "long row title": (rows([row("a", title="t" * 25)]), 131009),
    "long description": (rows([row("a", description="d" * 73)]), 131009),
    "long row id": (rows([row("a", id="i" * 201)]), 131009),
    "long list button": (listing("A", button="b" * 21), 131009),
    "no cards": ({"type": "contacts", "contacts": []}, 131009),
    "card without name": ({"type": "contacts", "contacts": [{"phones": CARD["phones"]}]}, 131008),
    "card with formatted name only": ({"type": "contacts", "contacts": [{"name": {"formatted_name": "J"}}]}, 131008),
    "nowhere": (place(latitude=1), 131008),
    "off the globe": (place(latitude=91, longitude=0), 131009),
    "not a coordinate": (place(latitude="north", longitude=0), 100),
    "long callback data": ({**text("a"), "biz_opaque_callback_data": "d" * 513}, 131009),
    "user id of nobody": ({**text("a"), "to": None, "recipient": "CG.123"}, 131009),
    "no user id": ({**text("a"), "to": None, "recipient": "cg/123"}, 131009),
}


async def test_takes_what_meta_takes(offline: Emulator) -> None:
    answers = [await offline.graph({**ENVELOPE, **message}) for message in GOOD.values()]
    assert [answer.text for answer in answers if answer.status_code != 200] == []
    assert {answer.json()["contacts"][0]["wa_id"] for answer in answers} == {GRACE}
    wamids = [answer.json()["messages"][0]["id"] for answer in answers]
    assert [message["wamid"] for message in await offline.chat(GRACE)] == wamids


async def test_refuses_what_meta_refuses_and_shows_nothing(offline: Emulator) -> None:
    answers = {name: await offline.graph({**ENVELOPE, **message}) for name, (message, _) in BAD.items()}
    errors = {name: answer.json()["error"] for name, answer in answers.items()}
    assert {name: error["code"] for name, error in errors.items()} == {name: code for name, (_, code) in BAD.items()}
    assert {answer.status_code for answer in answers.values()} == {400}
    assert {error["type"] for error in errors.values()} == {"OAuthException"}
    assert all(error["fbtrace_id"] for error in errors.values())
    assert await offline.chat(GRACE) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b'{"to": NaN}', b'{"to": "\\ud83d"}', b"[" * 100_000])
async def test_a_body_that_is_no_json_object_is_refused(offline: Emulator, body: bytes) -> None:
    response = await offline.http.post(f"/v23.0/{KIMIA}/messages", content=body, headers=BEARER)
    assert (response.status_code, response.json()["error"]["code"]) == (400, 100)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer other"}, {"Authorization": "graph-token"}])
async def test_a_wrong_token_is_refused(offline: Emulator, headers: dict[str, str]) -> None:
    response = await offline.http.post(f"/v23.0/{KIMIA}/messages", json={**ENVELOPE, **text("a")}, headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (401, 190)


async def test_a_number_that_is_not_ours_does_not_exist(offline: Emulator) -> None:
    error = (await offline.graph({**ENVELOPE, **text("a")}, number="999")).json()["error"]
    assert (error["code"], error["error_subcode"]) == (100, 33)


async def test_a_version_must_look_like_one(offline: Emulator) -> None:
    response = await offline.http.post(f"/version/{KIMIA}/messages", json={}, headers=BEARER)
    assert response.json()["error"]["code"] == 2500


async def test_a_message_id_holds_the_number_like_metas(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, text("a"))
    record = base64.b64decode(wamid.removeprefix("wamid."))
    assert record.startswith(b"\x1c\x18\x0c" + GRACE.encode() + b"\x15\x02\x00\x11\x18")


async def test_a_read_mark_makes_all_earlier_messages_blue_and_typing_ends_with_the_answer(offline: Emulator) -> None:
    await offline.phone(GRACE, type="text", text="one")
    second = await offline.phone(GRACE, type="text", text="two")
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": second["wamid"]}
    response = await offline.graph({**mark, "typing_indicator": {"type": "text"}})
    assert response.json() == {"success": True}
    assert [message["status"] for message in await offline.chat(GRACE)] == ["read", "read"]
    assert await _typing(offline)
    await offline.say(GRACE, text("answer"))
    assert not await _typing(offline)


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ({"message_id": "wamid.nobody"}, 131009),
        ({}, 131008),
        ({"message_id": "wamid.x", "status": "delivered"}, 131009),
        ({"message_id": "wamid.x", "typing_indicator": {"type": "audio"}}, 131009),
    ],
)
async def test_a_bad_read_mark_is_refused(offline: Emulator, mark: dict[str, Any], code: int) -> None:
    response = await offline.graph({"messaging_product": "whatsapp", "status": "read", **mark})
    assert response.json()["error"]["code"] == code


async def test_another_businesss_message_cannot_be_marked_read(offline: Emulator) -> None:
    sent = await offline.phone(GRACE, type="text", text="for Kimia")
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": sent["wamid"]}
    assert (await offline.graph(mark, number=JASMIN)).status_code == 400


async def test_every_call_is_in_the_request_log_without_the_token(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, text("kept"), biz_opaque_callback_data="m-1")
    await offline.graph({**ENVELOPE, **text("")})
    response = await offline.http.get("/api/requests")
    good, bad = response.json()["requests"]
    assert (good["kind"], good["to"], good["wamid"], good["http_status"]) == ("text", GRACE, wamid, 200)
    assert good["payload"]["biz_opaque_callback_data"] == "m-1"
    assert (bad["http_status"], bad["error_code"]) == (400, 131009)
    assert "graph-token" not in response.text
    later = await offline.http.get("/api/requests", params={"after": good["id"]})
    assert [entry["id"] for entry in later.json()["requests"]] == [bad["id"]]


class TestFaults:
    async def test_the_next_calls_fail_as_planned_and_then_work_again(self, offline: Emulator) -> None:
        await _plan(offline, count=2, code=131056)
        codes = [(await offline.graph({**ENVELOPE, **text("a")})).status_code for _ in range(3)]
        assert codes == [400, 400, 200]
        assert len(await offline.chat(GRACE)) == 1

    async def test_status_code_and_retry_after_can_be_chosen(self, offline: Emulator) -> None:
        await _plan(offline, http_status=503, code=131016, retry_after_seconds=7)
        response = await offline.graph({**ENVELOPE, **text("a")})
        assert (response.status_code, response.headers["retry-after"]) == (503, "7")
        assert response.json()["error"]["code"] == 131016

    async def test_read_marks_use_up_no_fault_meant_for_messages(self, offline: Emulator) -> None:
        await _plan(offline, code=131000)
        sent = await offline.phone(GRACE, type="text", text="hello")
        mark = {"messaging_product": "whatsapp", "status": "read", "message_id": sent["wamid"]}
        assert (await offline.graph(mark)).status_code == 200
        assert (await offline.graph({**ENVELOPE, **text("a")})).status_code == 500

    async def test_only_calls_to_one_person_may_fail(self, offline: Emulator) -> None:
        await _plan(offline, code=131000, to=GRACE)
        assert (await offline.graph({**ENVELOPE, **text("a"), "to": "242055551234"})).status_code == 200
        assert (await offline.graph({**ENVELOPE, **text("a")})).status_code == 500

    async def test_an_answer_can_be_lost_after_the_message_was_taken(self, served: Emulator) -> None:
        await _plan(served, lose_answer=True)
        with pytest.raises(httpx.ReadTimeout):
            await served.graph({**ENVELOPE, **text("taken")}, timeout=0.3)
        assert [message["text"] for message in await served.chat(GRACE)] == ["taken"]
        (request,) = (await served.http.get("/api/requests")).json()["requests"]
        assert (request["http_status"], request["fault"]) == (None, True)

    async def test_receipts_can_be_kept_back(self, emulator: Emulator, receiver: Any) -> None:
        await _plan(emulator, receipts=False)
        await emulator.say(GRACE, text("quiet"))
        loud = await emulator.say(GRACE, text("loud"))
        await eventually(lambda: len(receiver.statuses) == 2)
        assert {status["id"] for status in receiver.statuses} == {loud}

    async def test_a_delay_is_kept(self, emulator: Emulator) -> None:
        await _plan(emulator, delay_seconds=0.3)
        response = await emulator.graph({**ENVELOPE, **text("late")})
        assert response.elapsed.total_seconds() >= 0.3

    async def test_plans_can_be_counted_and_forgotten(self, offline: Emulator) -> None:
        await _plan(offline, count=5, code=4)
        assert (await offline.http.get("/api/faults")).json() == {"left": 5}
        await offline.http.delete("/api/faults", headers={"X-Emulator": "1"})
        assert (await offline.graph({**ENVELOPE, **text("a")})).status_code == 200


async def _plan(offline: Emulator, **fault: Any) -> None:
    response = await offline.http.post("/api/faults", json=fault, headers={"X-Emulator": "1"})
    assert response.status_code == 200, response.text


async def _typing(offline: Emulator) -> bool:
    response = await offline.http.get(f"/api/phones/{GRACE}/messages", params={"phone_number_id": KIMIA})
    return bool(response.json()["typing"])
