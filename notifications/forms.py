"""In which form a WhatsApp message leaves: words of our own, or an approved template in their place, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from channels.whatsapp import window
from notifications.due import Due
from notifications.gate import Refusal, free_form_refusal
from notifications.prices import Category, Choice, TemplateState, choose_form
from notifications.prices.countries import country_of
from notifications.prices.files import our_price_book
from notifications.prices.pricing import Cost, cost_of_sms, cost_of_whatsapp
from notifications.status import Status
from notifications.templates import Judgement


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
        self._choices: dict[tuple[bool, bool, Refusal | None, str], Choice] = {}
        self._costs: dict[tuple[Category, str, bool], Cost] = {}

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

    def cost(self, row: Due, form: str | None, *, is_marketing: bool) -> Cost | None:
        """What it costs to let it leave in this form; None on a channel without a fee, and of a test."""
        if row.is_test or row.channel not in ("whatsapp", "sms"):
            return None
        country = country_of(row.address) or row.country
        if row.channel == "sms":
            return cost_of_sms(our_price_book(), str(row.payload.get("text", "")), country, _day(self._now))
        category: Category = "service" if form == "free_form" else "marketing" if is_marketing else "utility"
        key = category, country, window.is_open(row.last_inbound_at, self._now)
        found = self._costs.get(key)
        if found is None:
            found = cost_of_whatsapp(our_price_book(), category, country, _day(self._now), window_open=key[2])
            self._costs[key] = found
        return found

    def _cheapest(self, row: Due, judgement: Judgement) -> Choice:
        is_open = window.is_open(row.last_inbound_at, self._now)
        country = country_of(row.address) or row.country
        key = is_open, judgement.is_marketing, judgement.refusal, country
        if key not in self._choices:
            self._choices[key] = choose_form(
                our_price_book(),
                window_open=is_open,
                has_free_form=True,
                template=TemplateState(
                    category="marketing" if judgement.is_marketing else "utility",
                    refusal=judgement.refusal.reason if judgement.refusal is not None else None,
                ),
                country=country,
                at=_day(self._now),
            )
        return self._choices[key]


def _day(now: datetime) -> date:
    return now.date()
