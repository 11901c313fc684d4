"""Answers that are said again and again: kept by a business under a shortcut, filled in for one person.

BadAnswer   an answer cannot be kept so; says which field is wrong, and what is
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.limits import MAX_TEXT_BODY
from conversations.team_tables import canned_answers
from storage.insert import insert_new
from storage.types import new_id

PLACEHOLDERS: Final = ("first_name", "name", "agent", "business", "order", "delivery", "claim")
"""What an answer may leave open, in braces; each is known of the talk, or not."""

LANGUAGES: Final = ("fr", "en")
MOST: Final = 500
"""Of one business: more than anybody remembers the shortcuts of. Our choice."""
FOUND: Final = 8
"""That one is shown to choose from."""

_SHORTCUT: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


class BadAnswer(ValueError):
    """An answer cannot be kept so. `field` is shortcut, fr or en; `problem` is form, taken, empty, long, many or the
    name of a placeholder that is none."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """An answer as it is kept."""

    id: str
    business_id: str
    shortcut: str
    texts: Mapping[str, str]

    def text(self, *languages: str | None) -> str:
        """In the first of these languages that it has, else in the one it has."""
        found = (self.texts[each] for each in languages if each and each in self.texts)
        return next(found, None) or next(iter(self.texts.values()), "")


def fill(text: str, values: Mapping[str, str | None]) -> str:
    """With every placeholder that has a value replaced; the others stand as they were."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], text)


def left_open(text: str) -> list[str]:
    """The placeholders that nobody has filled in: such words reach no person."""
    return [name for name in dict.fromkeys(_PLACEHOLDER.findall(text)) if name in PLACEHOLDERS]


def listed(connection: Connection, business_id: str) -> Sequence[Canned]:
    """All of a business, by their shortcuts."""
    return _rows(connection, sa.true(), business_id, MOST)


def search(connection: Connection, business_id: str, beginning: str) -> Sequence[Canned]:
    """Those whose shortcut begins so, then those that have the words in them; a few."""
    wanted, c = beginning.strip().lower(), canned_answers.c
    by_name = _rows(connection, c.shortcut.startswith(wanted, autoescape=True), business_id, FOUND)
    if not wanted or len(by_name) == FOUND:
        return by_name
    known = {each.id for each in by_name}
    others = (each for each in listed(connection, business_id) if each.id not in known)
    by_words = [each for each in others if any(wanted in text.lower() for text in each.texts.values())]
    return [*by_name, *by_words][:FOUND]


def find(connection: Connection, answer_id: str) -> Canned | None:
    """One by its id."""
    c = canned_answers.c
    row = connection.execute(sa.select(c.id, c.business_id, c.shortcut, c.texts).where(c.id == answer_id)).one_or_none()
    return None if row is None else Canned(**row._asdict())


def keep(
    connection: Connection,
    business_id: str,
    shortcut: str,
    texts: Mapping[str, str],
    *,
    member_id: str,
    now: datetime,
    answer_id: str | None = None,
) -> str:
    """Keep a new one, or change the one with this id; its id. Raises BadAnswer."""
    name, said = _checked(shortcut, texts)
    c = canned_answers.c
    holder = connection.scalar(sa.select(c.id).where(c.business_id == business_id, c.shortcut == name))
    if holder not in (None, answer_id):
        raise BadAnswer("shortcut", "taken")
    values = {"shortcut": name, "texts": said, "written_by": member_id, "written_at": now}
    if answer_id is not None:
        connection.execute(
            sa.update(canned_answers).where(c.id == answer_id, c.business_id == business_id).values(values)
        )
        return answer_id
    if (connection.scalar(sa.select(sa.func.count()).where(c.business_id == business_id)) or 0) >= MOST:
        raise BadAnswer("shortcut", "many")
    made = insert_new(connection, canned_answers, {"id": new_id(), "business_id": business_id, **values}, c.id)
    if made is None:
        raise BadAnswer("shortcut", "taken")
    return str(made)


def drop(connection: Connection, business_id: str, answer_id: str) -> None:
    """Forget one."""
    c = canned_answers.c
    connection.execute(sa.delete(canned_answers).where(c.id == answer_id, c.business_id == business_id))


def _checked(shortcut: str, texts: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    name = shortcut.strip().lower().removeprefix("/")
    if not _SHORTCUT.fullmatch(name):
        raise BadAnswer("shortcut", "form")
    said = {each: texts.get(each, "").replace("\r\n", "\n").strip() for each in LANGUAGES}
    said = {language: text for language, text in said.items() if text}
    if not said:
        raise BadAnswer(LANGUAGES[0], "empty")
    for language, text in said.items():
        if len(text) > MAX_TEXT_BODY:
            raise BadAnswer(language, "long")
        unknown = next((each for each in _PLACEHOLDER.findall(text) if each not in PLACEHOLDERS), None)
        if unknown is not None:
            raise BadAnswer(language, unknown)
    return name, said


def _rows(connection: Connection, which: sa.ColumnElement[bool], business_id: str, limit: int) -> Sequence[Canned]:
    c = canned_answers.c
    rows = connection.execute(
        sa.select(c.id, c.business_id, c.shortcut, c.texts)
        .where(c.business_id == business_id, which)
        .order_by(c.shortcut)
        .limit(limit)
    )
    return [Canned(**row._asdict()) for row in rows]
