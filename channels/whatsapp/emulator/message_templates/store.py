"""The templates of every account, in the database; those of a file are read again whenever it changes."""

import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog

from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.directory import Directory
from channels.whatsapp.emulator.message_templates.file import read_templates
from channels.whatsapp.emulator.message_templates.template import Status, Template
from channels.whatsapp.emulator.problems import DirectoryProblem

log = structlog.get_logger(__name__)


class Templates:
    """`file` holds ready-approved ones; raises DirectoryProblem when it cannot be read at the start."""

    def __init__(self, database: Database, directory: Directory, file: Path | None) -> None:
        self._database = database
        self._accounts = tuple(dict.fromkeys(number.account_id for number in directory.numbers.values()))
        self._file = file
        self._seen: float | None = None
        if file is not None:
            self._take_over(file)

    def of_account(self, account_id: str) -> list[Template]:
        self._reload()
        rows = self._database.rows("SELECT * FROM templates WHERE account_id = ? ORDER BY rowid", account_id)
        return [_template(row) for row in rows]

    def all(self) -> list[Template]:
        self._reload()
        return [_template(row) for row in self._database.rows("SELECT * FROM templates ORDER BY rowid")]

    def count_pending(self) -> int:
        """How many wait for a decision."""
        self._reload()
        row = self._database.row("SELECT count(*) AS pending FROM templates WHERE status = 'PENDING'")
        return int(row["pending"]) if row else 0

    def find(self, account_id: str, name: str, language: str) -> Template | None:
        """Name and exact locale code are the key: en is not en_US."""
        self._reload()
        row = self._database.row(
            "SELECT * FROM templates WHERE account_id = ? AND name = ? AND language = ?", account_id, name, language
        )
        return _template(row) if row else None

    def by_id(self, template_id: str) -> Template | None:
        self._reload()
        if not (template_id.isascii() and template_id.isdigit()) or len(template_id) > 18:
            return None
        row = self._database.row("SELECT * FROM templates WHERE id = ?", int(template_id))
        return _template(row) if row else None

    def create(self, account_id: str, document: Mapping[str, Any], *, status: Status = "PENDING") -> Template:
        """A new one from a checked document."""
        with self._database.transaction() as t:
            template_id = _new_id(t)
            self._write(t, template_id, account_id, document, status=status, from_file=False)
        return self._existing(template_id)

    def change(self, template: Template, **columns: object) -> Template:
        """`status`, `reason`, `quality`, `category`, `components`, `time_to_live`."""
        with self._database.transaction() as t:
            for name, value in columns.items():
                written = json.dumps(value, ensure_ascii=False) if name == "components" else value
                t.execute(_CHANGE[name], (written, template.id))
        return self._existing(template.id)

    def delete(self, template: Template) -> None:
        with self._database.transaction() as t:
            t.execute("DELETE FROM templates WHERE id = ?", (template.id,))

    def _existing(self, template_id: int) -> Template:
        row = self._database.row("SELECT * FROM templates WHERE id = ?", template_id)
        if row is None:
            raise LookupError(template_id)
        return _template(row)

    def _write(
        self,
        t: sqlite3.Connection,
        template_id: int,
        account_id: str,
        document: Mapping[str, Any],
        *,
        status: str,
        from_file: bool,
    ) -> None:
        t.execute(
            "INSERT INTO templates (id, account_id, name, language, category, parameter_format, components, status,"
            " quality, time_to_live, from_file) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (account_id, name, language) DO UPDATE SET category = excluded.category,"
            " parameter_format = excluded.parameter_format, components = excluded.components,"
            " status = excluded.status, quality = excluded.quality, from_file = excluded.from_file",
            (
                *(template_id, account_id, document["name"], document["language"], document["category"].upper()),
                str(document.get("parameter_format", "POSITIONAL")).upper(),
                json.dumps(document["components"], ensure_ascii=False),
                status,
                document.get("quality", "UNKNOWN"),
                document.get("message_send_ttl_seconds"),
                from_file,
            ),
        )

    def _reload(self) -> None:
        """Take over the file if it has changed; a broken one leaves everything as it was."""
        if self._file is None or _changed_at(self._file) == self._seen:
            return
        try:
            self._take_over(self._file)
        except DirectoryProblem as problem:
            self._seen = _changed_at(self._file)
            log.warning("the file of templates is left as it was read last", problem=str(problem))

    def _take_over(self, file: Path) -> None:
        seen = _changed_at(file)
        documents: Sequence[Mapping[str, Any]] = read_templates(file)
        with self._database.transaction() as t:
            t.execute("UPDATE templates SET from_file = 2 WHERE from_file = 1")  # until the file names it again
            for document in documents:
                named = document.get("waba_id")
                for account_id in (str(named),) if named else self._accounts:
                    status = str(document.get("status", "APPROVED")).upper()
                    self._write(t, _new_id(t), account_id, document, status=status, from_file=True)
            t.execute("DELETE FROM templates WHERE from_file = 2")
        self._seen = seen


_CHANGE = {
    name: f"UPDATE templates SET {name} = ? WHERE id = ?"  # noqa: S608 - the names below
    for name in ("status", "reason", "quality", "category", "components", "time_to_live", "parameter_format")
}


def _new_id(t: sqlite3.Connection) -> int:
    """Larger than those before it, so that templates are listed as they came."""
    last = t.execute("SELECT max(id) FROM templates").fetchone()[0] or 10**15
    return int(last) + 1 + secrets.randbelow(10**9)


def _changed_at(file: Path) -> float | None:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return None


def _template(row: sqlite3.Row) -> Template:
    return Template(
        id=row["id"],
        account_id=row["account_id"],
        name=row["name"],
        language=row["language"],
        category=row["category"],
        parameter_format=row["parameter_format"],
        components=json.loads(row["components"]),
        status=row["status"],
        reason=row["reason"],
        quality=row["quality"],
        time_to_live=row["time_to_live"],
        from_file=bool(row["from_file"]),
    )
