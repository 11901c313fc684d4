"""The emulator's own SQLite file: how it is opened and brought up to date, and one way to write.

Calls are synchronous and short, made on the event loop: nothing is ever awaited inside a transaction.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from channels.whatsapp.emulator.problems import DatabaseProblem
from channels.whatsapp.emulator.schema import STEPS

BUSY_TIMEOUT_SECONDS = 5.0


class Database:
    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(
            file, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._create_tables(file)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; one inside another is part of it, so that what belongs together is written at once."""
        if self._connection.in_transaction:
            yield self._connection
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._connection.execute(query, values).fetchone()
        return found

    def close(self) -> None:
        self._connection.close()

    def _create_tables(self, file: Path) -> None:
        with self.transaction() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > len(STEPS):
                raise DatabaseProblem(
                    f"{file} was made by a newer version of the emulator: delete it, it holds only practice chats."
                )
            # executescript() would commit the transaction; one statement at a time does not.
            for step in STEPS[version:]:
                for statement in _statements(step):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(STEPS)}")


def next_change(connection: sqlite3.Connection) -> int:
    """The number of this change; the page asks for everything that changed after the last one it saw."""
    row = connection.execute("UPDATE counter SET change = change + 1 RETURNING change").fetchone()
    return int(row[0])


def _statements(script: str) -> Iterator[str]:
    waiting = ""
    for line in script.splitlines(keepends=True):
        waiting += line
        if sqlite3.complete_statement(waiting):
            yield waiting
            waiting = ""
