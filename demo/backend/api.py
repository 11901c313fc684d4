"""The contract's routes: missions of a customer, products of a business, photos."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import HttpUrl

from demo.backend.callers import Caller, caller, shop
from demo.backend.contract import Mission, Missions, Problem, Product, Products
from demo.backend.photos import Photos
from demo.backend.problems import Refusal
from demo.backend.store import Store

PAGE_DEFAULT = 10  # what a WhatsApp list shows
PAGE_LIMIT = 50
PHOTO_SECONDS = 24 * 3600  # a photo is drawn anew only when its product changes

Limit = Annotated[int, Query(ge=1, le=PAGE_LIMIT, description="How many at most.")]
Asked = Annotated[Caller, Depends(caller)]
Shop = Annotated[Store, Depends(shop)]

REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "The token is missing or wrong."},
    422: {"model": Problem, "description": "A header or a parameter is missing or wrong; the detail names it."},
    503: {"model": Problem, "description": "Not now. Relais asks once more, then apologises to the customer."},
}
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "It does not exist, or it is not this customer's."}
}

router = APIRouter()
v1 = APIRouter(prefix="/v1", responses=REFUSALS)


@v1.get("/missions/{code}", summary="One mission of the customer", tags=["missions"], responses=NOT_FOUND)
def read_mission(
    code: Annotated[str, Path(max_length=64, examples=["COUR-20250127-061"])], asked: Asked, store: Shop
) -> Mission:
    """Answer 404 when it is somebody else's, exactly as when it does not exist.

    Otherwise the codes, which are easy to guess, would tell strangers what exists.
    """
    mission = store.mission(asked.business, asked.phone, code)
    if mission is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "This customer has no mission with that code.")
    return mission


@v1.get("/missions", summary="The customer's missions", tags=["missions"])
def list_missions(asked: Asked, store: Shop, limit: Limit = PAGE_DEFAULT) -> Missions:
    """Newest first; an empty list for a customer who has none."""
    return Missions(missions=store.missions(asked.business, asked.phone, limit))


@v1.get("/products", summary="What the business sells", tags=["products"])
def list_products(
    request: Request,
    asked: Asked,
    store: Shop,
    query: Annotated[str, Query(max_length=200, description="Words to look for; empty means all.")] = "",
    limit: Limit = PAGE_DEFAULT,
) -> Products:
    """Names, merchants and descriptions are searched; case and accents do not count."""
    found = store.products(asked.business, query)[:limit]
    return Products(products=[_with_photo(product, request) for product in found])


@v1.get("/products/{product_id}", summary="One product", tags=["products"], responses=NOT_FOUND)
def read_product(
    request: Request,
    product_id: Annotated[str, Path(max_length=64, examples=["poulet-mayo"])],
    asked: Asked,
    store: Shop,
) -> Product:
    """Its price and availability as of now."""
    product = store.product(asked.business, product_id)
    if product is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "This business has no product with that id.")
    return _with_photo(product, request)


router.include_router(v1)


@router.get(
    "/photos/{product_id}.jpg",
    name="photo",
    summary="A product's photo",
    tags=["products"],
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "A JPEG."}, **NOT_FOUND},
)
def read_photo(request: Request, product_id: str, store: Shop) -> Response:
    """Without token: WhatsApp fetches it from the address in `photo_url`. It shows nothing personal."""
    product = store.product(None, product_id)
    if product is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "There is no such photo.")
    photos: Photos = request.app.state.photos
    tag = f'"{photos.fingerprint(product)}"'
    headers = {"Cache-Control": f"public, max-age={PHOTO_SECONDS}", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(photos.jpeg(product), media_type="image/jpeg", headers=headers)


def _with_photo(product: Product, request: Request) -> Product:
    address = HttpUrl(str(request.url_for("photo", product_id=product.id)))
    return product.model_copy(update={"photo_url": address})
