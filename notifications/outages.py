"""Who is away or refuses our account, as all workers know it: rows, written and read along with a worker's claims.

Whichever worker finds out writes the row; the others heed it within half a second, and a worker that starts anew finds
it. The row's `probe_at` is moved by whose message tries next, so that one does over all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from notifications.outage import TRIAL_SECONDS, News, Outage
from notifications.tables import outages
from storage.clock import database_now
from storage.insert import insert_new

FIRST_STOP_SECONDS, LONGEST_STOP_SECONDS = 5.0, 600.0
"""How long a provider that refused our account is left alone; each stop in a row is twice the one before."""

FORGOTTEN_SECONDS: Final = 24 * 3600.0
"""Whom nobody wanted to try for so long, such as a provider that was taken out of the settings, nothing is known of."""


class Kind(StrEnum):
    """What an outage is of."""

    CHANNEL = "channel"
    """None of its providers answers."""
    PROVIDER = "provider"
    """One of several of a channel does not answer."""
    REFUSED = "refused"
    """A provider takes nothing of our account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An outage that all workers heed."""

    kind: Kind
    name: str
    """The channel's, or the provider's."""
    reason: str
    began_at: datetime
    probe_at: datetime
    """When the next message tries, or by when the one that tries is to have an answer."""


type Told = Sequence[tuple[Outage, tuple[News, bool]]]
"""What was written for others, in a transaction that may yet be undone."""


class Outages:
    """A worker's own outages, by what they are of. Until they are shared, it finds out for itself."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` is steady, in seconds."""
        self._clock = clock
        self._outages: dict[tuple[Kind, str], Outage] = {}

    def of(self, kind: Kind, name: str) -> Outage:
        """The outage, or what would become one."""
        key = kind, name
        if key not in self._outages:
            is_refusal = kind is Kind.REFUSED
            rests = (FIRST_STOP_SECONDS, LONGEST_STOP_SECONDS) if is_refusal else None
            self._outages[key] = Outage(self._clock, failures=1 if is_refusal else 5, rests=rests)
        return self._outages[key]

    def of_channels(self) -> list[tuple[str, Outage]]:
        """Those of whole channels, by name; copied at once, since a claim asks from another thread."""
        return [(name, outage) for (kind, name), outage in list(self._outages.items()) if kind is Kind.CHANNEL]

    def share(self, connection: Connection) -> Told:
        """Tell the others what was learnt here, learn from them, and take the turn to try where it is free.

        What is returned is for `committed`, after the commit: what a rollback undoes is told again the next time.
        """
        told = []
        for (kind, name), outage in list(self._outages.items()):
            if (news := outage.news) is not None:
                _tell(connection, kind, name, outage, *news)
                told.append((outage, news))
        self._learn({(Kind(row.kind), row.name): row for row in connection.execute(_ALL)})
        for (kind, name), outage in list(self._outages.items()):
            if outage.wants_to_try and _takes_turn(connection, kind, name):
                outage.granted()
        return told

    def committed(self, told: Told) -> None:
        """Others know it from now on."""
        for outage, news in told:
            outage.news_are_kept(news)

    def _learn(self, found: Mapping[tuple[Kind, str], Row[Any]]) -> None:
        for key, row in found.items():
            self.of(*key).told(row.probes + 1, max(0.0, (row.probe_at - row.now).total_seconds()))
        for key, outage in list(self._outages.items()):
            if key not in found:
                outage.told_of_none()
            elif key[0] is Kind.CHANNEL:
                # What waits for a channel is in the queue: a claim looks whether there is any.
                outage.is_wanted = True


def known(connection: Connection) -> Sequence[Known]:
    """Every outage that workers heed now, the longest first."""
    o = outages.c
    rows = connection.execute(
        sa.select(o.kind, o.name, o.reason, o.began_at, o.probe_at)
        .where(o.probe_at > database_now(-FORGOTTEN_SECONDS))
        .order_by(o.began_at)
    )
    return [Known(**{**row._mapping, "kind": Kind(row.kind)}) for row in rows]


def _tell(connection: Connection, kind: Kind, name: str, outage: Outage, news: News, was_turn: bool) -> None:
    o = outages.c
    is_it = (o.kind == kind, o.name == name)
    if news is News.PASSED:
        connection.execute(sa.delete(outages).where(*is_it))
        return
    now, then = connection.execute(sa.select(database_now(), database_now(outage.seconds_left()))).one()
    connection.execute(sa.delete(outages).where(*is_it, o.probe_at <= database_now(-FORGOTTEN_SECONDS)))
    row = {"kind": kind, "name": name, "reason": outage.reason, "began_at": now, "probe_at": then, "probes": 0}
    # What another worker wrote first holds, but for who had the turn to try.
    if insert_new(connection, outages, row, o.name) is None and was_turn:
        failed = {"reason": outage.reason, "probe_at": then, "probes": o.probes + 1}
        connection.execute(sa.update(outages).where(*is_it).values(failed))


def _takes_turn(connection: Connection, kind: Kind, name: str) -> bool:
    """One worker does: for whoever comes second, the moment has moved."""
    o = outages.c
    turn = (
        sa.update(outages)
        .where(o.kind == kind, o.name == name, o.probe_at <= database_now())
        .values(probe_at=database_now(TRIAL_SECONDS))
    )
    return connection.execute(turn).rowcount == 1


_ALL: Final[sa.Select[Any]] = sa.select(
    outages.c.kind,
    outages.c.name,
    outages.c.probes,
    outages.c.probe_at,
    sa.type_coerce(database_now(), outages.c.probe_at.type).label("now"),
).where(outages.c.probe_at > database_now(-FORGOTTEN_SECONDS))
