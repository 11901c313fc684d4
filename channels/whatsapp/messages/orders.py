"""Paying for an order inside WhatsApp, and how the order stands: offered in India, Brazil and Singapore alone.

How one pays differs by country and changes often, so the payment is an object in Meta's own words, kept as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from channels.invalid import InvalidMessage
from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.messages.checks import check_json, check_optional, check_trimmed
from channels.whatsapp.messages.frame import Header, check_frame, framed, read_body, read_footer, read_header

REVIEW_AND_PAY: Final = "review_and_pay"
REVIEW_ORDER: Final = "review_order"
REFERENCE: Final = "reference_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetails:
    """What is to be paid: `payment` holds currency, total, items and the way to pay."""

    body: str = field(repr=False)
    reference_id: str  # ours; the payment's webhooks and its OrderStatus name it
    payment: Mapping[str, Any] = field(repr=False)
    header: Header | None = field(default=None, repr=False)
    footer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_frame("OrderDetails", self.body, self.header, self.footer)
        check_trimmed("OrderDetails.reference_id", self.reference_id)
        check_json("OrderDetails.payment", self.payment)
        if REFERENCE in self.payment:
            raise InvalidMessage("OrderDetails.payment", f"holds a {REFERENCE}; it stands beside the payment")

    def content(self) -> dict[str, Any]:
        action = {"name": REVIEW_AND_PAY, "parameters": {REFERENCE: self.reference_id, **self.payment}}
        return framed("order_details", action, self.body, self.header, self.footer)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        action = content.nested("action")
        action.constant("name", REVIEW_AND_PAY)
        parameters = dict(action.mapping("parameters") or {})
        return cls(
            header=read_header(content),
            body=read_body(content),
            footer=read_footer(content),
            reference_id=parameters.pop(REFERENCE, ""),
            payment=parameters,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatus:
    """How an order stands whose OrderDetails named the same `reference_id`; `status` is Meta's word."""

    body: str = field(repr=False)
    reference_id: str
    status: str
    description: str | None = field(default=None, repr=False)
    footer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_frame("OrderStatus", self.body, footer=self.footer)
        check_trimmed("OrderStatus.reference_id", self.reference_id)
        check_trimmed("OrderStatus.status", self.status)
        check_optional("OrderStatus.description", self.description)

    def content(self) -> dict[str, Any]:
        described = {} if self.description is None else {"description": self.description}
        parameters = {REFERENCE: self.reference_id, "order": {"status": self.status, **described}}
        return framed("order_status", {"name": REVIEW_ORDER, "parameters": parameters}, self.body, footer=self.footer)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        action = content.nested("action")
        action.constant("name", REVIEW_ORDER)
        parameters = action.nested("parameters")
        order = parameters.nested("order")
        return cls(
            body=read_body(content),
            footer=read_footer(content),
            reference_id=parameters.string(REFERENCE),
            status=order.string("status"),
            description=order.optional_string("description"),
        )
