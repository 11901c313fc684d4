"""Reads a Rasa response. Nothing that a person would read is passed over: what is not known here is refused by name."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.markdown import to_whatsapp
from channels.whatsapp.messages import Audio, Image, Text
from channels.whatsapp.render import files
from channels.whatsapp.render.said import Element, File, Link, ListStyle, Option, Part, Said

REPLIES: Final = (None, "postback", "reply", "text")
LINKS: Final = ("web_url", "url")
"""Messenger's types of buttons, with those that others write for them. WhatsApp has no button that calls or pays."""

_OF_MESSENGER: Final = ("image_aspect_ratio", "sharable", "top_element_style")
"""How Messenger draws a template; it changes nothing of what is said."""


def read(response: Mapping[str, Any]) -> Said:
    """Raises WrongShape and InvalidMessage."""
    # Rasa fills what was not said with empty texts, lists and objects.
    document = JsonObject({name: member for name, member in response.items() if member})
    custom = document.optional_nested("custom")
    options, links = _read_buttons(document, "buttons", "quick_replies")
    attachment, templates = _read_attachment(document)
    elements = [*_read_elements(document), *templates] if "elements" in document else templates
    image = _read_picture(document, "image")
    media = image or (None if isinstance(attachment, Audio | Text) else attachment)
    said = Said(
        part=Part(text=_markup(document.optional_string("text")), media=media, options=options, links=links),
        elements=elements,
        list_style=_read_list_style(custom) if custom else None,
        after=None if attachment == media else attachment,
        custom=custom.mapping("whatsapp") if custom else None,
    )
    if custom:
        custom.refuse_the_rest()
    if said.list_style and not (options or elements):
        raise WrongShape("custom.list", "stands beside no buttons")
    return said


def _markup(text: str | None) -> str:
    return to_whatsapp(text or "").strip()


def _line(text: str) -> str:
    return " ".join(text.splitlines()).strip()


def _read_buttons(document: JsonObject, *names: str) -> tuple[Sequence[Option], Sequence[Link]]:
    """How a button looks elsewhere, its colour and its place, is left aside."""
    read = [
        _read_button(button, f"{document.path(name)}[{number}]")
        for name in names
        if name in document
        for number, button in enumerate(document.each(name))
    ]
    return [each for each in read if isinstance(each, Option)], [each for each in read if isinstance(each, Link)]


def _read_button(button: JsonObject, name: str) -> Option | Link:
    button.ignore_the_rest()
    title, kind = _line(button.string("title")), button.optional_string("type")
    if "url" in button or kind in LINKS:
        return Link(name=name, title=title, url=button.string("url"))
    if kind not in REPLIES:
        raise WrongShape(button.path("type"), "is no button of WhatsApp; give a payload or a url")
    # As elsewhere in Rasa, a button without a payload says its title.
    payload = button.optional_string("payload") or title
    description = _line(button.optional_string("description") or "")
    return Option(name=name, title=title, payload=payload, description=description or None)


def _read_picture(document: JsonObject, name: str) -> Image | None:
    link = document.optional_string(name)
    return None if link is None else Image(link=link)


def _read_elements(document: JsonObject) -> list[Element]:
    name = document.path("elements")
    return [_read_element(each, f"{name}[{number}]") for number, each in enumerate(document.each("elements"))]


def _read_element(element: JsonObject, name: str) -> Element:
    options, links = _read_buttons(element, "buttons")
    title = _line(element.string("title"))
    touch = element.optional_nested("default_action")
    if touch is not None:
        touch.ignore_the_rest()
        # WhatsApp's pictures open nothing, so where there is no button this becomes one.
        links = links or ([] if options else [Link(name=name, title=title, url=touch.string("url"))])
    read_element = Element(
        name=name,
        title=title,
        subtitle=_markup(element.optional_string("subtitle")) or None,
        picture=_read_picture(element, "image_url"),
        options=options,
        links=links,
    )
    element.refuse_the_rest()
    return read_element


def _read_attachment(document: JsonObject) -> tuple[File | Text | None, list[Element]]:
    """A file, or the elements of Messenger's generic template."""
    if "attachment" not in document:
        return None, []
    if document.holds_string("attachment"):
        return files.by_its_ending(document.string("attachment")), []
    attachment = document.nested("attachment")
    file: File | None = None
    elements: list[Element] = []
    if attachment.string("type") == "template":
        template = attachment.nested("payload")
        template.constant("template_type", "generic")
        template.ignore(*_OF_MESSENGER)
        elements = _read_elements(template)
    else:
        file = files.by_its_type(attachment)
    attachment.refuse_the_rest()
    return file, elements


def _read_list_style(custom: JsonObject) -> ListStyle | None:
    style = custom.optional_nested("list")
    if style is None:
        return None
    button, header = style.optional_string("button"), style.optional_string("header")
    return ListStyle(button=_line(button or "") or None, header=_line(header or "") or None)
