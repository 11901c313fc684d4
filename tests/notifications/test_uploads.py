"""A file somebody names is fetched once, uploaded once per number, and sent by id until it changes or grows old."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web
from sqlalchemy.engine import URL

from channels.whatsapp.errors import Retryable, WhatsAppError
from channels.whatsapp.media.fetch import Fetched, Fetcher, Version
from channels.whatsapp.messages import (
    Button,
    Buttons,
    Card,
    Carousel,
    Image,
    Message,
    Text,
    from_payload,
    to_payload,
)
from notifications import uploaded
from notifications.providers.media import OutgoingMedia, Prepared
from notifications.tables import uploaded_media
from notifications.uploads import MediaUploads
from storage.database import Database, open_database
from tests.channels.whatsapp.media.small_meta import JPEG, PNG, SmallMeta, small_meta
from tests.channels.whatsapp.media.small_shop import SmallShop, small_shop
from tests.house import JASMIN, KIMIA
from tests.waiting import until

WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
"""The smallest WebP: one pixel."""


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 9, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
async def meta() -> AsyncIterator[SmallMeta]:
    async with small_meta() as running:
        yield running


@pytest.fixture
async def shop() -> AsyncIterator[SmallShop]:
    async with small_shop() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(sqlite_address: URL) -> AsyncIterator[Database]:
    """One kind is enough for all but the rows themselves."""
    opened = open_database(sqlite_address)
    yield opened
    await opened.close()


@pytest.fixture
async def uploads(database: Database, meta: SmallMeta, clock: Clock) -> AsyncIterator[MediaUploads]:
    made = MediaUploads(database=database, graph=meta.graph, fetcher=Fetcher(allows_loopback=True), clock=clock)
    yield made
    await made.aclose()


async def prepared(uploads: MediaUploads, message: Message, number: str = KIMIA, *, renew: bool = False) -> Prepared:
    return await uploads.prepare(number, to_payload(message), renew=renew)


def said(prepared: Prepared) -> Message:
    return from_payload(prepared.payload)


async def test_a_message_without_files_is_left_as_it_is(uploads: MediaUploads, meta: SmallMeta) -> None:
    seam: OutgoingMedia = uploads

    assert said(await seam.prepare(KIMIA, to_payload(Text(body="Bonjour")))) == Text(body="Bonjour")
    assert meta.asked == []


async def test_a_picture_goes_by_the_id_of_its_upload(uploads: MediaUploads, meta: SmallMeta, shop: SmallShop) -> None:
    link = shop.shows("/basket.jpg", JPEG)

    ready = await prepared(uploads, Image(link=link, caption="Panier"))

    assert said(ready) == Image(id="7001", caption="Panier")
    assert ready.notes == ()
    assert [(each.number, each.content) for each in meta.uploads] == [(KIMIA, JPEG)]


async def test_the_second_time_nobody_is_asked(uploads: MediaUploads, meta: SmallMeta, shop: SmallShop) -> None:
    link = shop.shows("/basket.jpg", JPEG)
    buttons = Buttons(body="Panier ?", buttons=(Button(id="a", title="Oui"),), header=Image(link=link))
    await prepared(uploads, Image(link=link))

    assert said(await prepared(uploads, buttons)) == Buttons(
        body="Panier ?", buttons=(Button(id="a", title="Oui"),), header=Image(id="7001")
    )
    assert (len(meta.uploads), len(shop.asked)) == (1, 1)


async def test_each_number_has_uploads_of_its_own(uploads: MediaUploads, meta: SmallMeta, shop: SmallShop) -> None:
    link = shop.shows("/basket.jpg", JPEG)

    assert said(await prepared(uploads, Image(link=link), KIMIA)) == Image(id="7001")
    assert said(await prepared(uploads, Image(link=link), JASMIN)) == Image(id="7002")


async def test_a_hundred_at_once_upload_it_once(uploads: MediaUploads, meta: SmallMeta, shop: SmallShop) -> None:
    link = shop.shows("/basket.jpg", JPEG)

    ready = await asyncio.gather(*(prepared(uploads, Image(link=link)) for _ in range(100)))

    assert {str(said(each)) for each in ready} == {str(Image(id="7001"))}
    assert (len(meta.uploads), len(shop.asked)) == (1, 1)


async def test_after_ten_minutes_the_shop_is_asked_whether_it_changed(
    uploads: MediaUploads, meta: SmallMeta, shop: SmallShop, clock: Clock
) -> None:
    link = shop.shows("/basket.jpg", JPEG, ETag='"v1"')
    await prepared(uploads, Image(link=link))
    clock.passes(minutes=11)

    assert said(await prepared(uploads, Image(link=link))) == Image(id="7001")
    assert shop.headers[-1]["If-None-Match"] == '"v1"'
    await prepared(uploads, Image(link=link))
    assert (len(meta.uploads), len(shop.asked)) == (1, 2)


async def test_a_shop_without_versions_is_known_by_what_it_shows(
    uploads: MediaUploads, meta: SmallMeta, shop: SmallShop, clock: Clock
) -> None:
    link = shop.shows("/basket.jpg", JPEG)
    await prepared(uploads, Image(link=link))
    clock.passes(minutes=11)
    assert said(await prepared(uploads, Image(link=link))) == Image(id="7001")

    shop.shows("/basket.jpg", PNG)
    clock.passes(minutes=11)
    assert said(await prepared(uploads, Image(link=link))) == Image(id="7002")


async def test_a_shop_that_is_away_does_not_take_its_picture_along(
    uploads: MediaUploads, shop: SmallShop, clock: Clock
) -> None:
    link = shop.shows("/basket.jpg", JPEG)
    await prepared(uploads, Image(link=link))
    del shop.pages["/basket.jpg"]
    clock.passes(minutes=11)

    ready = await prepared(uploads, Image(link=link))

    assert said(ready) == Image(id="7001")
    assert ready.notes == ("An earlier copy of a file went: the file is not there (404).",)


@pytest.mark.parametrize(("days", "count"), [(24.9, 1), (25.1, 2)])
async def test_an_upload_is_renewed_before_whatsapp_forgets_it(
    uploads: MediaUploads, meta: SmallMeta, shop: SmallShop, clock: Clock, days: float, count: int
) -> None:
    link = shop.shows("/basket.jpg", JPEG)
    await prepared(uploads, Image(link=link))
    clock.passes(days=days)

    await prepared(uploads, Image(link=link))
    assert len(meta.uploads) == count


@pytest.mark.parametrize(
    ("days", "expected"), [(29.0, Image(id="7001", caption="Panier")), (30.0, Text(body="Panier"))]
)
async def test_an_upload_that_cannot_be_renewed_goes_until_its_end(
    uploads: MediaUploads, shop: SmallShop, clock: Clock, days: float, expected: Message
) -> None:
    link = shop.shows("/basket.jpg", JPEG)
    await prepared(uploads, Image(link=link))
    del shop.pages["/basket.jpg"]
    clock.passes(days=days)

    assert said(await prepared(uploads, Image(link=link, caption="Panier"))) == expected


async def test_what_whatsapp_refused_is_uploaded_anew(uploads: MediaUploads, meta: SmallMeta, shop: SmallShop) -> None:
    link = shop.shows("/basket.jpg", JPEG)
    await prepared(uploads, Image(link=link))

    assert said(await prepared(uploads, Image(link=link), renew=True)) == Image(id="7002")
    assert said(await prepared(uploads, Image(link=link))) == Image(id="7002")


async def test_an_upload_is_kept_and_renewed_on_each_kind_of_database(database_address: URL, clock: Clock) -> None:
    database = open_database(database_address)
    for media_id, content in (("7001", JPEG), ("7002", PNG)):
        fetched = Fetched(content=content, mime_type="image/jpeg", version=Version(etag='"v1"'))
        await database.write(uploaded.keep, KIMIA, "a" * 64, media_id=media_id, fetched=fetched, now=clock())
    clock.passes(minutes=5)
    await database.write(uploaded.touch, KIMIA, "a" * 64, clock())

    found = await database.read(uploaded.find, KIMIA, "a" * 64)
    assert found is not None
    assert (found.media_id, found.etag, found.content_sha256) == ("7002", '"v1"', uploaded.digest(PNG))
    assert found.checked_at - found.uploaded_at == timedelta(minutes=5)
    assert await database.read(uploaded.find, JASMIN, "a" * 64) is None
    await database.close()


async def test_no_address_is_kept(uploads: MediaUploads, shop: SmallShop, database: Database) -> None:
    link = shop.shows("/of-grace-242061234567.jpg", JPEG)
    await prepared(uploads, Image(link=link))

    (row,) = await database.read(lambda connection: connection.execute(sa.select(uploaded_media)).all())
    assert row.source == hashlib.sha256(f"image {link}".encode()).hexdigest()
    assert "242061234567" not in str(row)


async def test_a_picture_that_is_not_there_costs_the_person_the_picture_alone(
    uploads: MediaUploads, meta: SmallMeta, shop: SmallShop
) -> None:
    buttons = Buttons(
        body="Panier ?", buttons=(Button(id="a", title="Oui"),), header=Image(link=f"{shop.url}/none.jpg")
    )
    ready = await prepared(uploads, buttons)

    assert said(ready) == Buttons(body="Panier ?", buttons=(Button(id="a", title="Oui"),))
    assert ready.notes == (
        "A file could not be had: the file is not there (404).",
        "The file above the text was left out.",
    )
    assert meta.uploads == []


async def test_a_dead_link_is_not_asked_for_a_thousand_times(
    uploads: MediaUploads, shop: SmallShop, clock: Clock
) -> None:
    dead = Image(link=f"{shop.url}/none.jpg", caption="Panier")
    for _ in range(3):
        assert said(await prepared(uploads, dead)) == Text(body="Panier")
    assert len(shop.asked) == 1

    shop.shows("/none.jpg", JPEG)
    clock.passes(minutes=2)
    assert said(await prepared(uploads, dead)) == Image(id="7001", caption="Panier")


async def test_a_link_into_a_private_network_is_neither_asked_nor_shown(
    database: Database, meta: SmallMeta, clock: Clock
) -> None:
    uploads = MediaUploads(database=database, graph=meta.graph, fetcher=Fetcher(allows_loopback=False), clock=clock)
    ready = await prepared(uploads, Image(link="https://10.0.0.1/admin.jpg", caption="Panier"))

    assert said(ready) == Text(body="Panier")
    assert ready.notes[0] == "A file could not be had: its address is inside a private network."
    await uploads.aclose()


async def test_a_webp_goes_as_jpeg_and_explain_can_say_so(
    uploads: MediaUploads, meta: SmallMeta, shop: SmallShop
) -> None:
    ready = await prepared(uploads, Image(link=shop.shows("/basket.webp", WEBP, "image/webp")))

    assert said(ready) == Image(id="7001")
    assert [each.kind for each in meta.uploads] == ["image/jpeg"]
    assert ready.notes == ("A picture was changed: webp was made into JPEG.",)


def carousel(*links: str) -> Carousel:
    return Carousel(
        body="Nos paniers",
        cards=tuple(
            Card(header=Image(link=link), body=f"Panier {index}", buttons=(Button(id=f"p{index}", title="Commander"),))
            for index, link in enumerate(links)
        ),
    )


async def test_cards_keep_their_links_once_they_were_looked_at(
    uploads: MediaUploads, meta: SmallMeta, shop: SmallShop
) -> None:
    links = [shop.shows("/a.jpg", JPEG), shop.shows("/b.jpg", PNG)]

    for _ in range(2):
        assert said(await prepared(uploads, carousel(*links))) == carousel(*links)
    assert meta.uploads == []
    assert sorted(shop.asked) == ["/a.jpg", "/b.jpg"]


@pytest.mark.parametrize("bad", [b"", b"<html>", WEBP])
async def test_one_bad_card_makes_the_carousel_a_list_with_the_same_answers(
    uploads: MediaUploads, shop: SmallShop, bad: bytes
) -> None:
    ready = await prepared(uploads, carousel(shop.shows("/a.jpg", JPEG), shop.shows("/b.jpg", bad)))

    rows = ready.payload["interactive"]["action"]["sections"][0]["rows"]
    assert [row["id"] for row in rows] == ["p0", "p1"]
    assert ready.notes[-1] == "The cards went as a list."


async def test_where_whatsapp_takes_no_upload_the_link_goes_after_all(
    uploads: MediaUploads, meta: SmallMeta, shop: SmallShop
) -> None:
    meta.refusal = web.json_response({"detail": "Not Found"}, status=404)
    link = shop.shows("/basket.jpg", JPEG)

    ready = await prepared(uploads, Image(link=link))

    assert said(ready) == Image(link=link)
    assert "went by its link" in ready.notes[0]


@pytest.mark.parametrize(("status", "code"), [(401, 190), (429, 80007), (500, 131016)])
async def test_what_would_stop_the_message_too_is_left_to_the_send(
    uploads: MediaUploads, meta: SmallMeta, shop: SmallShop, status: int, code: int
) -> None:
    meta.refusal = web.json_response({"error": {"message": "no", "code": code}}, status=status)

    with pytest.raises(WhatsAppError) as refused:
        await prepared(uploads, Image(link=shop.shows("/basket.jpg", JPEG)))
    assert refused.value.code == code


async def test_an_upload_longer_than_a_send_may_wait_goes_on_beside(
    database: Database, meta: SmallMeta, shop: SmallShop, clock: Clock
) -> None:
    may_go_on = asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        await may_go_on.wait()
        return web.Response(body=JPEG)

    uploads = MediaUploads(
        database=database,
        graph=meta.graph,
        fetcher=Fetcher(allows_loopback=True),
        clock=clock,
        patience_seconds=0.05,
    )
    link = shop.does("/basket.jpg", slow)
    with pytest.raises(Retryable, match="still being uploaded"):
        await prepared(uploads, Image(link=link))

    may_go_on.set()

    async def is_uploaded() -> bool:
        return len(meta.uploads) == 1

    await until(is_uploaded)
    await uploads.aclose()


async def test_a_template_that_demands_its_picture_goes_as_it_is(uploads: MediaUploads, shop: SmallShop) -> None:
    template: dict[str, Any] = {
        "type": "template",
        "template": {
            "name": "promotional_offer",
            "language": {"code": "fr"},
            "components": [
                {"type": "header", "parameters": [{"type": "image", "image": {"link": f"{shop.url}/none.jpg"}}]}
            ],
        },
    }
    ready = await uploads.prepare(KIMIA, template)

    assert ready.payload == template
    assert ready.notes[-1] == "It went with its link all the same."
