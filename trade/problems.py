"""Problems: why a backend says no, in words a program can act on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trade.money import Money


class ProblemCode(StrEnum):
    """The closed list of docs/backend.md. A newer backend may send others: `Problem.code` is any string."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason, with what is needed to tell a person about it."""

    code: str
    detail: str = ""  # for whoever runs the other side, never for the person
    total: Money | None = None  # price_changed: what it costs now
    product_id: str | None = None  # product_gone, out_of_stock, choices_wrong
    in_stock: int | None = None  # out_of_stock: how many there are
    opens_at: datetime | None = None  # merchant_closed: when it opens
    minimum: Money | None = None  # below_minimum, promo_not_applicable
