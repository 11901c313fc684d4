"""What Relais itself keeps of a phone, asked from outside: `relais:` in the conversations of tests/conversations."""

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any

_PEOPLE = "SELECT subscriber_id FROM addresses WHERE kind = 'phone' AND value = ?"
_TALKS = f"SELECT id FROM conversations WHERE subscriber_id IN ({_PEOPLE})"
_NEWEST = f"SELECT max(id) FROM consents WHERE subscriber_id IN ({_PEOPLE}) GROUP BY category"

ASKED = {
    # kinds of messages that the person does not want any more
    "declined": f"SELECT category FROM consents WHERE id IN ({_NEWEST}) AND NOT granted ORDER BY category",
    # what the person ever decided about them
    "decisions": f"SELECT count(*) FROM consents WHERE subscriber_id IN ({_PEOPLE})",
    # whether the person waits for the team
    "handoffs": f"SELECT count(*) FROM handoffs WHERE state = 'waiting' AND conversation_id IN ({_TALKS})",
    # what the team reads that the person wished for
    "wishes": f"SELECT json_extract(summary, '$.wishes') FROM handoffs WHERE conversation_id IN ({_TALKS})"
    " ORDER BY id DESC LIMIT 1",
    # whether anybody is known under this number
    "known": "SELECT count(*) FROM addresses WHERE kind = 'phone' AND value = ?",
    # how many messages of theirs are kept
    "messages": f"SELECT count(*) FROM inbound_messages WHERE conversation_id IN ({_TALKS})",
}


def kept(folder: Path, phone: str, name: str) -> Any:
    """One of these, for a phone such as "+242061116001"; a list where it lists, else a number."""
    with contextlib.closing(sqlite3.connect(f"file:{folder}/relais.db?mode=ro", uri=True, timeout=10)) as connection:
        question = ASKED[name]
        rows = connection.execute(question, [phone] * question.count("?")).fetchall()
    match name:
        case "declined":
            return [row[0] for row in rows]
        case "wishes":
            return json.loads(rows[0][0]) if rows else None
    return rows[0][0]
