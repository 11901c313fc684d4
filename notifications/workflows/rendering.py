"""Renders a content: a workflow, a channel, a person and the data of one trigger make what is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from notifications.workflows.anchor import Anchor
from notifications.workflows.drafts import Draft, EmailDraft, InAppDraft, SmsDraft, WebhookDraft, WhatsAppDraft
from notifications.workflows.email import email_content
from notifications.workflows.errors import CannotRender
from notifications.workflows.pen import Pen
from notifications.workflows.rendered import InAppContent, Rendered, SmsContent, WebhookContent
from notifications.workflows.sms import simple
from notifications.workflows.stencils import filled
from notifications.workflows.values import BusinessFacts, Person
from notifications.workflows.whatsapp import whatsapp_content
from notifications.workflows.workflow import Channel, Workflow


def render(
    workflow: Workflow,
    channel: Channel,
    locale: str,
    person: Person,
    business: BusinessFacts,
    payload: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]] = (),
    *,
    anchor: Anchor | None = None,
    unsubscribe_url: str | None = None,
) -> Rendered:
    """The content for that channel. Raises CannotRender naming what is missing or cannot be said.

    `events` are the payloads that a digest gathered, `anchor` is what the notification hangs on. `unsubscribe_url` is
    shown below an email.
    """
    draft: Draft | None = getattr(workflow.contents, channel)
    if draft is None:
        raise CannotRender(workflow.key, f"contents.{channel}", "is not there")
    if isinstance(draft, WhatsAppDraft) and not events:
        by_stencil = filled(workflow, draft, locale, person, business, payload, anchor)
        if by_stencil is not None:
            return by_stencil
    pen = Pen.of(workflow, channel, draft.languages, locale, person, business, payload, events, anchor)
    return _rendered(pen, draft, business, unsubscribe_url)


def _rendered(pen: Pen, draft: Draft, business: BusinessFacts, unsubscribe_url: str | None) -> Rendered:
    match draft:
        case WhatsAppDraft():
            return whatsapp_content(pen, draft)
        case EmailDraft():
            return email_content(pen, draft, business.name, unsubscribe_url)
        case SmsDraft():
            return SmsContent(text=simple(pen.write("text", draft.text)))
        case InAppDraft():
            url = pen.fill("url", draft.url) if draft.url else ""
            title, body = pen.write("title", draft.title), pen.write("body", draft.body)
            return InAppContent(title=title, body=body, url=url or None)
        case WebhookDraft():
            return WebhookContent(body=_filled(pen, "body", draft.body))


def _filled(pen: Pen, where: str, value: Any) -> Any:
    match value:
        case str():
            return pen.fill(where, value)
        case Mapping():
            return {name: _filled(pen, f"{where}.{name}", each) for name, each in value.items()}
        case list():
            return [_filled(pen, f"{where}.{index}", each) for index, each in enumerate(value)]
        case _:
            return value
