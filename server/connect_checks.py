"""What a real number needs, judged: each fact becomes a check that says what is wrong and what to do. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from channels.whatsapp.account import NumberState, SubscribedApp, TokenFacts
from notifications.number_concerns import concerns

SOON: Final = timedelta(days=14)
"""A token that ends sooner than this is worth a word. Our choice."""

CLOUD_API: Final = "CLOUD_API"
CONNECTED: Final = "CONNECTED"

LIMITS: Final = {
    "TIER_50": "50",
    "TIER_250": "250",
    "TIER_1K": "1,000",
    "TIER_2K": "2,000",
    "TIER_10K": "10,000",
    "TIER_100K": "100,000",
}
"""People outside the customer service window who may be written to in 24 hours, by all numbers of the portfolio."""

GOOD_NAMES: Final = frozenset({"APPROVED", "AVAILABLE_WITHOUT_REVIEW"})


class Grade(StrEnum):
    WELL = "✓"
    WRONG = "✗"
    NOTE = "–"  # not checked, or worth knowing


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One step and how it stands."""

    step: str
    grade: Grade
    words: str

    def __str__(self) -> str:
        return f"{self.grade} {self.step}: {self.words}"


def well(step: str, words: str) -> Check:
    return Check(step=step, grade=Grade.WELL, words=words)


def wrong(step: str, words: str) -> Check:
    return Check(step=step, grade=Grade.WRONG, words=words)


def note(step: str, words: str) -> Check:
    return Check(step=step, grade=Grade.NOTE, words=words)


def check_token(facts: TokenFacts, app_id: str, waba_id: str | None, now: datetime) -> Iterator[Check]:
    """Whether the token may do what we need, and for how long."""
    if not facts.is_valid:
        yield wrong("token", f"Meta says it is not valid ({facts.problem or 'no reason given'}); make a new one")
        return
    if facts.app_id != app_id:
        yield wrong("token", "it belongs to another app than WHATSAPP_APP_ID; use one of this app's system users")
    if facts.missing_scopes:
        yield wrong("token", f"it lacks {' and '.join(facts.missing_scopes)}; make a new one with both")
    elif waba_id is not None and not facts.covers(waba_id):
        yield wrong("token", f"it does not reach account {waba_id}; give its system user that account, fully")
    if facts.expires_at is None:
        yield well("token", "valid, and never expires")
    elif facts.expires_at <= now + SOON:
        words = f"it expires on {facts.expires_at:%Y-%m-%d}; a system user's token can be one that never does"
        yield wrong("token", words)
    else:
        yield note(
            "token", f"valid until {facts.expires_at:%Y-%m-%d}; a system user's token can be one that never expires"
        )


def check_belonging(number: NumberState, display_number: str, listed: Sequence[NumberState]) -> Iterator[Check]:
    """Whether the number is the one we mean, in the account we mean."""
    if number.phone_number_id not in {each.phone_number_id for each in listed}:
        yield wrong("number", "it is not part of the account that business.yml names: correct its waba_id")
    elif number.display_number is not None and _digits(number.display_number) != _digits(display_number):
        yield wrong("number", "Meta shows another number than display_number in business.yml: one of the two is wrong")
    else:
        yield well("number", "Meta knows it, in this account")


def is_registered(number: NumberState) -> bool:
    """Whether it speaks through the Cloud API already."""
    return number.status == CONNECTED and number.platform in (None, CLOUD_API)


def check_name(number: NumberState) -> Check:
    """Whether people see the business's name."""
    status = number.name_status
    if status is None or status in GOOD_NAMES:
        return well("name", "people see it" if status else "Meta says nothing against it")
    if status == "PENDING_REVIEW":
        return note("name", "Meta reviews it; until then people may see the number alone")
    return wrong("name", f"Meta says {status}: choose a name in the WhatsApp Manager that is clearly the business's")


def check_callback(number: NumberState, expected: str | None) -> Check:
    """Whether Meta posts this number's webhooks to us: the number's own address wins, then the account's, the app's."""
    places = ("phone_number", "whatsapp_business_account", "application")
    found = next((number.callbacks[place] for place in places if number.callbacks.get(place)), None)
    if expected is None:
        return note("callback", "PUBLIC_URL is not set, so it is not known where webhooks should go")
    if found is None:
        words = f"Meta shows none: enter {expected} in the app's settings, WhatsApp, Configuration; or use --override"
        return wrong("callback", words)
    if found.rstrip("/") != expected:
        words = f"Meta posts to another address than {expected}: correct it in the app's settings; or use --override"
        return wrong("callback", words)
    return well("callback", f"Meta posts to {expected}")


def is_subscribed(apps: Sequence[SubscribedApp], app_id: str | None) -> bool:
    """Whether our app gets the account's webhooks; without its id, whether any does."""
    return bool(apps) if app_id is None else any(app.id == app_id for app in apps)


def check_health(number: NumberState, now: datetime) -> Iterator[Check]:
    """Whether it may send, how much, and what stands against it."""
    details: dict[str, Any] = {
        "can_send": number.can_send,
        "blockers": [
            {"problem": each.problem, "code": each.code, "solution": each.solution} for each in number.blockers
        ],
    }
    worries = concerns(quality=number.quality, status=number.status, name_status=None, details=details, now=now)
    for worry in worries:
        yield wrong("sending", worry)
    if not worries:
        yield well("sending", "nothing stands against it")
    limit = number.messaging_limit
    if limit is not None:
        people = LIMITS.get(limit, "any number of" if limit == "TIER_UNLIMITED" else limit)
        yield note("limit", f"{people} people in 24 hours outside the customer service window, for the whole portfolio")
    if number.is_on_app:
        yield note("app", "a person also uses it in the WhatsApp Business app: 20 messages a second at most")
    yield note("payment", "templates need a payment method on the account; Meta shows it in Billing, not here")


def check_profile(profile: Mapping[str, Any]) -> Check:
    """Whether people who look find out whom they write with."""
    missing = [name for name in ("about", "description") if not profile.get(name)]
    if missing:
        return note("profile", f"it has no {' and no '.join(missing)}; people trust one that says who writes")
    return well("profile", "filled in")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
