"""Giving up a write whose answer was lost."""

from backend.calls import Calls, Customer
from backend.wire.withdrawals import Withdrawn, read_withdrawn


class WithdrawalCalls(Calls):
    """What the client asks where it does not know whether something was done."""

    async def withdraw(self, customer: Customer, given_up: str, *, key: str) -> Withdrawn:
        """What the write under the key `given_up` made; where that is nothing, it never will."""
        return await self._write(customer, "POST", "/v1/withdrawals", {"key": given_up}, read_withdrawn, key=key)
