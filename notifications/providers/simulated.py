"""The provider of messages made with a test key: nothing leaves the house, and the recipient decides what follows.

    …00 delivered    …01 failed    …02 read    …03 unknown    anybody else: delivered

The last two digits of the number, or of what stands before the @, count. Receipts come as those of real providers do.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from channels.failures import Remedy
from channels.reports import Report, What
from notifications.outgoing import Outgoing
from notifications.providers.base import Accepted, Failed, Outcome, Uncertain
from notifications.providers.inapp import INAPP

NAME: Final = "simulated"

RECEIPT_SECONDS: Final = 0.2
"""Between a send and its receipt: as long as a quick provider takes. Our choice."""

_DIGITS: Final = re.compile(r"(\d\d)(?=$|@)")

RECEIPTS: Final[dict[str, tuple[What, ...]]] = {"02": ("sent", "delivered", "read")}
"""By the last digits of the recipient; of all others it is `delivered`."""

type Reported = Callable[[Report, str], Awaitable[None]]
"""Takes a report, and the business that it is of, as a provider's webhook would bring it."""


class SimulatedProvider:
    """Delivers on every channel, to nobody."""

    name = NAME

    def __init__(
        self, reported: Reported, clock: Callable[[], datetime], receipt_seconds: float = RECEIPT_SECONDS
    ) -> None:
        self._reported = reported
        self._clock = clock
        self._receipt_seconds = receipt_seconds
        self._under_way: set[asyncio.Task[None]] = set()

    async def deliver(self, message: Outgoing) -> Outcome:
        match _ending(message):
            case "01":
                reason = "Simulated: recipients that end in 01 cannot be reached."
                return Failed(provider=NAME, reason=reason, code=None, remedy=Remedy.OTHER_CHANNEL)
            case "03":
                return Uncertain(provider=NAME, reason="Simulated: of recipients that end in 03 no answer comes.")
            case ending:
                task = asyncio.create_task(self._report(message, RECEIPTS.get(ending, ("sent", "delivered"))))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
                return Accepted(provider=NAME, provider_message_id=f"{NAME}-{message.id}")

    async def aclose(self) -> None:
        """No receipts any more."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _report(self, message: Outgoing, told: tuple[What, ...]) -> None:
        for what in told:
            await asyncio.sleep(self._receipt_seconds)
            report = Report(
                provider=NAME,
                provider_message_id=f"{NAME}-{message.id}",
                our_id=message.id,
                what=what,
                at=self._clock(),
                event_id=f"{message.id}-{message.attempt}-{what}",
                raw={"simulated": what},
            )
            await self._reported(report, message.business_id)


def _ending(message: Outgoing) -> str:
    """Of an inbox, none: whose it is is an id of ours, which nobody chose."""
    found = None if message.channel == INAPP else _DIGITS.search(message.recipient or "")
    return found.group(1) if found is not None else ""
