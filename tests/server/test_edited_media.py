"""A file that an edit brings is fetched as well, and one that was fetched already is not fetched twice."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from conversations.tables import received_media
from tests.channels.whatsapp.media.small_meta import SmallMeta, base64_digest, small_meta
from tests.house import House
from tests.server.test_media import run_house
from tests.waiting import until

FIRST, SECOND = b"\xff\xd8\xff" + b"first", b"\x89PNG\r\n\x1a\n" + b"second"


@pytest.fixture
async def meta() -> AsyncIterator[SmallMeta]:
    async with small_meta() as running:
        yield running


@pytest.fixture
async def house(database_address: URL, tmp_path: Path, meta: SmallMeta) -> AsyncIterator[House]:
    async for house in run_house(database_address, tmp_path, meta):
        yield house


def photo(media_id: str, content: bytes, caption: str) -> dict[str, Any]:
    picture = {"id": media_id, "mime_type": "image/jpeg", "sha256": base64_digest(content), "caption": caption}
    return {"type": "image", "image": picture}


async def edit(house: House, wamid: str, message: dict[str, Any]) -> None:
    await house.says("", type="edit", edit={"original_message_id": wamid, "message": message})


async def stored(house: House, count: int) -> list[tuple[str, int]]:
    """(WhatsApp's id, bytes) of each file that was kept, oldest first, once there are so many."""

    async def enough() -> Any:
        rows = await house.rows(received_media)
        return len(rows) == count and all(row.status == "stored" for row in rows) and rows

    rows = await until(enough)
    return sorted((row.media_id, row.size_bytes) for row in rows)


async def test_a_picture_put_in_place_of_another_is_kept_beside_it(house: House, meta: SmallMeta) -> None:
    meta.has("7001", FIRST, "image/jpeg")
    meta.has("7002", SECOND, "image/png")
    sent = house.message("", **photo("7001", FIRST, "avant"))
    await house.post(sent)
    await stored(house, 1)
    await edit(house, sent["id"], photo("7002", SECOND, "après"))

    assert await stored(house, 2) == [("7001", len(FIRST)), ("7002", len(SECOND))]


async def test_another_caption_leaves_the_one_file_as_it_is(house: House, meta: SmallMeta) -> None:
    meta.has("7001", FIRST, "image/jpeg")
    sent = house.message("", **photo("7001", FIRST, "avant"))
    await house.post(sent)
    for caption in ("après", "enfin"):
        await edit(house, sent["id"], photo("7001", FIRST, caption))

    assert await stored(house, 1) == [("7001", len(FIRST))]


async def test_an_edit_whose_first_message_never_came_brings_its_file(house: House, meta: SmallMeta) -> None:
    meta.has("7001", FIRST, "image/jpeg")
    await edit(house, "wamid.never-seen", photo("7001", FIRST, "enfin"))

    assert await stored(house, 1) == [("7001", len(FIRST))]
