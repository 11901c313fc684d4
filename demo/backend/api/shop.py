"""The shop: categories, merchants, products."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request

from demo.backend.api.asking import (
    NOT_FOUND,
    PAGE_DEFAULT,
    Asked,
    CategoryQuery,
    CursorQuery,
    Limit,
    MerchantQuery,
    Now,
    SearchQuery,
    Shop,
)
from demo.backend.api.photos import with_photo
from demo.backend.contract.shop import Categories, Merchant, Merchants, Product, Products
from demo.backend.problems import Refusal
from demo.backend.records import catalogue, pages
from demo.backend.search import best_matches

router = APIRouter(tags=["shop"])


@router.get("/categories", summary="The kinds of shop there are")
def list_categories(asked: Asked, store: Shop) -> Categories:
    """All of them; there are never many."""
    with store.reading() as database:
        return Categories(categories=catalogue.categories(database, asked.business))


@router.get("/merchants", summary="Who sells")
def list_merchants(
    asked: Asked,
    store: Shop,
    now: Now,
    query: SearchQuery = "",
    category: CategoryQuery = None,
    limit: Limit = PAGE_DEFAULT,
    cursor: CursorQuery = None,
) -> Merchants:
    """The search is yours: names and descriptions are searched here; case, accents and small typos do not count."""
    with store.reading() as database:
        merchants = catalogue.merchants(database, asked.business, now(), category)
    found = best_matches(query, merchants, lambda merchant: (merchant.name, merchant.description or ""))
    shown, following = pages.slice_of(found, limit, cursor)
    return Merchants(merchants=shown, next_cursor=following)


@router.get("/merchants/{merchant_id}", summary="One merchant", responses=NOT_FOUND)
def read_merchant(
    merchant_id: Annotated[str, Path(max_length=64, examples=["maman-wivine"])], asked: Asked, store: Shop, now: Now
) -> Merchant:
    """Whether it is open as of now."""
    with store.reading() as database:
        merchant = catalogue.merchant(database, asked.business, merchant_id, now())
    if merchant is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "This business has no merchant with that id.")
    return merchant


@router.get("/products", summary="What is for sale")
def list_products(
    request: Request,
    asked: Asked,
    store: Shop,
    query: SearchQuery = "",
    merchant: MerchantQuery = None,
    category: CategoryQuery = None,
    limit: Limit = PAGE_DEFAULT,
    cursor: CursorQuery = None,
) -> Products:
    """The search is yours: names, merchants and descriptions here; case, accents and small typos do not count."""
    with store.reading() as database:
        products = catalogue.products(database, asked.business, merchant, category)
    found = best_matches(query, products, lambda product: (product.name, f"{product.description} {product.merchant}"))
    shown, following = pages.slice_of(found, limit, cursor)
    return Products(products=[with_photo(product, request) for product in shown], next_cursor=following)


@router.get("/products/{product_id}", summary="One product", responses=NOT_FOUND)
def read_product(
    request: Request,
    product_id: Annotated[str, Path(max_length=64, examples=["poulet-mayo"])],
    asked: Asked,
    store: Shop,
) -> Product:
    """Its price, options and availability as of now."""
    with store.reading() as database:
        product = catalogue.product(database, asked.business, product_id)
    if product is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "This business has no product with that id.")
    return with_photo(product, request)
