"""Webhooks waiting for the server, and the log of those it took: stored first, then tried until taken."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from channels.whatsapp.emulator.database import Database

FIRST_INTERVAL_SECONDS = 0.5
# Meta's intervals grow to hours; a developer who has just started the server does not want to wait that long.
LONGEST_INTERVAL_UNREACHABLE_SECONDS = 5.0
LONGEST_INTERVAL_REFUSED_SECONDS = 60.0
GIVEN_UP_AFTER = timedelta(days=7)  # Meta's webhook documentation: retried "for up to 7 days"
# A webhook refused this often no longer holds back the ones behind it in its lane (Meta keeps no order at all).
REFUSALS_THAT_HOLD_THE_LANE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    id: int
    lane: str
    about: str  # a word for the log: text, image, sent, delivered …
    message_id: int | None
    also: tuple[int, ...]  # further messages it is about
    body: bytes
    created_at: float
    tries: int
    refusals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one try: an HTTP status, or why there was none."""

    http_status: int | None
    milliseconds: float
    problem: str | None = None

    @property
    def taken(self) -> bool:
        return self.http_status == 200  # anything else is retried, other 2xx included


class WebhookQueue:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self,
        t: sqlite3.Connection,
        *,
        lane: str,
        about: str,
        message_id: int | None,
        body: bytes,
        at: datetime,
        due_at: datetime | None = None,
        also: Sequence[int] = (),
    ) -> None:
        """Queue a webhook; `also` are further messages it is about, `due_at` is when it is first tried."""
        t.execute(
            "INSERT INTO webhooks (lane, about, message_id, also, body, created_at, next_try_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (lane, about, message_id, json.dumps(list(also)), body, at.timestamp(), (due_at or at).timestamp()),
        )

    def hold(
        self,
        t: sqlite3.Connection,
        group: str,
        *,
        about: str,
        message_id: int | None,
        body: bytes,
        at: datetime,
        until: datetime,
    ) -> None:
        """Keep a webhook back, until the group is released."""
        t.execute(
            "INSERT INTO webhooks (lane, about, message_id, body, created_at, held_until) VALUES (?, ?, ?, ?, ?, ?)",
            (group, about, message_id, body, at.timestamp(), until.timestamp()),
        )

    def held(self, group: str) -> list[Webhook]:
        rows = self._database.rows(
            "SELECT * FROM webhooks WHERE lane = ? AND held_until IS NOT NULL ORDER BY id", group
        )
        return [_webhook(row) for row in rows]

    def forget_held(self, t: sqlite3.Connection, group: str) -> None:
        t.execute("DELETE FROM webhooks WHERE lane = ? AND held_until IS NOT NULL", (group,))

    def overdue_groups(self, now: datetime) -> list[str]:
        rows = self._database.rows("SELECT DISTINCT lane FROM webhooks WHERE held_until <= ?", now.timestamp())
        return [row["lane"] for row in rows]

    def seconds_until_overdue(self, now: datetime) -> float | None:
        row = self._database.row("SELECT min(held_until) AS until FROM webhooks WHERE held_until IS NOT NULL")
        return None if row is None or row["until"] is None else max(0.0, float(row["until"]) - now.timestamp())

    def put_settled(self, t: sqlite3.Connection, *, about: str, body: bytes, at: datetime, answer: Answer) -> None:
        """Log a webhook that was posted once, outside the queue."""
        t.execute(
            "INSERT INTO webhooks (lane, about, body, created_at, tries, delivered_at, http_status, milliseconds,"
            " problem) VALUES ('', ?, ?, ?, 1, ?, ?, ?, ?)",
            (about, body, at.timestamp(), at.timestamp() if answer.taken else None, *_columns(answer)),
        )

    def due(self, now: datetime, *, busy: Collection[int], most: int) -> list[Webhook]:
        """Those to try now: the first of each lane, if its time has come and it is not being tried already."""
        rows = self._database.rows(
            f"{_HEADS} AND head.next_try_at <= ? ORDER BY head.next_try_at LIMIT ?",
            *(REFUSALS_THAT_HOLD_THE_LANE, now.timestamp(), most + len(busy)),
        )
        return [_webhook(row) for row in rows if row["id"] not in busy][:most]

    def seconds_until_due(self, now: datetime, *, busy: Collection[int]) -> float | None:
        rows = self._database.rows(
            f"{_HEADS} ORDER BY head.next_try_at LIMIT ?", REFUSALS_THAT_HOLD_THE_LANE, 1 + len(busy)
        )
        times = [row["next_try_at"] for row in rows if row["id"] not in busy]
        return max(0.0, min(times) - now.timestamp()) if times else None

    def settle(self, t: sqlite3.Connection, webhook: Webhook, answer: Answer, now: datetime) -> None:
        """Note one try: done, to be tried again later, or given up."""
        refusals = webhook.refusals + (answer.http_status is not None and not answer.taken)
        given_up = now.timestamp() - webhook.created_at > GIVEN_UP_AFTER.total_seconds()
        next_try_at = None if answer.taken or given_up else now.timestamp() + interval(webhook.tries, answer)
        t.execute(
            "UPDATE webhooks SET tries = tries + 1, refusals = ?, next_try_at = ?, delivered_at = ?,"
            " http_status = ?, milliseconds = ?, problem = ? WHERE id = ?",
            (refusals, next_try_at, now.timestamp() if answer.taken else None, *_columns(answer), webhook.id),
        )

    def hurry_unanswered(self, t: sqlite3.Connection, now: datetime) -> None:
        """The server is back: what waited because nobody answered is tried at once."""
        t.execute(
            "UPDATE webhooks SET next_try_at = ? WHERE next_try_at > ? AND http_status IS NULL",
            (now.timestamp(), now.timestamp()),
        )

    def waiting(self) -> int:
        row = self._database.row(
            "SELECT count(*) AS waiting FROM webhooks WHERE next_try_at IS NOT NULL OR held_until IS NOT NULL"
        )
        return int(row["waiting"]) if row else 0

    def waiting_about(self, message_id: int) -> int:
        """How many webhooks about this message the server has still to take."""
        row = self._database.row(
            "SELECT count(*) AS waiting FROM webhooks WHERE message_id = ? AND next_try_at IS NOT NULL", message_id
        )
        return int(row["waiting"]) if row else 0

    def hurry(self, t: sqlite3.Connection, now: datetime) -> None:
        """Whatever waits is due."""
        t.execute("UPDATE webhooks SET next_try_at = ? WHERE next_try_at > ?", (now.timestamp(), now.timestamp()))

    def come_back(self, t: sqlite3.Connection, by: timedelta) -> None:
        """The clock was moved back: what waits keeps its distance to now."""
        seconds = by.total_seconds()
        t.execute("UPDATE webhooks SET next_try_at = next_try_at - ? WHERE next_try_at IS NOT NULL", (seconds,))
        t.execute("UPDATE webhooks SET held_until = held_until - ? WHERE held_until IS NOT NULL", (seconds,))

    def log(self, *, after: int, message_id: int | None = None) -> list[dict[str, Any]]:
        rows = self._database.rows(
            "SELECT * FROM webhooks WHERE id > ? AND (? IS NULL OR message_id = ?) ORDER BY id",
            *(after, message_id, message_id),
        )
        return [_logged(row) for row in rows]

    def prune(self, t: sqlite3.Connection, now: datetime) -> None:
        """Forget what was settled more than a week ago."""
        t.execute(
            "DELETE FROM webhooks WHERE next_try_at IS NULL AND held_until IS NULL AND created_at < ?",
            ((now - GIVEN_UP_AFTER).timestamp(),),
        )


def interval(tries: int, answer: Answer) -> float:
    """Seconds until the next try, after so many earlier ones."""
    longest = LONGEST_INTERVAL_UNREACHABLE_SECONDS if answer.http_status is None else LONGEST_INTERVAL_REFUSED_SECONDS
    return min(longest, FIRST_INTERVAL_SECONDS * 2.0 ** min(tries, 16))


_HEADS = """
    SELECT * FROM webhooks AS head WHERE head.next_try_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM webhooks AS earlier WHERE earlier.lane = head.lane AND earlier.id < head.id
        AND earlier.next_try_at IS NOT NULL AND earlier.refusals < ?)
"""


def _logged(row: sqlite3.Row) -> dict[str, Any]:
    also = json.loads(row["also"])
    return {**dict(row), "body": row["body"].decode(errors="replace"), "also": also}


def _columns(answer: Answer) -> tuple[int | None, float, str | None]:
    return answer.http_status, answer.milliseconds, answer.problem


def _webhook(row: sqlite3.Row) -> Webhook:
    return Webhook(
        id=row["id"],
        lane=row["lane"],
        about=row["about"],
        message_id=row["message_id"],
        also=tuple(json.loads(row["also"])),
        body=row["body"],
        created_at=row["created_at"],
        tries=row["tries"],
        refusals=row["refusals"],
    )
