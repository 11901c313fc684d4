"""What a provider tells of a message after it took it, in one shape for every provider of email and SMS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from channels.failures import FailureRow

What = Literal[
    "sent",  # on its way
    "delivered",  # the recipient's server or phone has it
    "read",
    "failed",  # it will not arrive; `failure` says why
    "opened",  # by a person, as far as one can know
    "clicked",
    "unsubscribed",
    "complained",  # marked as spam
    "deferred",  # not yet; the provider goes on trying
    "other",  # nothing that moves a message; kept, since it was told
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One thing a provider tells. They come in any order and any number of times: `event_id` tells repeats."""

    provider: str
    provider_message_id: str | None
    our_id: str | None
    """The message id that we gave along when sending."""
    what: What
    at: datetime
    """When it happened, as the provider says; else when we heard of it. Aware UTC."""
    recipient: str | None = field(default=None, repr=False)
    code: str | None = None
    """The provider's, such as `5.1.1` or `30003`."""
    reason: str | None = field(default=None, repr=False)
    """The provider's words, as they came: they may name the recipient."""
    segments: int | None = None
    """Of an SMS: how many segments are billed, where the provider tells."""
    failure: FailureRow | None = None
    """Of a failed message: what the code means here, as for a refused send."""
    event_id: str
    """The same for each repeat of this report, and for no other report of the provider."""
    raw: Mapping[str, Any] = field(repr=False)
