"""What a workflow says on each channel, as its file writes it."""

from collections.abc import Callable
from typing import Any, Final

from notifications.workflows.drafts import (
    ActionDraft,
    ButtonDraft,
    ContactDraft,
    Contents,
    EmailDraft,
    InAppDraft,
    SmsDraft,
    TemplateDraft,
    WebhookDraft,
    WhatsAppDraft,
)
from notifications.workflows.part import Part
from notifications.workflows.reading_words import Reader
from notifications.workflows.schema import Schema
from notifications.workflows.workflow import ReplyContract


def read_contents(part: Part, schema: Schema, reply: ReplyContract | None) -> Contents:
    """The member `contents`. Raises BadWorkflow."""
    found = part.nested("contents")
    drafts: dict[str, Any] = {}
    for channel, read in _READERS.items():
        content = found.optional(channel)
        found.take(channel)
        if content is not None:
            drafts[channel] = read(content, Reader(schema), reply)
            content.done()
    found.done()
    return Contents(**drafts)


def _read_whatsapp(part: Part, reader: Reader, reply: ReplyContract | None) -> WhatsAppDraft:
    contact = part.optional("contact")
    part.take("contact")
    return WhatsAppDraft(
        text=reader.words(part, "text"),
        footer=reader.optional_words(part, "footer"),
        image=reader.optional_template(part, "image"),
        buttons=tuple(_read_button(each, reader, reply) for each in part.each("buttons")),
        contact=_read_contact(contact, reader) if contact is not None else None,
        template=_read_template(part, reader),
        languages=reader.languages,
    )


def _read_button(part: Part, reader: Reader, reply: ReplyContract | None) -> ButtonDraft:
    if part.take("reply") is not None:
        key = part.text("reply")
        for option in reply.options if reply else ():
            if option.key == key:
                part.done()
                return ButtonDraft(title=option.title, intent=option.intent, entities=option.entities, option=key)
        raise part.wrong(
            "reply", f"names {key}, which reply: does not hold", "Add it there, or write title: and intent:"
        )
    button = ButtonDraft(
        title=reader.words(part, "title"),
        intent=part.text("intent"),
        entities=reader.templates(part.optional("entities")),
    )
    part.take("entities")
    part.done()
    return button


def _read_contact(part: Part, reader: Reader) -> ContactDraft:
    contact = ContactDraft(
        name=reader.template(part, "name"),
        phone=reader.template(part, "phone"),
        organization=reader.optional_template(part, "organization"),
    )
    part.done()
    return contact


def _read_template(owner: Part, reader: Reader) -> TemplateDraft | None:
    part = owner.optional("template")
    owner.take("template")
    if part is None:
        return None
    values = part.optional("values")
    part.take("values")
    template = TemplateDraft(
        name=part.text("name"),
        values={} if values is None else {name: reader.words(values, name) for name in values.names},
        image=reader.optional_template(part, "image"),
    )
    part.done()
    return template


def _read_email(part: Part, reader: Reader, _: ReplyContract | None) -> EmailDraft:
    action = part.optional("action")
    part.take("action")
    return EmailDraft(
        subject=reader.words(part, "subject"),
        text=reader.words(part, "text"),
        html=reader.optional_words(part, "html"),
        action=_read_action(action, reader) if action is not None else None,
        languages=reader.languages,
    )


def _read_action(part: Part, reader: Reader) -> ActionDraft:
    action = ActionDraft(title=reader.words(part, "title"), url=reader.template(part, "url"))
    part.done()
    return action


def _read_sms(part: Part, reader: Reader, _: ReplyContract | None) -> SmsDraft:
    return SmsDraft(text=reader.words(part, "text"), languages=reader.languages)


def _read_inapp(part: Part, reader: Reader, _: ReplyContract | None) -> InAppDraft:
    return InAppDraft(
        title=reader.words(part, "title"),
        body=reader.words(part, "body"),
        url=reader.optional_template(part, "url"),
        languages=reader.languages,
    )


def _read_webhook(part: Part, reader: Reader, _: ReplyContract | None) -> WebhookDraft:
    if not isinstance(part.take("body"), dict):
        raise part.wrong("body", "is not a mapping", "Write the members of the JSON object below it")
    return WebhookDraft(body=reader.tree(part, "body", part.take("body")), languages=reader.languages)


_READERS: Final[dict[str, Callable[[Part, Reader, ReplyContract | None], Any]]] = {
    "whatsapp": _read_whatsapp,
    "email": _read_email,
    "sms": _read_sms,
    "inapp": _read_inapp,
    "webhook": _read_webhook,
}
