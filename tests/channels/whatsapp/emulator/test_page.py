"""The phone page as HTML: everything is there without script, and no word on it can do harm."""

import re
from html import escape
from typing import Any

import pytest

from channels.whatsapp.emulator.labels import LOCALES, labels_for, locale_of
from tests.channels.whatsapp.emulator.world import GRACE, JASMIN, KIMIA, SAMI, Emulator, buttons, listing, text

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
SHORT_EVIL = "<b onload=x>'\""
CHAT = f"{KIMIA}-{GRACE}"


async def _page(offline: Emulator, *keys: str, language: str = "en") -> str:
    response = await offline.http.get("/", params={"open": keys}, headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize(
    "message",
    [
        text(EVIL),
        {"type": "image", "image": {"link": 'http://127.0.0.1/"onerror="alert(1)', "caption": EVIL}},
        buttons(SHORT_EVIL, body=EVIL, header={"type": "text", "text": EVIL[:60]}, footer={"text": EVIL[:60]}),
        listing(SHORT_EVIL, body=EVIL, button=SHORT_EVIL),
        {
            "type": "contacts",
            "contacts": [
                {
                    "name": {"formatted_name": EVIL, "first_name": EVIL},
                    "phones": [{"phone": EVIL, "wa_id": "2420"}],
                    "org": {"company": EVIL},
                }
            ],
        },
        {"type": "location", "location": {"latitude": 1, "longitude": 1, "name": EVIL, "address": EVIL}},
    ],
    ids=["text", "image", "buttons", "list", "card", "place"],
)
async def test_what_a_business_sends_is_text_and_nothing_else(offline: Emulator, message: dict[str, Any]) -> None:
    await offline.say(GRACE, message)
    for page in (await _page(offline, CHAT), await _wire(offline)):
        _is_harmless(page)


async def test_what_a_person_writes_and_is_called_is_text_and_nothing_else(offline: Emulator) -> None:
    await offline.phone(GRACE, type="text", text=EVIL, name=EVIL)
    await offline.phone(GRACE, type="image", caption=EVIL)
    await offline.phone(GRACE, type="location", latitude=1, longitude=1, place=EVIL, address=EVIL)
    await offline.say(GRACE, buttons(SHORT_EVIL))
    await offline.phone(GRACE, type="button", title=SHORT_EVIL)
    page = await _page(offline, CHAT)
    _is_harmless(page)
    assert escape(EVIL[:25]) in page.replace("&#34;", "&quot;")


async def test_a_wrong_number_typed_is_told_and_shown_escaped(offline: Emulator) -> None:
    form = {"number": EVIL, "phone_number_id": KIMIA, "name": ""}
    response = await offline.http.post("/phones", data=form, headers={"Origin": offline.address})
    assert response.status_code == 422
    assert labels_for("en")("wrong_number") in response.text
    _is_harmless(response.text)


async def test_a_number_can_be_added_on_the_page(offline: Emulator) -> None:
    form = {"number": "+216 20 999 999", "phone_number_id": JASMIN, "name": "Leïla"}
    response = await offline.http.post("/phones", data=form, headers={"Origin": offline.address})
    assert response.headers["location"] == f"/?open={JASMIN}-21620999999"
    assert "Leïla" in await _page(offline, f"{JASMIN}-21620999999")


async def test_phones_stand_side_by_side_and_each_can_be_closed(offline: Emulator) -> None:
    page = await _page(offline, CHAT, f"{JASMIN}-{SAMI}", "nobody", CHAT)
    assert re.findall(r'data-chat="([^"]+)"', page) == [CHAT, f"{JASMIN}-{SAMI}"]
    assert f'href="/?open={CHAT}"' in page


async def test_without_script_a_form_sends_and_comes_back_to_the_same_page(offline: Emulator) -> None:
    headers = {"Origin": offline.address, "Referer": f"{offline.address}/?open={CHAT}&open={JASMIN}-{SAMI}"}
    response = await offline.http.post(f"/chats/{CHAT}/text", data={"text": "hello"}, headers=headers)
    assert (response.status_code, response.headers["location"]) == (303, f"/?open={CHAT}&open={JASMIN}-{SAMI}")
    assert "hello" in await _page(offline, CHAT)


@pytest.mark.parametrize(
    ("action", "form", "status"),
    [
        ("text", {"text": " "}, 422),
        ("text", {}, 422),
        ("tap", {"wamid": "wamid.other", "choice": "x"}, 404),
        ("place", {"place": "99"}, 404),
        ("place", {"place": "-1"}, 422),
        ("dance", {}, 404),
    ],
)
async def test_what_the_page_cannot_do_is_an_error(
    offline: Emulator, action: str, form: dict[str, str], status: int
) -> None:
    origin = {"Origin": offline.address}
    response = await offline.http.post(f"/chats/{CHAT}/{action}", data=form, headers=origin)
    assert response.status_code == status
    assert await offline.chat(GRACE) == []


async def test_nobody_writes_in_a_chat_that_does_not_exist(offline: Emulator) -> None:
    for key in ("nobody", f"999-{GRACE}", f"{KIMIA}-999", "-"):
        response = await offline.http.post(
            f"/chats/{key}/text", data={"text": "hi"}, headers={"Origin": offline.address}
        )
        assert response.status_code == 404


async def test_files_that_are_no_photo_or_sound_are_refused(offline: Emulator) -> None:
    files = {"file": ("evil.html", b"<script>alert(1)</script>", "image/png")}
    response = await offline.http.post(f"/chats/{CHAT}/media", files=files, headers={"Origin": offline.address})
    assert response.status_code == 422


@pytest.mark.parametrize(("sample", "kind"), [("image", "image"), ("audio", "audio")])
async def test_ready_made_media_can_be_sent(offline: Emulator, sample: str, kind: str) -> None:
    await offline.http.post(f"/chats/{CHAT}/media", data={"sample": sample}, headers={"Origin": offline.address})
    assert [message["type"] for message in await offline.chat(GRACE)] == [kind]


async def test_the_page_speaks_the_readers_language(offline: Emulator) -> None:
    assert "Ajouter un téléphone" in await _page(offline, language="fr-CG,fr;q=0.9,en;q=0.5")
    assert "Add a phone" in await _page(offline, language="de,en;q=0.3")


@pytest.mark.parametrize(
    ("header", "locale"),
    [("", "en"), ("fr", "fr"), ("en;q=0.1, fr;q=0.9", "fr"), ("FR-fr", "fr"), ("fr;q=0", "en"), ("fr;q=x,;;", "en")],
)
def test_the_language_is_chosen_as_the_browser_wishes(header: str, locale: str) -> None:
    assert locale_of(header) == locale


def test_every_label_exists_in_every_language() -> None:
    first, *others = [labels_for(locale).keys() for locale in LOCALES]
    assert all(keys == first for keys in others)


async def _wire(offline: Emulator) -> str:
    (message,) = await offline.chat(GRACE)
    response = await offline.http.get(f"/messages/{message['id']}")
    assert response.status_code == 200
    assert message["wamid"] in response.text.replace("&#43;", "+").replace("&#61;", "=")
    return response.text


def _is_harmless(page: str) -> None:
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b onload" not in page
    for tag in re.findall(r"<[a-z][^>]*>", page):
        names = re.findall(r"\s([a-z-]+)(?==|\s|>)", re.sub(r'"[^"]*"', '""', tag))
        assert not any(name.startswith("on") for name in names), tag
