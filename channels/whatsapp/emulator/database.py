"""The emulator's own SQLite file: its tables, how it is opened, and one way to write.

Calls are synchronous and short, made on the event loop: nothing is ever awaited inside a transaction.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from channels.whatsapp.emulator.problems import DatabaseProblem

SCHEMA_VERSION = 1
BUSY_TIMEOUT_SECONDS = 5.0

SCHEMA = """
CREATE TABLE counter (change INTEGER NOT NULL);
INSERT INTO counter VALUES (0);

CREATE TABLE phones (wa_id TEXT PRIMARY KEY, name TEXT NOT NULL);

-- One phone's talk with one business number. `change` is the counter's value at the last change worth showing.
CREATE TABLE chats (
    id INTEGER PRIMARY KEY,
    phone_number_id TEXT NOT NULL,
    wa_id TEXT NOT NULL REFERENCES phones,
    typing_until REAL NOT NULL DEFAULT 0,
    change INTEGER NOT NULL,
    UNIQUE (phone_number_id, wa_id)
);
CREATE INDEX chats_changed ON chats (change);

-- sender is 'business' or 'person'; payload is the message as the Graph API or the webhook spells it.
CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats,
    wamid TEXT NOT NULL UNIQUE,
    sender TEXT NOT NULL,
    payload TEXT NOT NULL,
    context_wamid TEXT,
    callback_data TEXT,
    receipts INTEGER NOT NULL DEFAULT 1,
    at REAL NOT NULL,
    status TEXT NOT NULL,
    change INTEGER NOT NULL
);
CREATE INDEX messages_of_chat ON messages (chat_id, id);
CREATE INDEX messages_changed ON messages (chat_id, change);

CREATE TABLE statuses (
    message_id INTEGER NOT NULL REFERENCES messages,
    status TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (message_id, status)
);

-- What must be delivered to the server, and what became of it. Webhooks of one lane go out in order of id.
CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY,
    lane TEXT NOT NULL,
    about TEXT NOT NULL,
    message_id INTEGER REFERENCES messages,
    body BLOB NOT NULL,
    created_at REAL NOT NULL,
    next_try_at REAL,               -- NULL once settled
    tries INTEGER NOT NULL DEFAULT 0,
    refusals INTEGER NOT NULL DEFAULT 0,
    delivered_at REAL,
    http_status INTEGER,            -- of the last try; NULL when nobody answered
    milliseconds REAL,
    problem TEXT
);
CREATE INDEX webhooks_waiting ON webhooks (lane, id) WHERE next_try_at IS NOT NULL;
CREATE INDEX webhooks_due ON webhooks (next_try_at) WHERE next_try_at IS NOT NULL;

-- Every Graph call, for tests to assert on.
CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    path TEXT NOT NULL,
    phone_number_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT,
    payload TEXT NOT NULL,
    http_status INTEGER,            -- NULL: never answered
    error_code INTEGER,
    wamid TEXT,
    fault INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE media (id TEXT PRIMARY KEY, mime_type TEXT NOT NULL, sha256 TEXT NOT NULL, content BLOB NOT NULL);
"""


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
            if version == SCHEMA_VERSION:
                return
            if version != 0:
                raise DatabaseProblem(
                    f"{file} was made by another version of the emulator: delete it, it holds only practice chats."
                )
            # executescript() would commit the transaction; one statement at a time does not.
            for statement in _statements(SCHEMA):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


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
