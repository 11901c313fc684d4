"""Pricing carts, ordering them, and what became of them."""

from backend.calls import Calls, Customer, is_of, path_id
from backend.errors import NotFound
from backend.wire.orders import read_order, read_order_quote, read_orders, write_order_draft
from backend.wire.payments import read_payment, read_receipt
from backend.wire.values import Page, present, write_money, write_payment, write_place, write_recipient
from trade.missions import Recipient
from trade.money import Money
from trade.orders import Order, OrderDraft, OrderQuote
from trade.payments import Payment, PaymentChoice, Receipt
from trade.places import Place


class OrderCalls(Calls):
    """What the client asks about orders and their payment."""

    async def quote_order(self, customer: Customer, draft: OrderDraft) -> OrderQuote:
        """What the cart costs now, and everything that stands in the way of ordering it."""
        return await self._quote(customer, "/v1/order-quotes", write_order_draft(draft), read_order_quote)

    async def place_order(
        self,
        customer: Customer,
        draft: OrderDraft,
        payment: PaymentChoice,
        expected_total: Money,
        *,
        recipient: Recipient | None = None,
        note: str | None = None,
        key: str,
    ) -> Order:
        """Order the cart at the price the person agreed to; Refused for the first thing that stands in the way."""
        body = write_order_draft(draft) | present(
            {
                "recipient": write_recipient(recipient) if recipient else None,
                "payment": write_payment(payment),
                "expected_total": write_money(expected_total),
                "note": note,
            }
        )
        return _own(await self._write(customer, "POST", "/v1/orders", body, read_order, key=key), customer)

    async def order(self, customer: Customer, code: str) -> Order:
        """One order of this customer; somebody else's is NotFound, even if the backend gave it."""
        return _own(await self._get(customer, f"/v1/orders/{path_id(code)}", read_order, {}), customer)

    async def orders(self, customer: Customer, limit: int = 10, cursor: str | None = None) -> Page[Order]:
        """A page of the customer's orders, newest first."""
        page = await self._get(customer, "/v1/orders", read_orders, {"limit": str(limit), "cursor": cursor})
        own = tuple(order for order in page.items if is_of(order.customer_phone, customer, order.code))
        return Page(items=own[:limit], next_cursor=page.next_cursor)

    async def cancel_order(self, customer: Customer, code: str, *, reason: str | None = None, key: str) -> Order:
        """Call it off, while that is allowed."""
        path = f"/v1/orders/{path_id(code)}/cancel"
        body = present({"reason": reason})
        return _own(await self._write(customer, "POST", path, body, read_order, key=key), customer)

    async def change_order_dropoff(
        self, customer: Customer, code: str, dropoff: Place, expected_total: Money, *, key: str
    ) -> Order:
        """Bring it elsewhere; Refused with `price_changed` where that costs something else."""
        path = f"/v1/orders/{path_id(code)}/dropoff"
        body = {"dropoff": write_place(dropoff), "expected_total": write_money(expected_total)}
        return _own(await self._write(customer, "POST", path, body, read_order, key=key), customer)

    async def pay(
        self, customer: Customer, about: str, reference: str, *, provider: str | None = None, key: str
    ) -> Payment:
        """Give the operator's reference of a mobile money payment for a mission or an order."""
        body = present({"about": about, "reference": reference, "provider": provider})
        return await self._write(customer, "POST", "/v1/payments", body, read_payment, key=key)

    async def receipt(self, customer: Customer, code: str) -> Receipt:
        """The receipt of a mission or an order; Refused with `not_paid` before it is paid."""
        return await self._get(customer, f"/v1/receipts/{path_id(code)}", read_receipt, {})


def _own(order: Order, customer: Customer) -> Order:
    if not is_of(order.customer_phone, customer, order.code):
        raise NotFound("no such order")
    return order
