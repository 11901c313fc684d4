"""Photos are drawn once, small enough for a chat, and cached by whoever fetches them."""

from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from demo.backend.contract.shop import Product
from demo.backend.contract.values import Money
from demo.backend.photos import Photos
from demo.backend.seed import seed_businesses
from demo.backend.settings import Settings

PHOTO_LIMIT = 200_000  # bytes
EVERY_PRODUCT = [product.id for business in seed_businesses() for product in business.products]
OEUF = Product.model_validate(
    {"id": "oeuf", "name": "Brik à l’œuf", "price": Money(amount=4, currency="TND"), "merchant": "Épicerie"}
)


@pytest.mark.parametrize("product_id", EVERY_PRODUCT)
async def test_every_product_has_a_square_jpeg_that_a_phone_loads_quickly(
    http: httpx.AsyncClient, product_id: str
) -> None:
    answer = await http.get(f"/photos/{product_id}.jpg")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert len(answer.content) <= PHOTO_LIMIT
    picture = Image.open(BytesIO(answer.content))
    assert (picture.format, picture.size) == ("JPEG", (800, 800))


async def test_a_photo_may_be_kept_and_is_not_sent_twice(http: httpx.AsyncClient) -> None:
    first = await http.get("/photos/poulet-mayo.jpg")

    again = await http.get("/photos/poulet-mayo.jpg", headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == "public, max-age=86400"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fbackend", "%2e%2e"])
async def test_there_is_no_photo_of_what_is_not_sold(http: httpx.AsyncClient, name: str) -> None:
    assert (await http.get(f"/photos/{name}.jpg")).status_code == 404


async def test_a_photo_is_drawn_once(http: httpx.AsyncClient, settings: Settings) -> None:
    await http.get("/photos/poulet-mayo.jpg")
    (file,) = settings.photos.iterdir()
    file.write_bytes(b"kept")

    assert (await http.get("/photos/poulet-mayo.jpg")).content == b"kept"


def test_a_machine_without_fonts_still_draws_the_name(tmp_path: Path) -> None:
    picture = Image.open(BytesIO(Photos(tmp_path, fonts=()).jpeg(OEUF)))

    assert picture.size == (800, 800)


def test_a_new_name_makes_a_new_photo(tmp_path: Path) -> None:
    photos = Photos(tmp_path)

    assert photos.fingerprint(OEUF) != photos.fingerprint(OEUF.model_copy(update={"name": "Brik"}))
