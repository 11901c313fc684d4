"""Contents filled in, each as its channel takes it. What a person reads is kept out of every repr."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyButton:
    """A button whose id is still `placeholder(index)`: whoever sends the message puts a reply token in its place."""

    index: int
    title: str = field(repr=False)
    intent: str
    entities: Mapping[str, str] = field(repr=False)
    option: str | None = None
    """The reply of the contract that it stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppContent:
    """Both forms of one content; the buttons belong to either."""

    free_form: tuple[dict[str, Any], ...] = field(repr=False)
    """Messages in order, for an open customer service window."""

    template: dict[str, Any] | None = field(repr=False)
    """The message for a closed one, if the workflow has a template."""

    said: str = field(repr=False)
    """What the person reads, for the conversation's memory."""

    buttons: tuple[ReplyButton, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailContent:
    subject: str = field(repr=False)
    html: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsContent:
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InAppContent:
    title: str = field(repr=False)
    body: str = field(repr=False)
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookContent:
    body: dict[str, Any] = field(repr=False)


Rendered = WhatsAppContent | EmailContent | SmsContent | InAppContent | WebhookContent


LEAVE_PLACEHOLDER: Final = "https://unsubscribe.invalid/"
"""Stands in an email for the address that ends such messages, until it has an id and whoever sends it puts the address
in. The name can be nobody's (RFC 2606)."""


def placeholder(index: int) -> str:
    """The id that a button has until a reply token takes its place."""
    return f"reply-{index}"
