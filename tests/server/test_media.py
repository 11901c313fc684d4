"""A file somebody sends is fetched, kept, and played on the private port; a voice note is answered as if typed."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import URL

from channels.transport import AiohttpTransport
from conversations.tables import received_media
from server.media_routes import read_range
from server.settings import BadSettings
from server.transcriber import BadTranscriber, load_transcriber
from tests.channels.whatsapp.media.small_meta import JPEG, OGG, SmallMeta, base64_digest, small_meta
from tests.house import SECRET, House, open_house, settings_for
from tests.waiting import until

WRITTEN_DOWN = {hashlib.sha256(OGG).hexdigest(): "où est mon colis ?"}
OURS = {"Authorization": f"Bearer {SECRET}"}


@dataclass
class ByHash:
    """A transcriber that knows some files by heart."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    async def transcribe(self, audio: AsyncIterator[bytes], mime_type: str, language: str) -> str | None:
        content = b"".join([chunk async for chunk in audio])
        self.asked.append((mime_type, language))
        if content.endswith(b"noise"):
            raise RuntimeError("nothing but noise")
        return WRITTEN_DOWN.get(hashlib.sha256(content).hexdigest())


def by_hash() -> ByHash:
    return ByHash()


def not_one() -> object:
    return object()


def broken() -> ByHash:
    raise OSError("no model here")


@pytest.fixture
async def meta() -> AsyncIterator[SmallMeta]:
    async with small_meta() as running:
        yield running


async def run_house(address: URL, tmp_path: Path, meta: SmallMeta, **changes: Any) -> AsyncIterator[House]:
    settings = settings_for(address, tmp_path, whatsapp_base_url=meta.url, **changes)
    opened = open_house(settings, AiohttpTransport(limit=10))
    opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def deaf(sqlite_address: URL, tmp_path: Path, meta: SmallMeta) -> AsyncIterator[House]:
    """A house without a transcriber."""
    async for house in run_house(sqlite_address, tmp_path, meta):
        yield house


@pytest.fixture
async def hearing(database_address: URL, tmp_path: Path, meta: SmallMeta) -> AsyncIterator[House]:
    async for house in run_house(database_address, tmp_path, meta, transcriber="tests.server.test_media:by_hash"):
        yield house


def voice(content: bytes, media_id: str = "7001") -> dict[str, Any]:
    audio = {"id": media_id, "mime_type": "audio/ogg; codecs=opus", "sha256": base64_digest(content), "voice": True}
    return {"type": "audio", "audio": audio}


async def ended(house: House, status: str) -> Any:
    async def found() -> Any:
        rows = await house.rows(received_media, received_media.c.status == status)
        return rows and rows[0]

    return await until(found)


async def get(house: House, path: str, **headers: str) -> httpx.Response:
    return await house.private.get(path, headers={**OURS, **headers})


async def test_a_voice_note_is_answered_by_what_it_says(hearing: House, meta: SmallMeta) -> None:
    meta.has("7001", OGG, "audio/ogg")
    await hearing.says("", **voice(OGG))

    assert await hearing.heard(1) == ["you said où est mon colis ?"]
    row = await ended(hearing, "stored")
    assert (row.transcript, row.size_bytes, row.is_voice) == ("où est mon colis ?", len(OGG), True)


async def test_what_was_written_after_a_voice_note_is_answered_after_it(hearing: House, meta: SmallMeta) -> None:
    meta.has("7001", OGG, "audio/ogg")
    await hearing.says("", **voice(OGG))
    await hearing.says("merci")

    assert await hearing.heard(2) == ["you said où est mon colis ?", "you said merci"]


@pytest.mark.parametrize("content", [OGG + b"not known", OGG + b"noise"])
async def test_what_cannot_be_understood_is_asked_for_in_writing(
    hearing: House, meta: SmallMeta, content: bytes
) -> None:
    meta.has("7001", content, "audio/ogg")
    await hearing.says("", **voice(content))

    (said,) = await hearing.heard(1)
    assert said.startswith("🎙️")
    assert (await ended(hearing, "stored")).transcript is None
    assert hearing.bot.turns == []


async def test_a_voice_note_that_whatsapp_lost_is_asked_for_in_writing_at_once(hearing: House) -> None:
    await hearing.says("", **voice(OGG))

    (said,) = await hearing.heard(1)
    assert said.startswith("🎙️")
    assert await ended(hearing, "gone")


async def test_without_a_transcriber_the_person_need_not_wait_for_the_file(deaf: House, meta: SmallMeta) -> None:
    meta.has("7001", OGG, "audio/ogg")
    await deaf.says("", **voice(OGG))

    (said,) = await deaf.heard(1)
    assert said.startswith("🎙️")
    await ended(deaf, "stored")


async def test_a_kept_file_is_played_whole_and_in_parts(deaf: House, meta: SmallMeta) -> None:
    meta.has("7001", OGG, "audio/ogg")
    await deaf.says("", **voice(OGG))
    row = await ended(deaf, "stored")
    path = f"/v1/media/{row.id}"

    whole = await get(deaf, path)
    assert (whole.status_code, whole.content) == (200, OGG)
    assert whole.headers["content-type"] == "audio/ogg; codecs=opus"
    assert whole.headers["content-disposition"].startswith("inline")
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["content-security-policy"].startswith("sandbox")

    part = await get(deaf, path, Range="bytes=4-9")
    assert (part.status_code, part.content) == (206, OGG[4:10])
    assert part.headers["content-range"] == f"bytes 4-9/{len(OGG)}"
    beyond = await get(deaf, path, Range="bytes=100000-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(OGG)}")

    info = (await get(deaf, f"{path}/info")).json()
    assert (info["kind"], info["status"], info["size_bytes"]) == ("audio", "stored", len(OGG))
    assert "storage_key" not in info
    assert (await deaf.private.get(path)).status_code == 401


async def test_a_page_somebody_sent_as_a_document_is_only_for_saving(deaf: House, meta: SmallMeta) -> None:
    page = b"<!DOCTYPE html><script>alert(1)</script>"
    meta.has("7002", page, "text/html")
    document = {"id": "7002", "mime_type": "text/html", "filename": 'a"\r\nX: y/é.html'}
    await deaf.says("", type="document", document=document)
    row = await ended(deaf, "stored")

    answer = await get(deaf, f"/v1/media/{row.id}")

    assert answer.content == page
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "x" not in answer.headers


async def test_a_file_that_is_not_here_is_answered_with_the_reason(deaf: House, meta: SmallMeta) -> None:
    meta.has("7003", OGG, "image/jpeg")
    await deaf.says("", type="image", image={"id": "7003", "mime_type": "image/jpeg"})
    refused = await ended(deaf, "refused")
    answer = await get(deaf, f"/v1/media/{refused.id}")
    assert (answer.status_code, "came as image" in answer.json()["detail"]) == (404, True)

    await deaf.says("", type="image", image={"id": "7004", "mime_type": "image/jpeg"})
    gone = await ended(deaf, "gone")
    assert (await get(deaf, f"/v1/media/{gone.id}")).status_code == 410
    nobodys = "0198c0de-0000-7000-8000-000000000000"
    assert (await get(deaf, f"/v1/media/{nobodys}")).status_code == 404


async def test_a_file_still_at_whatsapp_is_asked_for_again_later(deaf: House, meta: SmallMeta) -> None:
    meta.has("7005", JPEG, "image/jpeg", url=None)
    await deaf.says("", type="image", image={"id": "7005", "mime_type": "image/jpeg"})

    async def tried() -> Any:
        rows = await deaf.rows(received_media, received_media.c.failures == 1)
        return rows and rows[0]

    row = await until(tried)
    assert row.status == "waiting"
    assert (await get(deaf, f"/v1/media/{row.id}")).status_code == 425


async def test_the_same_webhook_again_fetches_nothing_again(deaf: House, meta: SmallMeta) -> None:
    meta.has("7001", OGG, "audio/ogg")
    again = deaf.message("", **voice(OGG))
    await deaf.post(again)
    await deaf.post(again)
    await ended(deaf, "stored")

    assert len(await deaf.rows(received_media)) == 1


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("no-colon", "package.module:function"),
        ("nowhere_at_all:make", "cannot be imported"),
        ("tests.server.test_media:nothing", "nothing"),
        ("tests.server.test_media:not_one", "async def transcribe"),
        ("tests.server.test_media:broken", "no model here"),
    ],
)
def test_a_transcriber_that_is_none_stops_the_start_with_a_sentence(setting: str, problem: str) -> None:
    with pytest.raises(BadTranscriber, match=problem):
        load_transcriber(setting)


async def test_a_place_that_keeps_no_files_stops_the_start_with_a_sentence(sqlite_address: URL, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="MEDIA_URL"):
        open_house(settings_for(sqlite_address, tmp_path, media_url="ftp://files"))


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, (0, 100)),
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=100-", None),
        ("bytes=-0", None),
        ("bytes=5-2", (0, 100)),
        ("bytes=0-1,4-5", (0, 100)),
        ("lines=1-2", (0, 100)),
        ("bytes=-", (0, 100)),
    ],
)
def test_a_range_is_what_players_ask_for(header: str | None, span: tuple[int, int] | None) -> None:
    assert read_range(header, 100) == span


@given(st.text(max_size=30), st.integers(min_value=0, max_value=1000))
def test_any_range_stays_inside_the_file(text: str, size: int) -> None:
    span = read_range(f"bytes={text}", size)
    assert span is None or 0 <= span[0] <= span[1] <= size
