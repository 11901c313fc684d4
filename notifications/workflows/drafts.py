"""Contents as they are written in a workflow: templates by language, before any data fill them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

ANY: Final = "*"
"""The language of a text that is the same in every language."""

type Words = Mapping[str, str]
"""A template by language; or one alone, under ANY."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonDraft:
    """A button that answers; `option` names the reply that it stands for, where it is one of the contract's."""

    title: Words
    intent: str
    entities: Mapping[str, str]
    option: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """A contact card; it is left out where name or phone come out empty."""

    name: str
    phone: str
    organization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDraft:
    """The template that goes while the customer service window is closed, and what fills it."""

    name: str
    values: Mapping[str, Words]
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppDraft:
    text: Words
    footer: Words | None
    image: str | None
    buttons: tuple[ButtonDraft, ...]
    contact: ContactDraft | None
    template: TemplateDraft | None
    languages: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDraft:
    """The one button of an email."""

    title: Words
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailDraft:
    """Without `html`, the text is set in the house's layout."""

    subject: Words
    text: Words
    html: Words | None
    action: ActionDraft | None
    languages: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsDraft:
    text: Words
    languages: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InAppDraft:
    title: Words
    body: Words
    url: str | None
    languages: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDraft:
    """JSON for a system of the business; every text in it is a template."""

    body: Mapping[str, Any]
    languages: frozenset[str]


Draft = WhatsAppDraft | EmailDraft | SmsDraft | InAppDraft | WebhookDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a workflow says on each channel that it knows."""

    whatsapp: WhatsAppDraft | None = None
    email: EmailDraft | None = None
    sms: SmsDraft | None = None
    inapp: InAppDraft | None = None
    webhook: WebhookDraft | None = None
