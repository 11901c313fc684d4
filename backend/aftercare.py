"""Claims, ratings, and what people may ask about their own data."""

from collections.abc import Sequence

from backend.calls import Calls, Customer, path_id
from backend.wire.aftercare import (
    Deletion,
    Export,
    read_claim,
    read_claims,
    read_deletion,
    read_export,
    read_rating,
    write_media,
)
from backend.wire.values import Page, present
from trade.claims import Claim, Media, Rating


class AftercareCalls(Calls):
    """What the client asks when a delivery is over, or went wrong."""

    async def make_claim(
        self,
        customer: Customer,
        about: str,
        kind: str,
        *,
        description: str | None = None,
        media: Sequence[Media] = (),
        key: str,
    ) -> Claim:
        """Complain about a mission or an order, with the files the person sent."""
        files = [write_media(each) for each in media]
        body = present({"about": about, "kind": kind, "description": description, "media": files})
        return await self._write(customer, "POST", "/v1/claims", body, read_claim, key=key)

    async def claim(self, customer: Customer, claim_id: str) -> Claim:
        """One claim of this customer."""
        return await self._get(customer, f"/v1/claims/{path_id(claim_id)}", read_claim, {})

    async def claims(self, customer: Customer, limit: int = 10, cursor: str | None = None) -> Page[Claim]:
        """A page of the customer's claims, newest first."""
        return await self._get(customer, "/v1/claims", read_claims, {"limit": str(limit), "cursor": cursor})

    async def rate(self, customer: Customer, about: str, score: int, *, comment: str | None = None, key: str) -> Rating:
        """Rate a delivery from 1 to 5; a later rating takes the place of the one before."""
        body = present({"about": about, "score": score, "comment": comment})
        return await self._write(customer, "POST", "/v1/ratings", body, read_rating, key=key)

    async def export(self, customer: Customer) -> Export:
        """Everything the backend holds about this customer."""
        return await self._get(customer, "/v1/customer/export", read_export, {})

    async def delete_customer(self, customer: Customer, *, key: str) -> Deletion:
        """Delete the customer's data; Refused with `delivery_under_way` while somebody is on the way for them."""
        return await self._write(customer, "DELETE", "/v1/customer", None, read_deletion, key=key)
