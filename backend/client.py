"""Asks the business system, on behalf of one customer; the only place that knows its URLs."""

from dataclasses import dataclass

import httpx

from trade.missions import Mission
from trade.products import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """On whose behalf a question is asked."""

    business: str  # slug, as in business.yml
    phone: str  # E.164; travels in a header, never in a URL


class BackendClient:
    """The calls of docs/backend.md as methods; raises nothing but `BackendError`."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, token: str) -> None:
        """Use a connection pool that somebody else opens and closes."""
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._token = token

    async def mission(self, customer: Customer, code: str) -> Mission:
        """One mission of this customer."""
        raise NotImplementedError

    async def missions(self, customer: Customer, limit: int = 10) -> tuple[Mission, ...]:
        """The customer's missions, newest first."""
        raise NotImplementedError

    async def products(
        self, customer: Customer, query: str | None = None, limit: int = 10
    ) -> tuple[Product, ...]:
        """Products of the business, the best matches of `query` first."""
        raise NotImplementedError

    async def product(self, customer: Customer, product_id: str) -> Product:
        """One product of the business."""
        raise NotImplementedError
