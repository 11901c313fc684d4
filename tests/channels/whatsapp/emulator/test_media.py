"""Files over the Graph API: uploaded, told of, fetched in two hops, expired, deleted."""

import base64
import hashlib
from typing import Any

import httpx
import pytest

from channels.whatsapp.emulator.media_types import LARGEST_BYTES, LARGEST_STILL_STICKER_BYTES
from tests.channels.whatsapp.emulator.world import BEARER, GRACE, JASMIN, KIMIA, PROGRAM, Emulator, Receiver, eventually

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
FORM = {"messaging_product": "whatsapp", "type": "image/png"}


async def upload(
    emulator: Emulator, content: bytes = PNG, form: dict[str, str] = FORM, number: str = KIMIA
) -> httpx.Response:
    return await emulator.http.post(
        f"/v23.0/{number}/media", data=form, files={"file": ("bon.png", content)}, headers=BEARER
    )


async def uploaded(emulator: Emulator, **kwargs: Any) -> str:
    response = await upload(emulator, **kwargs)
    assert response.status_code == 200, response.text
    media_id: str = response.json()["id"]
    assert media_id.isdigit()
    return media_id


async def told(emulator: Emulator, media_id: str, **params: str) -> httpx.Response:
    return await emulator.http.get(f"/v23.0/{media_id}", params=params, headers=BEARER)


async def advance(emulator: Emulator, seconds: float) -> None:
    await emulator.http.post("/api/clock", json={"advance_seconds": seconds}, headers=PROGRAM)


async def test_an_upload_is_told_of_and_comes_back_in_whole_or_in_part(offline: Emulator) -> None:
    media_id = await uploaded(offline)
    about = (await told(offline, media_id, phone_number_id=KIMIA)).json()
    assert (about["id"], about["mime_type"], about["file_size"]) == (media_id, "image/png", len(PNG))
    assert about["sha256"] == base64.b64encode(hashlib.sha256(PNG).digest()).decode()
    whole = await offline.http.get(about["url"], headers=BEARER)
    assert (whole.content, whole.headers["content-type"]) == (PNG, "image/png")
    for wanted, start, end in (("bytes=4-7", 4, 8), ("bytes=200-", 200, None), ("bytes=-5", -5, None)):
        part = await offline.http.get(about["url"], headers={**BEARER, "Range": wanted})
        assert (part.status_code, part.content) == (206, PNG[start:end])
    beyond = await offline.http.get(about["url"], headers={**BEARER, "Range": "bytes=900-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(PNG)}")


async def test_an_upload_can_be_sent_by_its_number_alone(offline: Emulator) -> None:
    media_id = await uploaded(offline)
    await offline.say(GRACE, {"type": "image", "image": {"id": media_id}})
    message = {"messaging_product": "whatsapp", "to": GRACE, "type": "image", "image": {"id": media_id}}
    error = (await offline.graph(message, number=JASMIN)).json()["error"]
    assert (error["code"], error["error_subcode"]) == (100, 33)


async def test_both_hops_want_the_token(offline: Emulator) -> None:
    media_id = await uploaded(offline)
    link = (await told(offline, media_id)).json()["url"]
    for path in (f"/v23.0/{media_id}", link):
        response = await offline.http.get(path, headers={"Authorization": "Bearer other"})
        assert (response.status_code, response.json()["error"]["code"]) == (401, 190)


async def test_a_link_lives_five_minutes_and_cannot_be_made_by_oneself(offline: Emulator) -> None:
    media_id = await uploaded(offline)
    link = httpx.URL((await told(offline, media_id)).json()["url"])
    assert (await offline.http.get(link.copy_set_param("ext", "99999999999"), headers=BEARER)).status_code == 404
    await advance(offline, 280)  # not to the last second: the clock goes on meanwhile
    assert (await offline.http.get(link, headers=BEARER)).status_code == 200
    await advance(offline, 21)
    assert (await offline.http.get(link, headers=BEARER)).status_code == 404


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"type": "image/png"}, 100),
        ({**FORM, "messaging_product": "sms"}, 131009),
        ({**FORM, "type": "image/svg+xml"}, 100),
        ({**FORM, "type": "text/html"}, 100),
    ],
)
async def test_a_bad_upload_is_refused(offline: Emulator, form: dict[str, str], code: int) -> None:
    assert (await upload(offline, form=form)).json()["error"]["code"] == code


async def test_a_file_may_be_as_large_as_meta_says_and_no_larger(offline: Emulator) -> None:
    assert LARGEST_BYTES["image"] == 5 * 2**20
    sticker = {**FORM, "type": "image/webp"}
    still = b"RIFF0000WEBPVP8 "
    await uploaded(offline, content=still.ljust(LARGEST_STILL_STICKER_BYTES), form=sticker)
    too_large = await upload(offline, still.ljust(LARGEST_STILL_STICKER_BYTES + 1), sticker)
    assert too_large.json()["error"]["code"] == 100
    await uploaded(offline, content=b"RIFF0000WEBPVP8XANIM".ljust(LARGEST_BYTES["sticker"]), form=sticker)


async def test_no_file_is_refused(offline: Emulator) -> None:
    response = await offline.http.post(f"/v23.0/{KIMIA}/media", data=FORM, headers=BEARER)
    assert response.json()["error"]["code"] == 100


async def test_uploads_end_after_thirty_days_and_what_people_sent_after_seven(offline: Emulator) -> None:
    media_id = await uploaded(offline)
    sent = await offline.phone(GRACE, type="image")
    received = sent["payload"]["image"]["id"]
    assert (await told(offline, received)).status_code == 200
    await advance(offline, 7 * 86400)
    error = (await told(offline, received)).json()["error"]
    assert (error["code"], error["error_subcode"]) == (100, 33)
    assert (await told(offline, media_id)).status_code == 200
    await advance(offline, 23 * 86400)
    assert (await told(offline, media_id)).json()["error"]["code"] == 100
    assert (await offline.http.get(f"/media/{received}")).status_code == 200  # the phone still shows its own photo


async def test_an_id_can_be_ended_on_demand_or_by_deleting_it(offline: Emulator) -> None:
    ended, deleted = await uploaded(offline), await uploaded(offline)
    assert (await offline.http.post(f"/api/media/{ended}/expire", headers=PROGRAM)).json() == {"expired": True}
    response = await offline.http.delete(f"/v23.0/{deleted}", headers=BEARER)
    assert response.json() == {"success": True}
    for media_id in (ended, deleted):
        assert (await told(offline, media_id)).json()["error"]["error_subcode"] == 33
    assert (await offline.http.post("/api/media/1/expire", headers=PROGRAM)).status_code == 404


async def test_an_incoming_photo_carries_a_link_that_works(served: Emulator, receiver: Receiver) -> None:
    await served.phone(GRACE, type="image", data_base64=base64.b64encode(PNG).decode())
    await eventually(lambda: len(receiver.messages) == 1)
    image = receiver.messages[0]["image"]
    assert image["url"].startswith(served.address)
    assert (await served.http.get(image["url"], headers=BEARER)).content == PNG


async def test_a_resumable_upload_ends_in_a_handle(offline: Emulator) -> None:
    query = {"file_name": "a.png", "file_length": str(len(PNG)), "file_type": "image/png"}
    session = (await offline.http.post("/v23.0/200000000000001/uploads", params=query, headers=BEARER)).json()["id"]
    assert session.startswith("upload:")
    oauth = {"Authorization": BEARER["Authorization"].replace("Bearer", "OAuth")}
    first = await offline.http.post(f"/v23.0/{session}", content=PNG[:100], headers={**oauth, "file_offset": "0"})
    assert "h" not in first.json()
    assert (await offline.http.get(f"/v23.0/{session}", headers=oauth)).json() == {"id": session, "file_offset": 100}
    wrong = await offline.http.post(f"/v23.0/{session}", content=PNG[50:], headers={**oauth, "file_offset": "50"})
    assert wrong.json()["error"]["code"] == 100
    rest = await offline.http.post(f"/v23.0/{session}", content=PNG[100:], headers={**oauth, "file_offset": "100"})
    assert rest.json()["h"]


@pytest.mark.parametrize(
    "query",
    [
        {"file_length": "5"},
        {"file_length": "x", "file_type": "image/png"},
        {"file_length": "5", "file_type": "text/html"},
        {"file_length": "0", "file_type": "image/png"},
    ],
)
async def test_a_bad_resumable_upload_does_not_begin(offline: Emulator, query: dict[str, str]) -> None:
    response = await offline.http.post("/v23.0/200000000000001/uploads", params=query, headers=BEARER)
    assert response.json()["error"]["code"] == 100
