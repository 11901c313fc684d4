"""Renders a WhatsApp content: free-form messages for an open customer service window, a template for a closed one."""

import re
from functools import lru_cache
from typing import Any, Final

from channels.whatsapp import limits
from channels.whatsapp.cutting import Cuts
from channels.whatsapp.messages import (
    Button,
    Buttons,
    Contact,
    Contacts,
    Image,
    InvalidMessage,
    Phone,
    QuickReplyButton,
    Template,
    Text,
    TextValue,
    to_payload,
)
from notifications.workflows.drafts import ContactDraft, TemplateDraft, WhatsAppDraft
from notifications.workflows.pen import Pen
from notifications.workflows.rendered import ReplyButton, WhatsAppContent, placeholder
from trade import phones

_UNFIT: Final = re.compile(r"\s*[\n\r\t\v\f\x85\u2028\u2029]\s*| {4,}")
"""Line breaks and rows of spaces, which Meta refuses in what fills a template."""


def whatsapp_content(pen: Pen, draft: WhatsAppDraft) -> WhatsAppContent:
    """Both forms. Raises CannotRender for what WhatsApp would refuse."""
    try:
        text = pen.write("text", draft.text)
        buttons = _buttons(pen, draft)
        card = _card(pen, draft.contact) if draft.contact else None
        first = _message(pen, draft, text, buttons)
        return WhatsAppContent(
            free_form=(first,) if card is None else (first, card),
            template=_template(pen, draft.template, buttons) if draft.template else None,
            said=text,
            buttons=buttons,
        )
    except InvalidMessage as error:
        raise pen.failed("content", f"would be refused: {error}") from None


def _buttons(pen: Pen, draft: WhatsAppDraft) -> tuple[ReplyButton, ...]:
    return tuple(
        ReplyButton(
            index=index,
            title=pen.write(f"buttons.{index}.title", button.title),
            intent=button.intent,
            entities=pen.write_all(f"buttons.{index}.entities", button.entities),
            option=button.option,
        )
        for index, button in enumerate(draft.buttons)
    )


def _message(pen: Pen, draft: WhatsAppDraft, text: str, buttons: tuple[ReplyButton, ...]) -> dict[str, Any]:
    """A text, a picture with a caption, or a text with buttons; what does not fit is cut rather than not said."""
    footer = pen.optional("footer", draft.footer)
    link = pen.fill("image", draft.image) if draft.image else None
    image = Image(link=link) if link else None
    if buttons:
        body = Cuts().body("text", text, limits.MAX_INTERACTIVE_BODY)
        shown = tuple(_reply_button(each.index, each.title) for each in buttons)
        return to_payload(Buttons(body=body, buttons=shown, header=image, footer=footer))
    said = text if footer is None else f"{text}\n\n_{footer}_"
    if image is not None:
        caption = Cuts().body("text", said, limits.MAX_CAPTION)
        return to_payload(Image(link=link, caption=caption))
    return to_payload(Text(body=Cuts().body("text", said, limits.MAX_TEXT_BODY)))


def _card(pen: Pen, draft: ContactDraft) -> dict[str, Any] | None:
    name, phone = pen.fill("contact.name", draft.name), pen.fill("contact.phone", draft.phone)
    if not name or not phone:
        return None
    organization = pen.fill("contact.organization", draft.organization) if draft.organization else None
    number = Phone(number=phone, wa_id=phones.digits(phone) or None)
    return to_payload(
        Contacts(contacts=(Contact(formatted_name=name, phones=(number,), organization=organization or None),))
    )


def _template(pen: Pen, draft: TemplateDraft, buttons: tuple[ReplyButton, ...]) -> dict[str, Any]:
    link = pen.fill("template.image", draft.image) if draft.image else None
    return to_payload(
        Template(
            name=draft.name,
            language=pen.language,
            header=Image(link=link) if link else None,
            body=tuple(
                TextValue(name=name, text=_UNFIT.sub(" ", pen.write(f"template.values.{name}", words)))
                for name, words in draft.values.items()
            ),
            buttons=tuple(_quick_reply(each.index) for each in buttons),
        )
    )


# Most titles are the same for everybody, and checking a button takes longer than finding it.


@lru_cache(maxsize=1024)
def _reply_button(index: int, title: str) -> Button:
    return Button(id=placeholder(index), title=title)


@lru_cache(maxsize=limits.MAX_TEMPLATE_BUTTONS)
def _quick_reply(index: int) -> QuickReplyButton:
    return QuickReplyButton(index=index, payload=placeholder(index))
