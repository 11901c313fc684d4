"""Browsing the shop: categories, merchants, products."""

from backend.calls import Calls, Customer, path_id
from backend.wire.shop import read_categories, read_merchant, read_merchants, read_product, read_products
from backend.wire.values import Page
from trade.merchants import Category, Merchant
from trade.products import Product


class ShopCalls(Calls):
    """What the client asks about the shop. The search is the backend's: queries go to it as they were typed."""

    async def categories(self, customer: Customer) -> tuple[Category, ...]:
        """The kinds of shop there are."""
        return await self._get(customer, "/v1/categories", read_categories, {})

    async def merchants(
        self,
        customer: Customer,
        query: str | None = None,
        *,
        category_id: str | None = None,
        limit: int = 10,
        cursor: str | None = None,
    ) -> Page[Merchant]:
        """Who sells, the best matches of `query` first."""
        params = {"query": query or None, "category": category_id, "limit": str(limit), "cursor": cursor}
        return await self._get(customer, "/v1/merchants", read_merchants, params)

    async def merchant(self, customer: Customer, merchant_id: str) -> Merchant:
        """One merchant, and whether it is open now."""
        return await self._get(customer, f"/v1/merchants/{path_id(merchant_id)}", read_merchant, {})

    async def products(self, customer: Customer, query: str | None = None, limit: int = 10) -> tuple[Product, ...]:
        """Products of the business, the best matches of `query` first."""
        return (await self.product_page(customer, query, limit=limit)).items[:limit]

    async def product_page(
        self,
        customer: Customer,
        query: str | None = None,
        *,
        merchant_id: str | None = None,
        category_id: str | None = None,
        limit: int = 10,
        cursor: str | None = None,
    ) -> Page[Product]:
        """A page of products of the business, of one merchant, or of one category."""
        params = {
            "limit": str(limit),
            "query": query or None,
            "merchant": merchant_id,
            "category": category_id,
            "cursor": cursor,
        }
        return await self._get(customer, "/v1/products", read_products, params)

    async def product(self, customer: Customer, product_id: str) -> Product:
        """One product of the business."""
        return await self._get(customer, f"/v1/products/{path_id(product_id)}", read_product, {})
