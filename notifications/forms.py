"""In which form a WhatsApp message leaves: words of our own, or an approved template in their place, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from channels.whatsapp import window
from notifications.due import Due
from notifications.gate import Refusal, free_form_refusal
from notifications.prices import Choice, TemplateState, choose_form
from notifications.prices.files import our_price_book
from notifications.status import Status
from notifications.templates import Judgement

LONGEST_CALLING_CODE: Final = 3
"""digits; ITU-T E.164"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What of a message leaves."""

    payload: Mapping[str, Any] = field(repr=False)
    form: str | None
    """free_form, template: as `sent_form` keeps it; None on channels that know no such difference."""
    reason: str | None = None
    """Where there was a choice."""


class Forms:
    """Chooses for the messages of a batch; what was reckoned for one holds for its likes."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._choices: dict[tuple[bool, TemplateState, str], Choice] = {}

    def choose(self, row: Due, judgement: Judgement | None) -> Chosen | Refusal:
        """`judgement` is of its template, where it has one."""
        if row.channel != "whatsapp":
            return Chosen(payload=row.payload, form=None)
        if judgement is None:
            closed = free_form_refusal(row.last_inbound_at, self._now)
            return closed or Chosen(payload=row.payload, form="free_form")
        if not row.has_free_form:
            return judgement.refusal or Chosen(payload=judgement.payload, form="template")
        choice = self._cheapest(row, judgement)
        if choice.form is None:
            return Refusal(status=Status.SKIPPED, reason=choice.reason)
        payload = judgement.payload if choice.form == "template" else row.payload
        return Chosen(payload=payload, form=choice.form, reason=choice.reason)

    def _cheapest(self, row: Due, judgement: Judgement) -> Choice:
        is_open = window.is_open(row.last_inbound_at, self._now)
        template = TemplateState(
            category="marketing" if judgement.is_marketing else "utility",
            refusal=judgement.refusal.reason if judgement.refusal is not None else None,
        )
        country = country_of(row.address) or row.country
        key = is_open, template, country
        if key not in self._choices:
            self._choices[key] = choose_form(
                our_price_book(),
                window_open=is_open,
                has_free_form=True,
                template=template,
                country=country,
                at=_day(self._now),
            )
        return self._choices[key]


def country_of(number: str | None) -> str | None:
    """The main country of a number's calling code (ISO 3166): enough for a price, and quick."""
    if number is None:
        return None
    for length in range(1, LONGEST_CALLING_CODE + 1):
        head = number[:length]
        if head.isascii() and head.isdigit() and (regions := COUNTRY_CODE_TO_REGION_CODE.get(int(head))):
            return str(regions[0])
    return None


def _day(now: datetime) -> date:
    return now.date()
