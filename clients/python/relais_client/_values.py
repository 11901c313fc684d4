"""What Relais answers, as values; and people, as one names them. Moments are aware; `_at` is their ending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from relais_client._errors import BadAnswer, FieldError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    D = TypeVar("D", bound=DataclassInstance)
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody, by any of their names: several names are one person. What is told of them is kept."""

    id: str | None = None
    """How your system calls them."""
    subscriber_id: str | None = None
    """How Relais does."""
    phone: str | None = field(default=None, repr=False)
    """+242061234567, or as one dials it there."""
    whatsapp: str | None = field(default=None, repr=False)
    """Their WhatsApp number, where it is another."""
    email: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    locale: str | None = None
    """fr or en; a language they chose in the chat stays theirs."""
    timezone: str | None = None
    """Such as Africa/Brazzaville."""
    attributes: Mapping[str, Any] | None = field(default=None, repr=False)
    """Anything, for contents and conditions."""

    def known(self) -> dict[str, Any]:
        """What is said of them, without what is not."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Notified:
    """What became of a workflow that was set off for one person."""

    id: str
    subscriber_id: str
    state: str
    message_ids: tuple[str, ...]
    """What is queued already; the workflow may queue more later."""


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """It was set off, for each of the people."""

    trigger_id: str
    notifications: tuple[Notified, ...] = field(metadata={"several": Notified})


@dataclass(frozen=True, kw_only=True)
class BulkResult:
    """What became of one item: either `notification` or `errors`."""

    status: str
    notification: Notified | None = field(metadata={"of": Notified})
    errors: tuple[FieldError, ...] = field(metadata={"several": FieldError})


@dataclass(frozen=True, kw_only=True)
class BulkResults:
    """What became of each item, in their order."""

    trigger_id: str
    accepted: int
    refused: int
    results: tuple[BulkResult, ...] = field(metadata={"several": BulkResult})


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What would be decided, and why."""

    decision: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RehearsedMessage:
    """A message that would be queued at once."""

    channel: str
    category: str
    lane: str
    said: str | None
    payload: Mapping[str, Any]
    template_payload: Mapping[str, Any] | None
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What would become of it for one person; nothing was kept."""

    state: str
    decisions: tuple[Decision, ...] = field(metadata={"several": Decision})
    messages: tuple[RehearsedMessage, ...] = field(metadata={"several": RehearsedMessage})


@dataclass(frozen=True, kw_only=True)
class TakenForOther:
    """What an event set off for somebody else than the customer, or why nothing."""

    role: str
    """courier or merchant"""
    notification_id: str | None
    subscriber_id: str | None
    state: str | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What an event set off, or why nothing."""

    event_id: str
    is_repeat: bool
    """It was taken before; nothing was done now, and this is what was done then."""
    notification_id: str | None
    subscriber_id: str | None
    state: str | None
    reason: str | None
    others: tuple[TakenForOther, ...] = field(default=(), metadata={"several": TakenForOther})


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """What was taken back, and what it came too late for."""

    notifications: int
    messages: int
    too_late: int


@dataclass(frozen=True, kw_only=True)
class MovedOn:
    """What was moved, what stood there already, and how many messages are told anew."""

    moved: int
    unchanged: int
    messages: int


@dataclass(frozen=True, kw_only=True)
class SentTemplate:
    """The message that a template became."""

    message_id: str
    subscriber_id: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Message:
    """One thing on one channel to one recipient."""

    id: str
    status: str
    channel: str
    provider: str | None
    origin: str
    category: str
    lane: str
    subscriber_id: str | None
    notification_id: str | None
    text: str | None = field(repr=False)
    is_test: bool
    error: str | None
    error_code: int | None
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    seen_at: datetime | None
    read_at: datetime | None
    clicked_at: datetime | None
    replied_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Notification:
    """One trigger of one workflow for one person."""

    id: str
    workflow: str
    state: str
    subscriber_id: str
    trigger_id: str
    source: str
    category: str
    lane: str
    cancellation_key: str | None
    is_test: bool
    error: str | None
    created_at: datetime
    expires_at: datetime | None
    finished_at: datetime | None
    message_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that was decided or reported, and why."""

    at: datetime = field(metadata={"is_moment": True})
    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """What was decided and reported about a message, oldest first."""

    id: str
    status: str
    error_code: int | None
    error: str | None
    story: tuple[Entry, ...] = field(metadata={"several": Entry})


@dataclass(frozen=True, kw_only=True)
class NotificationStory:
    """What was decided about a notification and its messages, and what was reported, oldest first."""

    id: str
    state: str
    story: tuple[Entry, ...] = field(metadata={"several": Entry})


@dataclass(frozen=True, kw_only=True)
class Address:
    """One way to reach somebody."""

    id: str
    kind: str
    value: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Subscriber:
    """A person as Relais keeps them."""

    id: str
    external_id: str | None
    """How your system calls them."""
    name: str | None = field(repr=False)
    locale: str | None
    timezone: str | None
    role: str
    attributes: Mapping[str, Any] = field(repr=False)
    created_at: datetime
    addresses: tuple[Address, ...] = field(metadata={"several": Address})


@dataclass(frozen=True, kw_only=True)
class Preference:
    """Whether somebody gets a category on a channel, since when and by whose word; nothing said is a yes."""

    category: str
    channel: str
    granted: bool
    source: str | None
    decided_at: datetime | None


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list, and the cursor of those that follow."""

    rows: tuple[T, ...]
    following: str | None


def read(kind: type[D], told: Any) -> D:
    """One value as Relais told it; what this version does not know is left out. Raises BadAnswer."""
    if not isinstance(told, Mapping):
        raise BadAnswer(f"The answer holds no {kind.__name__}.")
    return kind(**{each.name: _value(each.name, each.metadata, told.get(each.name)) for each in fields(kind)})


def read_rows(kind: type[D], told: Any, within: str) -> tuple[D, ...]:
    """The values in a list of an answer. Raises BadAnswer."""
    rows = told.get(within) if isinstance(told, Mapping) else None
    if not isinstance(rows, list):
        raise BadAnswer(f"The answer holds no {within}.")
    return tuple(read(kind, each) for each in rows)


def read_page(kind: type[D], told: Any) -> Page[D]:
    """A page of a list. Raises BadAnswer."""
    return Page(read_rows(kind, told, "data"), told.get("next"))


def moment(text: str) -> datetime:
    """A moment as Relais writes them. Raises BadAnswer."""
    try:
        # Python 3.10 does not read the Z.
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise BadAnswer("The answer holds a moment that cannot be read.") from None


def _value(name: str, metadata: Mapping[str, Any], told: Any) -> Any:
    if "several" in metadata:
        return tuple(read(metadata["several"], each) for each in told or ())
    if "of" in metadata and told is not None:
        return read(metadata["of"], told)
    if isinstance(told, str) and (name.endswith("_at") or "is_moment" in metadata):
        return moment(told)
    return tuple(told) if isinstance(told, list) else told
