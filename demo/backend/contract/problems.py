"""What can stand in the way, as codes that a program can act on."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from demo.backend.contract.values import Money, Part


class Code(StrEnum):
    """The closed list of reasons."""

    ADDRESS_UNCLEAR = "address_unclear"
    OUTSIDE_AREA = "outside_area"
    PRICE_CHANGED = "price_changed"
    TOO_LATE_TO_CANCEL = "too_late_to_cancel"
    TOO_LATE_TO_CHANGE = "too_late_to_change"
    MERCHANT_CLOSED = "merchant_closed"
    SEVERAL_MERCHANTS = "several_merchants"
    PRODUCT_GONE = "product_gone"
    OUT_OF_STOCK = "out_of_stock"
    CHOICES_WRONG = "choices_wrong"
    BELOW_MINIMUM = "below_minimum"
    PROMO_UNKNOWN = "promo_unknown"
    PROMO_EXPIRED = "promo_expired"
    PROMO_USED = "promo_used"
    PROMO_NOT_APPLICABLE = "promo_not_applicable"
    PAYMENT_METHOD_UNAVAILABLE = "payment_method_unavailable"
    PAYMENT_REFERENCE_USED = "payment_reference_used"
    NOTHING_TO_PAY = "nothing_to_pay"
    NOT_PAID = "not_paid"
    NOT_DELIVERED = "not_delivered"
    TOO_LATE_TO_CLAIM = "too_late_to_claim"
    DELIVERY_UNDER_WAY = "delivery_under_way"
    INVALID = "invalid"
    KEY_REUSED = "key_reused"
    WITHDRAWN = "withdrawn"
    BUSY = "busy"
    UNAUTHORIZED = "unauthorized"
    NOT_FOUND = "not_found"
    FAILED = "failed"


class Obstacle(Part):
    """What stands in the way of an order, beside its price."""

    code: Code
    """One of a closed list."""
    detail: Annotated[str, Field(examples=["There are 2 of poulet-mayo."])]
    """A sentence for whoever runs the other side. It never quotes a phone number."""
    total: Money | None = None
    """With price_changed: what it costs now."""
    product_id: str | None = None
    """With product_gone, out_of_stock and choices_wrong: which product."""
    in_stock: int | None = None
    """With out_of_stock: how many there are."""
    opens_at: AwareDatetime | None = None
    """With merchant_closed: when it opens, where that is known."""
    minimum: Money | None = None
    """With below_minimum and promo_not_applicable: how much it takes."""


class Problem(Obstacle):
    """What went wrong (RFC 9457), served as application/problem+json."""

    type: str = "about:blank"
    """A URI for the kind of problem; "about:blank" where the status says enough."""
    title: Annotated[str, Field(examples=["Not Found"])]
    """The kind of problem in two words."""
    status: Annotated[int, Field(examples=[404])]
    """The HTTP status again."""
