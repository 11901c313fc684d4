"""No rates of our own: for measuring the server, and for a WhatsApp that refuses nothing."""

from notifications.rates import pace
from notifications.rates.pace import Answer, Pair, Slot


class NoRates:
    """Lets everything go at once; only what WhatsApp refuses waits, each message for itself."""

    async def reserve(self, pair: Pair) -> Slot:
        return Slot(answer=Answer.GO)

    async def slow_number(self, phone_number_id: str, hold_seconds: float | None) -> float:
        return pace.HOLD_SECONDS if hold_seconds is None else hold_seconds

    async def hold_person(self, pair: Pair) -> float:
        return pace.HOLD_BASE

    async def aclose(self) -> None:
        """Nothing is held."""
