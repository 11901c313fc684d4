"""How things are paid, and the proof that they were."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from demo.backend.contract.values import Id, Money, Part

Method = Literal["cash", "mobile_money"]
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{3,63}$", examples=["MP250127.1015.C04417"])]


class PaymentOption(Part):
    """A way to pay that is offered."""

    method: Annotated[str, Field(examples=["mobile_money"])]
    """cash (to the courier) or mobile_money."""
    provider: Annotated[str | None, Field(examples=["MTN MoMo"])] = None
    """Whose mobile money it is."""
    pay_to: Annotated[str | None, Field(examples=["+242065000001"])] = None
    """The number the money is sent to."""


class PaymentWanted(Part):
    """The way to pay that was chosen."""

    method: Method
    """One of those offered."""
    provider: str | None = None
    """Whose mobile money; needed where several are offered."""
    reference: Reference | None = None
    """The operator's reference, where it is paid already."""


class Payment(Part):
    """What is to be paid for one mission or order, and whether it is."""

    about: Id
    """The code of the mission or order."""
    method: Annotated[str, Field(examples=["mobile_money"])]
    """cash or mobile_money."""
    status: Annotated[str, Field(examples=["checking"])]
    """due, checking (a reference was given), paid, refunded or cancelled."""
    amount: Money
    """How much."""
    provider: str | None = None
    """Whose mobile money it is."""
    pay_to: str | None = None
    """The number the money is sent to, while it is due."""
    reference: str | None = None
    """The operator's reference, as the customer gave it."""
    paid_at: AwareDatetime | None = None
    """When it was known to be paid."""


class NewPayment(Part):
    """The reference of a mobile money payment."""

    about: Id
    """The code of the mission or order."""
    provider: str | None = None
    """Whose mobile money, where it is another than was chosen."""
    reference: Reference
    """The operator's reference."""


class ReceiptLine(Part):
    """One line of a receipt."""

    label: str
    """What was paid for."""
    quantity: int = 1
    """How many."""
    amount: Money
    """For all of them."""


class Receipt(Part):
    """The proof that something was paid."""

    number: str
    """Of the receipt itself."""
    about: Id
    """The code of the mission or order."""
    issued_at: AwareDatetime
    """When it was paid."""
    issuer: str
    """The business."""
    lines: list[ReceiptLine]
    """What was paid for; a discount is not among them."""
    discount: Money
    """What was taken off."""
    total: Money
    """What was paid."""
    payment: Payment
    """How it was paid."""
