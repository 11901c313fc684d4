"""Who is behind an opaque sender id: asked of the server, kept in memory for a moment, written nowhere.

PeopleError
├── PeopleUnavailable   the server is down, slow or answers nonsense: worth asking again
├── NumberHidden        the server knows no phone number for this sender: asking again changes nothing
└── WishRefused         the business says no; the code says why
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from backend import Customer

REQUEST_TIMEOUT_SECONDS = 3.0  # our own server on the same machine; the rest of the 12 s belongs to the backend
LONG_TIMEOUT_SECONDS = 10.0  # where the server itself asks the backend, or WhatsApp; an action has 11 s
CACHE_SECONDS = 60.0  # a changed number or business is noticed within a minute
CACHE_SIZE = 10_000  # people; a few megabytes at most


class PeopleError(Exception):
    """We do not know on whose behalf to ask."""


class PeopleUnavailable(PeopleError):
    """The server did not answer, or not with what was agreed."""


class NumberHidden(PeopleError):
    """This sender has no phone number that the server knows of."""


class WishRefused(PeopleError):
    """What was wished cannot be done now; `code` is one of `trade.problems.ProblemCode`."""

    def __init__(self, code: str) -> None:
        """Keep why."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalFile:
    """A file that WhatsApp has for this person."""

    media_id: str
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptByLaw:
    """Something the business may not delete yet, in its own words."""

    what: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What an action may know of whoever writes."""

    business: str  # slug, as in business.yml
    phone: str | None = field(repr=False)  # E.164
    currency: str | None = None  # ISO 4217
    country: str | None = None  # ISO 3166: whose phone numbers are written without a country code
    timezone: str = "UTC"  # as in business.yml: "Africa/Brazzaville"
    support_hours: tuple[tuple[str, str], ...] = ()  # as in business.yml: ("mon-fri", "08:00-19:00")


class _Business(BaseModel):
    slug: str
    currency: str | None = None
    country: str | None = None
    timezone: str = "UTC"
    hours: dict[str, str] | None = None


class _Answer(BaseModel):
    phone: str | None
    business: _Business


class _Link(BaseModel):
    url: str


class _Chosen(BaseModel):
    changed: tuple[str, ...]
    wanted: dict[str, bool]


class _Asked(BaseModel):
    asked_at: datetime
    is_new: bool


class _Erasure(BaseModel):
    kept: tuple[KeptByLaw, ...] = ()


class _Detail(BaseModel):
    code: str


class _Refusal(BaseModel):
    detail: _Detail


_Wanted = TypeAdapter(dict[str, bool])
_File = TypeAdapter(PersonalFile)


class PeopleClient:
    """Asks the server about a sender, at `/internal/people/{sender_id}`."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        server_url: str,
        secret: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Use a connection pool that somebody else opens and closes."""
        self._http = http
        self._url = f"{server_url.rstrip('/')}/internal/people"
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, Person]] = OrderedDict()

    async def person(self, sender_id: str) -> Person:
        """Who writes, as far as the server knows."""
        until, person = self._known.get(sender_id, (0.0, None))
        if person is None or self._clock() >= until:
            person = await self._ask(sender_id)
            self._remember(sender_id, person)
        return person

    async def customer(self, sender_id: str) -> Customer:
        """On whose behalf the backend is to be asked."""
        person = await self.person(sender_id)
        if not person.phone:
            raise NumberHidden
        return Customer(business=person.business, phone=person.phone)

    async def tracking_link(self, sender_id: str, code: str) -> str:
        """The address of a page that shows this person's delivery to others."""
        answer = await self._call("POST", sender_id, "/tracking-links", {"code": code})
        return _agreed(_Link.model_validate_json, answer).url

    async def notifications(self, sender_id: str) -> dict[str, bool]:
        """Each kind of message that may be declined, and whether this person gets it."""
        answer = await self._call("GET", sender_id, "/notifications")
        return _agreed(_Wanted.validate_json, answer)

    async def choose_notifications(
        self, sender_id: str, turn_id: str, categories: Sequence[str], *, granted: bool
    ) -> tuple[tuple[str, ...], dict[str, bool]]:
        """Keep what they decided, once for each turn: which kinds changed, and what is so now."""
        choice = {"turn_id": turn_id, "categories": list(categories), "granted": granted}
        chosen = _agreed(_Chosen.model_validate_json, await self._call("POST", sender_id, "/notifications", choice))
        return chosen.changed, chosen.wanted

    async def ask_for_human(
        self, sender_id: str, turn_id: str, *, reason: str, language: str, summary: Mapping[str, Any]
    ) -> tuple[datetime, bool]:
        """Let the team know: since when this person waits for a human, and whether that is new."""
        wanted = {"turn_id": turn_id, "reason": reason, "language": language, "summary": summary}
        asked = _agreed(_Asked.model_validate_json, await self._call("POST", sender_id, "/handoffs", wanted))
        return asked.asked_at, asked.is_new

    async def personal_file(self, sender_id: str) -> PersonalFile:
        """Everything that is known of this person, here and at the business, as a file to be sent to them."""
        answer = await self._call("POST", sender_id, "/exports", timeout_seconds=LONG_TIMEOUT_SECONDS)
        return _agreed(_File.validate_json, answer)

    async def erase(self, sender_id: str, wish_id: str) -> tuple[KeptByLaw, ...]:
        """Forget this person, once for each wish; what the business may not delete yet. Raises WishRefused."""
        wish = {"wish_id": wish_id}
        answer = await self._call("POST", sender_id, "/erasures", wish, timeout_seconds=LONG_TIMEOUT_SECONDS)
        self._known.pop(sender_id, None)
        return _agreed(_Erasure.model_validate_json, answer).kept

    async def _ask(self, sender_id: str) -> Person:
        return _person(await self._call("GET", sender_id))

    async def _call(
        self,
        method: str,
        sender_id: str,
        path: str = "",
        body: Mapping[str, Any] | None = None,
        timeout_seconds: float = REQUEST_TIMEOUT_SECONDS,
    ) -> bytes:
        try:
            response = await self._http.request(
                method,
                f"{self._url}/{quote(sender_id, safe='')}{path}",
                json=body,
                headers=self._headers,
                timeout=timeout_seconds,
            )
        except httpx.HTTPError as error:
            raise PeopleUnavailable(type(error).__name__) from None
        if response.status_code == httpx.codes.NOT_FOUND:
            raise NumberHidden
        if response.status_code == httpx.codes.CONFLICT:
            raise WishRefused(_agreed(_Refusal.model_validate_json, response.content).detail.code)
        if not response.is_success:
            raise PeopleUnavailable(f"HTTP {response.status_code}")
        return response.content

    def _remember(self, sender_id: str, person: Person) -> None:
        self._known[sender_id] = (self._clock() + CACHE_SECONDS, person)
        self._known.move_to_end(sender_id)
        if len(self._known) > CACHE_SIZE:
            self._known.popitem(last=False)


def _agreed[Value](read: Callable[[bytes], Value], body: bytes) -> Value:
    try:
        return read(body)
    except ValidationError:
        raise PeopleUnavailable("the answer is not the agreed one") from None


def _person(body: bytes) -> Person:
    answer = _agreed(_Answer.model_validate_json, body)
    hours = tuple((answer.business.hours or {}).items())
    return Person(
        business=answer.business.slug,
        phone=answer.phone,
        currency=answer.business.currency,
        country=answer.business.country,
        timezone=answer.business.timezone,
        support_hours=hours,
    )
