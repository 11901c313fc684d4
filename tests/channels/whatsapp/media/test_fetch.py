"""A shop's picture is had as WhatsApp takes it, and nobody's link sends us where we must not go."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from PIL import Image

from channels.whatsapp.media.errors import MediaError, MediaGone, MediaRefused, MediaUnavailable
from channels.whatsapp.media.fetch import Fetched, Fetcher, Version
from channels.whatsapp.media.formats import MAX_BYTES
from tests.channels.whatsapp.media.small_meta import JPEG, OGG, PNG
from tests.channels.whatsapp.media.small_shop import Names, SmallShop

SOON_SECONDS = 0.2


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """One that may reach this machine, as beside an emulator."""
    fetcher = Fetcher(allows_loopback=True)
    yield fetcher
    await fetcher.aclose()


async def test_a_picture_comes_with_its_true_type_and_its_version(fetcher: Fetcher, shop: SmallShop) -> None:
    link = shop.shows("/basket", PNG, "image/jpeg", ETag='"v1"', Last_Modified="Sat, 21 Nov 2026 10:00:00 GMT")

    fetched = await fetcher.fetch("image", link)

    assert fetched == Fetched(
        content=PNG,
        mime_type="image/png",
        version=Version(etag='"v1"', last_modified="Sat, 21 Nov 2026 10:00:00 GMT"),
    )
    assert fetched.filename == "file.png"


async def test_a_file_that_is_still_the_same_is_not_sent_again(fetcher: Fetcher, shop: SmallShop) -> None:
    link = shop.shows("/basket", JPEG, ETag='"v1"')

    assert await fetcher.fetch("image", link, Version(etag='"v1"')) is None
    assert await fetcher.fetch("image", link, Version(etag='"v0"')) is not None


async def test_a_redirect_is_followed_and_a_relative_one_too(fetcher: Fetcher, shop: SmallShop) -> None:
    shop.shows("/real", JPEG)
    shop.leads("/second", "/real")
    link = shop.leads("/first", f"{shop.url}/second")

    assert await fetcher.fetch("image", link) is not None
    assert shop.asked == ["/first", "/second", "/real"]


async def test_redirects_end(fetcher: Fetcher, shop: SmallShop) -> None:
    with pytest.raises(MediaRefused, match="too often"):
        await fetcher.fetch("image", shop.leads("/round", "/round"))
    assert len(shop.asked) == 4


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, MediaGone),
        (410, MediaGone),
        (401, MediaRefused),
        (403, MediaRefused),
        (429, MediaUnavailable),
        (500, MediaUnavailable),
        (503, MediaUnavailable),
        (204, MediaRefused),
        (304, MediaRefused),
    ],
)
async def test_what_a_web_server_says_instead_decides_what_it_means(
    fetcher: Fetcher, shop: SmallShop, status: int, error: type[MediaError]
) -> None:
    async def conduct(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    with pytest.raises(error):
        await fetcher.fetch("image", shop.does("/basket", conduct))


@pytest.mark.parametrize(
    ("kind", "content", "mime_type"),
    [
        ("image", b"<!DOCTYPE html><p>Sorry</p>", "image/jpeg"),
        ("image", b"", "image/jpeg"),
        ("image", OGG, "image/jpeg"),
        ("image", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 600, "image/heic"),
        ("image", b"RIFF\x10\x00\x00\x00WEBPVP8 broken", "image/webp"),
        ("audio", JPEG, "audio/ogg"),
        ("sticker", b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\x00" * 110_000, "image/webp"),
        ("map", JPEG, "image/jpeg"),
    ],
)
async def test_what_whatsapp_would_not_take_is_refused(
    fetcher: Fetcher, shop: SmallShop, kind: str, content: bytes, mime_type: str
) -> None:
    with pytest.raises(MediaRefused):
        await fetcher.fetch(kind, shop.shows("/file", content, mime_type))


async def test_a_file_that_says_it_is_too_large_is_not_read(fetcher: Fetcher, shop: SmallShop) -> None:
    async def conduct(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": str(MAX_BYTES["image"] + 1)})
        await answer.prepare(request)
        await asyncio.Event().wait()
        return answer

    with pytest.raises(MediaRefused, match="larger"):
        await fetcher.fetch("image", shop.does("/huge", conduct))


async def test_an_endless_file_is_given_up_at_the_limit(fetcher: Fetcher, shop: SmallShop) -> None:
    async def conduct(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(JPEG)
        while True:
            await answer.write(bytes(1_000_000))

    with pytest.raises(MediaRefused, match="larger"):
        await fetcher.fetch("image", shop.does("/endless", conduct))


async def drip(request: web.Request) -> web.StreamResponse:
    """One byte at a time, for ever."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(b"\xff")
        await asyncio.sleep(0.01)


async def say_nothing(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    return web.Response()


async def break_off(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": "1000"})
    await answer.prepare(request)
    await answer.write(JPEG)
    assert request.transport is not None
    request.transport.close()
    return answer


@pytest.mark.parametrize("conduct", [drip, say_nothing, break_off])
async def test_who_never_ends_or_ends_too_soon_is_given_up(
    fetcher: Fetcher, shop: SmallShop, conduct: Callable[[web.Request], AsyncIterator[None]]
) -> None:
    link = shop.does("/slow", conduct)  # type: ignore[arg-type]

    with pytest.raises(MediaUnavailable):
        await fetcher.fetch("image", link, seconds=SOON_SECONDS)


@pytest.mark.parametrize(
    "link",
    [
        "http://shop.example.com/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://[::1]/a.jpg",
        "https://[::ffff:127.0.0.1]/a.jpg",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/a.jpg",
        "ftp://shop.example.com/a.jpg",
        "file:///etc/passwd",
        "https://user:password@shop.example.com/a.jpg",
        "shop.example.com/a.jpg",
        "https://",
        "",
    ],
)
async def test_outside_an_emulators_world_only_public_https_is_asked(link: str) -> None:
    fetcher = Fetcher(allows_loopback=False, resolver=Names({"shop.example.com": ["127.0.0.1"]}))

    with pytest.raises(MediaRefused):
        await fetcher.fetch("image", link)
    await fetcher.aclose()


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "100.64.0.1"]
)
async def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    fetcher = Fetcher(allows_loopback=False, resolver=Names({"shop.example.com": [address]}))

    with pytest.raises(MediaRefused, match="private network"):
        await fetcher.fetch("image", "https://shop.example.com/a.jpg")
    await fetcher.aclose()


async def test_a_redirect_into_a_private_network_is_refused(shop: SmallShop) -> None:
    link = shop.leads("/first", "http://10.0.0.1/admin")
    fetcher = Fetcher(allows_loopback=True)

    with pytest.raises(MediaRefused, match="private network"):
        await fetcher.fetch("image", link)
    assert shop.asked == ["/first"]
    await fetcher.aclose()


async def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_judged(shop: SmallShop) -> None:
    """The first answer may be reached, the second not: one question, one judgement, one connection."""
    shop.shows("/basket", JPEG)
    names = Names({"shop.example.com": ["127.0.0.1", "10.0.0.1"]})
    fetcher = Fetcher(allows_loopback=True, resolver=names)

    assert await fetcher.fetch("image", f"http://shop.example.com:{shop.port}/basket") is not None
    assert names.asked == ["shop.example.com"]
    await fetcher.aclose()


async def test_no_error_shows_the_address(fetcher: Fetcher, shop: SmallShop) -> None:
    with pytest.raises(MediaGone) as gone:
        await fetcher.fetch("image", f"{shop.url}/of-grace-242061234567.jpg")
    assert "242061234567" not in f"{gone.value}{gone.value!r}"


async def test_neither_cookies_nor_names_of_ours_go_along(fetcher: Fetcher, shop: SmallShop) -> None:
    link = shop.shows("/basket", JPEG, Set_Cookie="a=b")
    await fetcher.fetch("image", link)
    await fetcher.fetch("image", link)

    assert not {"Cookie", "Authorization"} & set(shop.headers[1])


def picture(kind: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    made = io.BytesIO()
    mode = "RGBA" if kind == "WEBP" else "P"
    Image.new(mode, size).save(made, kind, **options)
    return made.getvalue()


async def test_a_webp_becomes_a_jpeg_on_white(fetcher: Fetcher, shop: SmallShop) -> None:
    fetched = await fetcher.fetch("image", shop.shows("/basket.webp", picture("WEBP", lossless=True), "image/webp"))

    assert fetched is not None
    assert fetched.mime_type == "image/jpeg"
    assert fetched.note == "webp was made into JPEG"
    with Image.open(io.BytesIO(fetched.content)) as made:
        assert (made.format, made.size, made.getpixel((0, 0))) == ("JPEG", (40, 30), (255, 255, 255))


async def test_of_a_moving_gif_the_first_picture_is_shown(fetcher: Fetcher, shop: SmallShop) -> None:
    frames = [Image.new("RGB", (9, 9), color) for color in ("red", "blue")]
    fetched = await fetcher.fetch(
        "image", shop.shows("/a.gif", picture("GIF", (9, 9), save_all=True, append_images=frames), "image/gif")
    )

    assert fetched is not None
    assert fetched.note == "gif was made into JPEG, of which the first picture is shown"


async def test_a_small_file_that_unfolds_into_a_huge_picture_is_not_unfolded(fetcher: Fetcher, shop: SmallShop) -> None:
    bomb = picture("GIF", (6000, 6000))
    assert len(bomb) < 100_000

    with pytest.raises(MediaRefused, match="pixels"):
        await fetcher.fetch("image", shop.shows("/bomb.gif", bomb, "image/gif"))
