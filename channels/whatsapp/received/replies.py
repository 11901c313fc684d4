"""What people answer to something we sent that can be tapped or filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonReply:
    """A tap on one of our reply buttons, or on the quick reply of a template (whose payload is the id)."""

    id: str = field(repr=False)
    title: str = field(repr=False)
    from_template: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReply:
    id: str = field(repr=False)
    title: str = field(repr=False)
    description: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowReply:
    """A form that was sent off: of a flow, or one of Meta's own such as an address.

    Whoever answers can forge it: check that `flow_token` is one that was given to this person.
    """

    name: str  # flow, address_message …
    body: str = field(repr=False)  # what the chat shows
    response: Mapping[str, Any] | None = field(default=None, repr=False)  # None: it was no JSON object
    flow_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPermissionReply:
    response: str  # accept, reject
    expires_at: datetime | None = None
    source: str | None = None  # user_action, automatic


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenInteractive:
    """A tap whose content Meta lost; why stands in the errors of the message."""
