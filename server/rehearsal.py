"""Plugs the simulated provider in: what it reports is kept as a provider's webhook would be."""

from collections.abc import Callable
from datetime import datetime

from channels.reports import Report
from notifications.providers.simulated import SimulatedProvider
from notifications.receipts import ReceiptBook
from storage.database import Database
from storage.wakeup import Wakeup


def build_rehearsal(database: Database, wakeup: Wakeup, clock: Callable[[], datetime]) -> SimulatedProvider:
    """For messages made with a test key."""
    book = ReceiptBook()

    async def reported(report: Report, business_id: str) -> None:
        if await database.write(book.record_report, report, business_id, clock()):
            wakeup.signal("messages")
            wakeup.signal("plans")

    return SimulatedProvider(reported, clock)
