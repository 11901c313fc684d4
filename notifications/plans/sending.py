"""Makes messages of a content: what goes on the wire on each channel, in order where they belong together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from notifications.consent import CATEGORIES
from notifications.plans.plan import Business, Plan, Who
from notifications.workflows import (
    LEAVE_PLACEHOLDER,
    EmailContent,
    InAppContent,
    OpenReply,
    Rendered,
    ReplyButton,
    SmsContent,
    WebhookContent,
    WhatsAppContent,
    open_replies,
    placeholder,
    render,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message before it is queued; parts of one content go one after the other."""

    channel: str
    position: int
    rung: int
    part: int
    payload: Mapping[str, Any] = field(repr=False)
    template_payload: Mapping[str, Any] | None = field(default=None, repr=False)
    said: str | None = field(default=None, repr=False)
    reply_contract: Sequence[Mapping[str, Any]] | None = field(default=None, repr=False)
    buttons: tuple[ReplyButton, ...] = ()


def new_messages(
    plan: Plan, position: int, channel: Any, rung: int, who: Who, business: Business
) -> tuple[NewMessage, ...]:
    """The messages of one step or rung, in the person's language. Raises CannotRender."""
    locale = who.person.locale
    content = render(
        plan.workflow,
        channel,
        locale,
        who.person,
        business.facts,
        plan.payload,
        plan.events,
        anchor=plan.anchor,
        unsubscribe_url=LEAVE_PLACEHOLDER if plan.category in CATEGORIES else None,
    )
    if isinstance(content, WhatsAppContent):
        replies = open_replies(plan.workflow, locale, who.person, business.facts, plan.payload, plan.anchor)
        return _whatsapp(content, replies, position, rung)
    payload, said = _payload(content)
    return (NewMessage(channel=channel, position=position, rung=rung, part=0, payload=payload, said=said),)


def with_tokens(message: NewMessage, tokens: Sequence[str]) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """Both payloads with a token in the place of each button's placeholder."""
    names = {placeholder(each.index): token for each, token in zip(message.buttons, tokens, strict=True)}
    template = message.template_payload
    return _renamed(message.payload, names), None if template is None else _renamed(template, names)


def _whatsapp(
    content: WhatsAppContent, replies: Sequence[OpenReply], position: int, rung: int
) -> tuple[NewMessage, ...]:
    """The template stands in for the first message; what follows it needs an open window."""
    first, *others = content.free_form or ({},)
    whole = NewMessage(
        channel="whatsapp",
        position=position,
        rung=rung,
        part=0,
        payload=first,
        template_payload=content.template,
        said=content.said,
        reply_contract=[_open(each) for each in replies] or None,
        buttons=content.buttons,
    )
    parts = [
        NewMessage(channel="whatsapp", position=position, rung=rung, part=part, payload=payload)
        for part, payload in enumerate(others, start=1)
    ]
    return (whole, *parts)


def _open(reply: OpenReply) -> dict[str, Any]:
    return {
        "key": reply.key,
        "title": reply.title,
        "words": list(reply.words),
        "intent": reply.intent,
        "entities": dict(reply.entities),
        "effect": reply.effect,
    }


def _payload(content: Rendered) -> tuple[dict[str, Any], str | None]:
    """The channel's JSON, and its words where a history shows them."""
    match content:
        case EmailContent(subject=subject, html=html, text=text):
            words = [part for part in text.split("\n\n") if LEAVE_PLACEHOLDER not in part]
            return {"subject": subject, "html": html, "text": text}, "\n\n".join(words)
        case SmsContent(text=text):
            return {"text": text}, text
        case InAppContent(title=title, body=body, url=url):
            return {"title": title, "body": body, **({"url": url} if url else {})}, body
        case WebhookContent(body=body):
            return {"body": body}, None
        case WhatsAppContent():
            raise AssertionError("WhatsApp has two forms")


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Every id or payload of a button that is a placeholder, in a copy."""
    match value:
        case dict():
            return {
                key: names.get(each, each)
                if key in ("id", "payload") and isinstance(each, str)
                else _renamed(each, names)
                for key, each in value.items()
            }
        case list():
            return [_renamed(each, names) for each in value]
        case _:
            return value
