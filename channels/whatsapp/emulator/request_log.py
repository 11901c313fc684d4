"""The log of Graph calls: who sent what, when, and what it was answered. Tests assert on it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from channels.whatsapp.emulator.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphRequest:
    path: str
    phone_number_id: str
    kind: str  # text, image, interactive … or read; "?" when the body could not be read
    recipient: str | None
    payload: Mapping[str, Any]


class RequestLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    def note(
        self,
        request: GraphRequest,
        at: datetime,
        *,
        http_status: int | None,
        error_code: int | None = None,
        wamid: str | None = None,
        fault: bool = False,
    ) -> None:
        with self._database.transaction() as t:
            t.execute(
                "INSERT INTO requests (at, path, phone_number_id, kind, recipient, payload, http_status,"
                " error_code, wamid, fault) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(at.timestamp(), request.path, request.phone_number_id, request.kind, request.recipient),
                    *(json.dumps(request.payload, ensure_ascii=False), http_status, error_code, wamid, fault),
                ),
            )

    def since(self, after: int) -> list[dict[str, Any]]:
        rows = self._database.rows("SELECT * FROM requests WHERE id > ? ORDER BY id", after)
        return [
            {
                "id": row["id"],
                "at": datetime.fromtimestamp(row["at"], UTC).isoformat(),
                "path": row["path"],
                "phone_number_id": row["phone_number_id"],
                "kind": row["kind"],
                "to": row["recipient"],
                "payload": json.loads(row["payload"]),
                "http_status": row["http_status"],
                "error_code": row["error_code"],
                "wamid": row["wamid"],
                "fault": bool(row["fault"]),
            }
            for row in rows
        ]
