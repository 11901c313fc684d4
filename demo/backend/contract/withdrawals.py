"""Withdrawing a write whose answer was lost."""

from typing import Annotated

from pydantic import Field

from demo.backend.contract.values import Id, Part


class Withdrawal(Part):
    """A wish that the customer gives up, without knowing whether it was fulfilled."""

    key: Annotated[
        str, Field(pattern="^[!-~]{1,255}$", examples=["0194a7c2-1f0e-7b7a-9d1c-8f4f6d1b2a33:place_order:1"])
    ]
    """The Idempotency-Key of the write that is given up, which was one of this customer's."""


class Withdrawn(Part):
    """What has become of it, for good."""

    code: Annotated[Id | None, Field(examples=["CMD-20250127-012"])] = None
    """The mission or the order that it had made already. Null where it made none, and never will."""
