"""Orders and deliveries as rows of a list."""

from collections.abc import Iterable

from actions.deliveries import delivery_rows
from actions.subjects.kinds import Subject
from actions.turn import Row, payload
from channels.whatsapp.limits import MAX_ROW_DESCRIPTION, MAX_ROW_TITLE
from trade.markup import plain, shorten
from trade.missions import Mission
from trade.money import format_money
from trade.order_text import order_status_label


def subject_rows(subjects: Iterable[Subject], intent: str, language: str, **more: str) -> list[Row]:
    """One row each: its code, then where it stands and what it is; tapping it means the intent about this one."""
    return [row for each in subjects for row in _rows(each, intent, language, more)]


def _rows(subject: Subject, intent: str, language: str, more: dict[str, str]) -> list[Row]:
    if isinstance(subject, Mission):
        (row,) = delivery_rows([subject], intent, language)
        return [{**row, "payload": payload(intent, delivery_code=subject.code, **more)}]
    parts = (
        order_status_label(subject.status, language),
        plain(subject.merchant.name),
        format_money(subject.total, language),
    )
    return [
        {
            "title": shorten(plain(subject.code), MAX_ROW_TITLE),
            "description": shorten(" · ".join(part for part in parts if part), MAX_ROW_DESCRIPTION),
            "payload": payload(intent, order_code=subject.code, **more),
        }
    ]
