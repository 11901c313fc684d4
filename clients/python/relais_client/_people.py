"""People: kept, found and forgotten, and what they want to get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from relais_client._call import Call, given
from relais_client._values import Page, Preference, Subscriber, read, read_page, read_rows

Declinable = Literal["marketing", "tracking", "reminders", "work"]
Channel = Literal["whatsapp", "email", "sms", "inapp"]

_ONE = "/v1/subscribers/{subscriber}"


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What somebody decided: whether they get a category on a channel."""

    category: Declinable
    channel: Channel
    granted: bool


def subscribers() -> Call[Page[Subscriber]]:
    """Everybody that the business knows, the newest first."""
    return Call(method="GET", route="/v1/subscribers", read=partial(read_page, Subscriber))


def subscriber(id: str) -> Call[Subscriber]:
    """One person, by your id of them or ours."""
    return Call(method="GET", route=_ONE, names={"subscriber": id}, read=partial(read, Subscriber))


def find_subscriber(
    *, phone: str | None = None, whatsapp: str | None = None, email: str | None = None
) -> Call[Subscriber]:
    """Who has this address. Raises NotFound."""
    body = given(phone=phone, whatsapp=whatsapp, email=email)
    return Call(method="POST", route="/v1/subscribers/find", body=body, read=partial(read, Subscriber))


def keep_subscriber(
    id: str,
    *,
    name: str | None = None,
    phone: str | None = None,
    whatsapp: str | None = None,
    email: str | None = None,
    locale: str | None = None,
    timezone: str | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> Call[Subscriber]:
    """Add or change a person, by your id of them; what is left out stays as it is."""
    body = given(
        name=name,
        phone=phone,
        whatsapp=whatsapp,
        email=email,
        locale=locale,
        timezone=timezone,
        attributes=attributes,
    )
    return Call(method="PUT", route=_ONE, names={"subscriber": id}, body=body, read=partial(read, Subscriber))


def forget_subscriber(id: str) -> Call[None]:
    """Forget a person: what was said, sent and kept of them. Your own system forgets for itself."""
    return Call(method="DELETE", route=_ONE, names={"subscriber": id}, read=lambda told: None)


def preferences(subscriber: str) -> Call[tuple[Preference, ...]]:
    """What somebody gets, and who said so: every category on every channel."""
    return Call(method="GET", route=_ONE + "/preferences", names={"subscriber": subscriber}, read=_decisions)


def keep_preferences(subscriber: str, decided: Iterable[Decided]) -> Call[tuple[Preference, ...]]:
    """Keep what somebody decided. Raises Conflict where they said no to us themselves: theirs to take back."""
    told = [{"category": each.category, "channel": each.channel, "granted": each.granted} for each in decided]
    return Call(
        method="PUT",
        route=_ONE + "/preferences",
        names={"subscriber": subscriber},
        body={"preferences": told},
        read=_decisions,
    )


def _decisions(told: Any) -> tuple[Preference, ...]:
    return read_rows(Preference, told, "preferences")
