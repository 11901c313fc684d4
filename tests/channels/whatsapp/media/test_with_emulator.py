"""Files go to the emulator and come back, by what each side knows of Meta's documentation alone."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from channels.transport import AiohttpTransport
from channels.whatsapp import emulator
from channels.whatsapp.emulator.testing import NUMBER, Emulator
from channels.whatsapp.graph import Graph, OneToken
from channels.whatsapp.media.download import Announced, Downloads, Saved
from channels.whatsapp.media.errors import MediaGone
from channels.whatsapp.media.upload import upload, upload_handle
from tests.channels.whatsapp.media.small_meta import base64_digest

PHOTO = (Path(emulator.__file__).with_name("static") / "sample-photo.jpg").read_bytes()
APP = "200000000000001"


@pytest.fixture(scope="module")
def whatsapp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture
async def graph(whatsapp: Emulator) -> AsyncIterator[Graph]:
    transport = AiohttpTransport(limit=4)
    yield Graph(transport, whatsapp.address, "v23.0", OneToken(whatsapp.options.token))
    await transport.aclose()


@pytest.fixture
async def downloads(whatsapp: Emulator, graph: Graph) -> AsyncIterator[Downloads]:
    made = Downloads(graph, OneToken(whatsapp.options.token), whatsapp.address)
    yield made
    await made.aclose()


async def test_what_was_uploaded_is_downloaded_whole_until_its_id_expires(
    whatsapp: Emulator, graph: Graph, downloads: Downloads
) -> None:
    media_id = await upload(graph, NUMBER, PHOTO, "image/jpeg", "panier.jpg")
    kept: list[bytes] = []

    async def write(chunks: AsyncIterator[bytes]) -> None:
        kept.append(b"".join([chunk async for chunk in chunks]))

    photo = Announced(
        kind="image",
        media_id=media_id,
        phone_number_id=NUMBER,
        mime_type="image/jpeg",
        sha256=base64_digest(PHOTO),
    )
    assert await downloads.save(photo, write) == Saved(mime_type="image/jpeg", size=len(PHOTO))
    assert kept == [PHOTO]

    whatsapp.advance(31 * 24 * 3600)
    with pytest.raises(MediaGone):
        await downloads.save(photo, write)


async def test_an_example_for_a_template_becomes_a_handle(graph: Graph) -> None:
    assert await upload_handle(graph, APP, NUMBER, PHOTO, "image/jpeg", "example.jpg")
