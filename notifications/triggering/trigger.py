"""What sets a workflow off: which one, for whom, with what; and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notifications.plans.plan import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody, by any of their names. Several names are one person; what was not known of them is kept."""

    id: str | None = None
    """How the business's own system calls them."""
    subscriber_id: str | None = None
    """How we do."""
    phone: str | None = field(default=None, repr=False)
    """International, or as one dials it in the business's country."""
    whatsapp: str | None = field(default=None, repr=False)
    """Their WhatsApp number, where it is not `phone`."""
    email: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    locale: str | None = None
    """Kept where the person has not chosen a language themselves."""
    timezone: str | None = None
    """IANA, such as Africa/Brazzaville."""
    attributes: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One wish to tell one person something."""

    business_id: str
    workflow: str
    to: Recipient
    payload: Mapping[str, Any] = field(default_factory=dict, repr=False)
    category: str | None = None
    """In place of the workflow's own; marketing stays marketing."""
    routing: Mapping[str, Any] | None = None
    """Channels in place of the workflow's own: {"channels": [{"channel", "success", "fallback_after"}, …]}."""
    anchor: Mapping[str, Any] | None = field(default=None, repr=False)
    """What delays count from: type, id, starts_at, timezone, revision. Triggered again with its key, it moves what is
    under way."""
    cancellation_key: str | None = field(default=None, repr=False)
    """What is triggered with the same key can be taken back together."""
    expires_at: datetime | None = None
    """When it is no longer worth telling; the workflow may set an earlier moment."""
    lane: str | None = None
    is_test: bool = False
    """Nothing of it leaves the house."""
    source: str = "api"
    """api, event, broadcast, bot, test"""
    api_key_id: str | None = None
    broadcast_id: str | None = None
    trace: str | None = None
    """The caller's span (W3C `traceparent`), where it is traced: ours point to it."""
    trigger_id: str | None = None
    """The request that it is of; one of its own where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggered:
    """The notification that a trigger became."""

    notification_id: str
    subscriber_id: str
    trigger_id: str
    state: State
    message_ids: tuple[str, ...]
    """Those that are queued already; a plan may queue more later."""
    is_moved: bool = False
    """It was under way already, and goes on with the time that its anchor has now."""
