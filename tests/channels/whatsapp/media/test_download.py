"""What people send is fetched whole, checked, and our token leaves for Meta alone."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.graph import OneToken
from channels.whatsapp.media.download import Announced, Downloads, Saved, read_digest
from channels.whatsapp.media.errors import MediaError, MediaGone, MediaRefused, MediaUnavailable
from channels.whatsapp.media.formats import MAX_BYTES
from tests.channels.whatsapp.media.small_meta import JPEG, NUMBER, OGG, TOKEN, SmallMeta, base64_digest
from tests.channels.whatsapp.media.small_shop import SmallShop

VOICE = Announced(
    kind="audio",
    media_id="7001",
    phone_number_id=NUMBER,
    mime_type="audio/ogg; codecs=opus",
    sha256=base64_digest(OGG),
)


class Shelf:
    """Keeps what it is given, if that comes to its end."""

    def __init__(self) -> None:
        self.kept: bytes | None = None

    async def write(self, chunks: AsyncIterator[bytes]) -> None:
        self.kept = b"".join([chunk async for chunk in chunks])


@pytest.fixture
async def downloads(meta: SmallMeta) -> AsyncIterator[Downloads]:
    made = Downloads(meta.graph, OneToken(TOKEN), meta.url)
    yield made
    await made.aclose()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def test_a_voice_note_is_fetched_in_two_steps_each_with_our_token(
    meta: SmallMeta, downloads: Downloads, shelf: Shelf
) -> None:
    meta.has("7001", OGG, "audio/ogg")

    assert await downloads.save(VOICE, shelf.write) == Saved(mime_type="audio/ogg; codecs=opus", size=len(OGG))
    assert shelf.kept == OGG
    assert meta.asked == [
        ("GET", "/v23.0/7001", f"Bearer {TOKEN}"),
        ("GET", "/files/7001", f"Bearer {TOKEN}"),
    ]


async def test_a_file_in_many_pieces_is_kept_whole(meta: SmallMeta, downloads: Downloads, shelf: Shelf) -> None:
    large = JPEG + bytes(1_500_000)
    meta.has("7002", large, "image/jpeg")
    photo = Announced(kind="image", media_id="7002", phone_number_id=NUMBER, mime_type="image/jpeg")

    await downloads.save(photo, shelf.write)
    assert shelf.kept == large


@pytest.mark.parametrize("written", ["hex", "base64", "none"])
async def test_a_hash_is_read_however_it_is_written(
    meta: SmallMeta, downloads: Downloads, shelf: Shelf, written: str
) -> None:
    spelled = {"hex": hashlib.sha256(OGG).hexdigest().upper(), "base64": base64_digest(OGG), "none": None}[written]
    meta.has("7001", OGG, "audio/ogg", sha256=spelled)
    voice = Announced(kind="audio", media_id="7001", phone_number_id=NUMBER, sha256=spelled)

    await downloads.save(voice, shelf.write)
    assert shelf.kept == OGG


async def test_another_file_than_announced_is_not_kept(meta: SmallMeta, downloads: Downloads, shelf: Shelf) -> None:
    meta.has("7001", OGG, "audio/ogg")
    meta.files["7001"] = OGG + b"more"

    with pytest.raises(MediaRefused, match="hash"):
        await downloads.save(VOICE, shelf.write)
    assert shelf.kept is None


async def test_an_expired_id_is_gone(meta: SmallMeta, downloads: Downloads, shelf: Shelf) -> None:
    with pytest.raises(MediaGone):
        await downloads.save(VOICE, shelf.write)


def answers(*statuses: int) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A file's address that answers each time with the next of these."""
    left = list(statuses)

    async def conduct(request: web.Request) -> web.StreamResponse:
        status = left.pop(0)
        return web.Response(status=status, body=OGG if status == 200 else b"")

    return conduct


@pytest.mark.parametrize("expired", [401, 403, 404, 410])
async def test_an_address_that_expired_on_the_way_is_asked_for_anew(
    meta: SmallMeta, downloads: Downloads, shelf: Shelf, expired: int
) -> None:
    meta.has("7001", OGG, "audio/ogg")
    meta.conduct = answers(expired, 200)

    await downloads.save(VOICE, shelf.write)
    assert shelf.kept == OGG
    assert meta.paths() == ["/v23.0/7001", "/files/7001"] * 2


@pytest.mark.parametrize(
    ("statuses", "error"),
    [
        ((404, 404), MediaGone),
        ((404, 410), MediaGone),
        ((403, 403), MediaUnavailable),
        ((500,), MediaUnavailable),
        ((503,), MediaUnavailable),
        ((429,), MediaUnavailable),
    ],
)
async def test_what_the_address_says_decides_whether_to_ask_again(
    meta: SmallMeta, downloads: Downloads, shelf: Shelf, statuses: tuple[int, ...], error: type[MediaError]
) -> None:
    meta.has("7001", OGG, "audio/ogg")
    meta.conduct = answers(*statuses)

    with pytest.raises(error):
        await downloads.save(VOICE, shelf.write)
    assert shelf.kept is None


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (500, 1, MediaUnavailable),
        (429, 80007, MediaUnavailable),
        (401, 190, MediaUnavailable),
        (400, 131008, MediaRefused),
        (404, None, MediaUnavailable),
    ],
)
async def test_what_the_graph_api_says_decides_too(
    meta: SmallMeta, downloads: Downloads, shelf: Shelf, status: int, code: int | None, error: type[MediaError]
) -> None:
    meta.refusal = web.json_response({"error": {"message": "no", "code": code}}, status=status)

    with pytest.raises(error):
        await downloads.save(VOICE, shelf.write)


async def test_our_token_does_not_follow_an_offer_elsewhere(
    meta: SmallMeta, shop: SmallShop, downloads: Downloads, shelf: Shelf
) -> None:
    meta.has("7001", OGG, "audio/ogg", url=shop.shows("/voice", OGG))

    with pytest.raises(MediaRefused, match="token"):
        await downloads.save(VOICE, shelf.write)
    assert shop.asked == []


async def test_nor_a_redirect_elsewhere(meta: SmallMeta, shop: SmallShop, downloads: Downloads, shelf: Shelf) -> None:
    elsewhere = shop.shows("/voice", OGG)

    async def lead_away(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": elsewhere})

    meta.has("7001", OGG, "audio/ogg")
    meta.conduct = lead_away

    with pytest.raises(MediaRefused, match="token"):
        await downloads.save(VOICE, shelf.write)
    assert shop.asked == []


async def test_a_redirect_at_the_same_place_is_followed(meta: SmallMeta, downloads: Downloads, shelf: Shelf) -> None:
    async def lead_on(request: web.Request) -> web.StreamResponse:
        if "again" in request.query:
            return web.Response(body=OGG)
        return web.Response(status=302, headers={"Location": "/files/7001?again=1"})

    meta.has("7001", OGG, "audio/ogg")
    meta.conduct = lead_on

    await downloads.save(VOICE, shelf.write)
    assert shelf.kept == OGG


async def test_while_whatsapp_is_meta_this_machine_gets_no_token(meta: SmallMeta, shelf: Shelf) -> None:
    meta.has("7001", OGG, "audio/ogg")
    downloads = Downloads(meta.graph, OneToken(TOKEN), "https://graph.facebook.com")

    with pytest.raises(MediaRefused, match="token"):
        await downloads.save(VOICE, shelf.write)
    assert meta.paths() == ["/v23.0/7001"]
    await downloads.aclose()


async def test_a_file_offered_as_too_large_is_not_asked_for(
    meta: SmallMeta, downloads: Downloads, shelf: Shelf
) -> None:
    meta.has("7001", OGG, "audio/ogg", file_size=MAX_BYTES["audio"] + 1)

    with pytest.raises(MediaRefused, match="larger"):
        await downloads.save(VOICE, shelf.write)
    assert meta.paths() == ["/v23.0/7001"]


async def test_a_file_larger_than_it_was_offered_is_given_up_at_the_limit(
    meta: SmallMeta, downloads: Downloads, shelf: Shelf
) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(JPEG + bytes(1_000_000))

    meta.has("7002", JPEG, "image/jpeg")
    meta.conduct = endless

    with pytest.raises(MediaRefused, match="larger"):
        await downloads.save(Announced(kind="image", media_id="7002", phone_number_id=NUMBER), shelf.write)
    assert shelf.kept is None


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html><title>Log in</title>", JPEG])
async def test_what_is_no_sound_is_not_kept_as_a_voice_note(
    meta: SmallMeta, downloads: Downloads, shelf: Shelf, content: bytes
) -> None:
    meta.has("7001", content, "audio/ogg")
    voice = Announced(kind="audio", media_id="7001", phone_number_id=NUMBER)

    with pytest.raises(MediaRefused):
        await downloads.save(voice, shelf.write)
    assert shelf.kept is None


async def test_a_file_that_breaks_off_is_not_kept(meta: SmallMeta, downloads: Downloads, shelf: Shelf) -> None:
    async def break_off(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": str(len(OGG))})
        await answer.prepare(request)
        await answer.write(OGG[:40])
        assert request.transport is not None
        request.transport.close()
        return answer

    meta.has("7001", OGG, "audio/ogg")
    meta.conduct = break_off

    with pytest.raises(MediaUnavailable):
        await downloads.save(VOICE, shelf.write)
    assert shelf.kept is None


async def test_who_cancels_is_not_kept_waiting(meta: SmallMeta, downloads: Downloads, shelf: Shelf) -> None:
    asked = asyncio.Event()

    async def say_nothing(request: web.Request) -> web.StreamResponse:
        asked.set()
        await asyncio.Event().wait()
        return web.Response()

    meta.has("7001", OGG, "audio/ogg")
    meta.conduct = say_nothing
    saving = asyncio.create_task(downloads.save(VOICE, shelf.write))
    await asked.wait()
    saving.cancel()

    with pytest.raises(asyncio.CancelledError):
        await saving
    assert shelf.kept is None


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id":"7001"}', b'{"url":""}', b'{"url":7}', b"[" * 100_000])
async def test_an_offer_that_cannot_be_read_is_asked_for_later(
    meta: SmallMeta, downloads: Downloads, shelf: Shelf, body: bytes
) -> None:
    meta.refusal = web.Response(body=body)

    with pytest.raises(MediaUnavailable):
        await downloads.save(VOICE, shelf.write)


@pytest.mark.parametrize("size", [str(len(OGG)), "many", None, [1]])
async def test_a_size_is_read_where_it_can_be(
    meta: SmallMeta, downloads: Downloads, shelf: Shelf, size: object
) -> None:
    meta.has("7001", OGG, "audio/ogg", file_size=size)

    assert (await downloads.save(VOICE, shelf.write)).size == len(OGG)


@given(st.binary(min_size=32, max_size=32))
def test_every_spelling_of_a_hash_reads_the_same(digest: bytes) -> None:
    spellings = [digest.hex(), digest.hex().upper(), base64.b64encode(digest).decode()]
    spellings += [base64.urlsafe_b64encode(digest).decode(), base64.b64encode(digest).decode().rstrip("=")]
    assert [read_digest(each) for each in spellings] == [digest] * 5


@given(st.text(max_size=80))
def test_any_other_text_is_no_hash(text: str) -> None:
    digest = read_digest(text)
    assert digest is None or len(digest) == 32
