"""Photos of products, for whoever has the address."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from pydantic import HttpUrl

from demo.backend.api.asking import NOT_FOUND, Shop
from demo.backend.contract.shop import Product
from demo.backend.photos import Photos
from demo.backend.problems import Refusal
from demo.backend.records import catalogue

PHOTO_SECONDS = 24 * 3600  # a photo is drawn anew only when its product changes

router = APIRouter(tags=["shop"])


@router.get(
    "/photos/{product_id}.jpg",
    name="photo",
    summary="A product's photo",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "A JPEG."}, **NOT_FOUND},
)
def read_photo(request: Request, product_id: str, store: Shop) -> Response:
    """Without token: WhatsApp fetches it from the address in `photo_url`. It shows nothing personal."""
    with store.reading() as database:
        product = catalogue.product(database, None, product_id)
    if product is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "There is no such photo.")
    photos: Photos = request.app.state.photos
    tag = f'"{photos.fingerprint(product)}"'
    headers = {"Cache-Control": f"public, max-age={PHOTO_SECONDS}", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(photos.jpeg(product), media_type="image/jpeg", headers=headers)


def with_photo(product: Product, request: Request) -> Product:
    """The product with the address of its photo, as the caller reaches us."""
    address = HttpUrl(str(request.url_for("photo", product_id=product.id)))
    return product.model_copy(update={"photo_url": address})
