"""The worker that asks Meta how our numbers and templates are: webhooks get lost, and some things bring none."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from channels.whatsapp.account import RemoteTemplate
from channels.whatsapp.errors import WhatsAppError
from channels.whatsapp.management import Management
from channels.whatsapp.messages import InvalidMessage
from channels.whatsapp.templates import Definition
from notifications import numbers, templates
from notifications.tables import number_health
from storage.clock import database_now
from storage.database import Database, StorageError
from storage.tables import businesses, phone_numbers

POLL_SECONDS: Final = 900.0
"""How often each number is asked about. Meta allows 200 management calls an hour; ours are a handful."""

JITTER: Final = 0.2
"""Of the pause, so that many installations do not ask at the same moment."""

LOOK_SECONDS: Final = 30.0
"""How often it is looked whether one is due."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNumber:
    """A number that is ours to ask about until the next time."""

    phone_number_id: str
    business_id: str
    business: str  # its slug
    waba_id: str | None


class AccountWatch:
    """Asks about each number and account every quarter of an hour; of several processes, one."""

    def __init__(
        self,
        *,
        database: Database,
        management: Management,
        definitions: Callable[[str], Iterable[Definition]],
        clock: Callable[[], datetime],
    ) -> None:
        """`definitions` gives the template files of a business, by its slug."""
        self._database = database
        self._management = management
        self._definitions = definitions
        self._clock = clock
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Ask until `stop`. An error of Meta's or of the database waits for the next time."""
        while not self._stopping.is_set():
            try:
                await self.look()
            except StorageError as error:
                log.error("account.not_kept", problem=str(error))
            except Exception:
                log.exception("account.watch_broken")
            await self._nap()

    def stop(self) -> None:
        """Ask nothing new."""
        self._stopping.set()

    async def look(self) -> int:
        """Ask about every number that is due now; returns how many there were."""
        # S311: a spread of pauses, nothing secret.
        pause = POLL_SECONDS * (1 + JITTER * (2 * random.random() - 1))  # noqa: S311
        due = await self._database.write(claim_due, self._clock(), pause)
        accounts = sorted({(each.business_id, each.business, each.waba_id) for each in due if each.waba_id is not None})
        asking: list[Callable[[], Awaitable[None]]] = [partial(self._ask_number, each) for each in due]
        asking += [partial(self._ask_templates, *account) for account in accounts]
        for ask in asking:
            if self._stopping.is_set():
                break
            await self._quietly(ask())
        return len(due)

    async def _ask_number(self, due: DueNumber) -> None:
        state = await self._management.number(due.phone_number_id)
        await self._database.write(numbers.keep, state, due.business_id, self._clock())

    async def _ask_templates(self, business_id: str, business: str, waba_id: str) -> None:
        listed = await self._management.templates(waba_id)
        definitions = list(self._definitions(business))
        await self._database.write(keep_templates, business_id, waba_id, listed, definitions, self._clock())

    async def _quietly(self, asking: Awaitable[None]) -> None:
        try:
            await asking
        except (WhatsAppError, InvalidMessage) as error:
            log.warning("account.not_asked", problem=str(error))

    async def _nap(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._stopping.wait()
        except TimeoutError:
            return


def claim_due(connection: Connection, now: datetime, pause_seconds: float) -> list[DueNumber]:
    """The numbers that are due; whoever takes them puts them off, so that no other process asks the same."""
    n, h = phone_numbers.c, number_health.c
    is_new = ~sa.exists().where(h.phone_number_id == n.phone_number_id)
    new = sa.select(n.phone_number_id, n.business_id).where(n.channel == "whatsapp", is_new)
    for row in connection.execute(new).all():
        numbers.ensure(connection, row.phone_number_id, row.business_id, now)
    taken = connection.scalars(
        sa.update(number_health)
        .where(h.check_at <= database_now())
        .values(check_at=database_now(pause_seconds))
        .returning(h.phone_number_id)
    ).all()
    rows = connection.execute(
        sa.select(n.phone_number_id, n.business_id, n.waba_id, businesses.c.slug)
        .join(businesses, businesses.c.id == n.business_id)
        .where(n.phone_number_id.in_(taken))
        .order_by(n.phone_number_id)
    ).all()
    return [
        DueNumber(
            phone_number_id=row.phone_number_id, business_id=row.business_id, business=row.slug, waba_id=row.waba_id
        )
        for row in rows
    ]


def keep_templates(
    connection: Connection,
    business_id: str,
    waba_id: str,
    listed: Sequence[RemoteTemplate],
    definitions: Sequence[Definition],
    now: datetime,
) -> None:
    """Keep what Meta listed, and beside it what our files say that Meta does not know."""
    templates.keep(connection, business_id, waba_id, listed, now)
    templates.forget_missing(connection, business_id, waba_id, listed, now)
    for each in definitions:
        templates.remember_file(
            connection,
            business_id,
            waba_id,
            name=each.name,
            language=each.language,
            category=each.category,
            alternate=each.alternate,
        )
