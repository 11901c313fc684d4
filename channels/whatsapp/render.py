"""A Rasa response → the WhatsApp messages that say it, in the order in which they are to be sent.

Text comes first and carries the options; then the attachment, then the custom message. One picture, its text and
up to three options make one message. Nothing is dropped: what has no form here raises InvalidMessage, naming the
member of the response. More options than one list holds go into several.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

from channels.whatsapp import limits
from channels.whatsapp.cutting import cut, cut_titles, split
from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.limits import length
from channels.whatsapp.messages import (
    Button,
    Buttons,
    Image,
    InvalidMessage,
    List,
    Message,
    Row,
    Section,
    Text,
    from_payload,
)

Issue = Callable[[str, str], str]
"""(payload, title) → the id to put on the wire, another one at each call."""

LIST_BUTTON: Final = "☰"
"""Opens a list for which nobody chose a word; it reads the same in every language."""

PICTURES: Final = (".jpg", ".jpeg", ".png")
"""How the address of a picture ends that WhatsApp shows."""

_OF_OTHER_CHANNELS: Final = ("elements", "quick_replies")
"""What a Rasa response may say beside what WhatsApp can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Option:
    title: str
    payload: str
    description: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _ListStyle:
    """What `custom: {"list": …}` asks for beside text and buttons."""

    button: str
    header: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Response:
    text: str
    picture: Image | None
    options: Sequence[_Option]
    attachment: Message | None
    list_style: _ListStyle | None
    custom: Mapping[str, Any] | None  # a payload of ours


def render(response: Mapping[str, Any], issue: Issue) -> list[Message]:
    try:
        said = _read(response)
    except WrongShape as wrong:
        raise InvalidMessage(wrong.path, wrong.problem) from wrong
    messages = list(_with_options(said, issue) if said.options else _plain(said.text, said.picture))
    if said.attachment is not None:
        messages.append(said.attachment)
    if said.custom is not None:
        messages.append(from_payload(_with_issued_ids(said.custom, issue)))
    return messages


def _plain(text: str, picture: Image | None) -> Iterator[Message]:
    if picture is not None and length(text) <= limits.MAX_CAPTION:
        yield Image(link=picture.link, caption=text or None)
        return
    if picture is not None:
        yield picture
    for part in split(text, limits.MAX_TEXT_BODY):
        yield Text(body=part)


def _with_options(said: _Response, issue: Issue) -> Iterator[Message]:
    described = any(option.description for option in said.options)
    as_list = said.list_style is not None or described or len(said.options) > limits.MAX_BUTTONS
    # The last part of the text carries the options; what stands before it may be longer.
    body = split(said.text, limits.MAX_INTERACTIVE_BODY)[-1]
    before = said.text.removesuffix(body).rstrip()
    if as_list or before:
        yield from _plain(before, said.picture)
    if as_list:
        yield from _lists(body, said.options, said.list_style, issue)
    else:
        yield _buttons(body, None if before else said.picture, said.options, issue)


def _buttons(body: str, picture: Image | None, options: Sequence[_Option], issue: Issue) -> Buttons:
    titles = cut_titles((option.title for option in options), limits.MAX_BUTTON_TITLE)
    buttons = tuple(
        Button(id=issue(option.payload, option.title), title=title)
        for option, title in zip(options, titles, strict=True)
    )
    return Buttons(body=body, buttons=buttons, header=picture)


def _lists(body: str, options: Sequence[_Option], style: _ListStyle | None, issue: Issue) -> Iterator[List]:
    titles = cut_titles((option.title for option in options), limits.MAX_ROW_TITLE)
    rows = [_row(option, title, issue) for option, title in zip(options, titles, strict=True)]
    for page in batched(rows, limits.MAX_ROWS):
        yield List(
            body=body,
            button=style.button if style else LIST_BUTTON,
            header=style.header if style else None,
            sections=(Section(rows=page),),
        )


def _row(option: _Option, title: str, issue: Issue) -> Row:
    # A title that had to be cut is told in full underneath, where there is room.
    description = option.description or (option.title if title != option.title else None)
    return Row(
        id=issue(option.payload, option.title),
        title=title,
        description=None if description is None else cut(description, limits.MAX_ROW_DESCRIPTION),
    )


def _with_issued_ids(payload: Mapping[str, Any], issue: Issue) -> Mapping[str, Any]:
    """The same payload with the ids of its buttons and rows swapped; what has none stays as it is."""
    match payload:
        case {"interactive": {"action": {"buttons": [*buttons], **rest}, **interactive}}:
            action = {**rest, "buttons": [_with_issued_button(button, issue) for button in buttons]}
        case {"interactive": {"action": {"sections": [*sections], **rest}, **interactive}}:
            action = {**rest, "sections": [_with_issued_section(section, issue) for section in sections]}
        case _:
            return payload
    return {**payload, "interactive": {**interactive, "action": action}}


def _with_issued_button(button: Any, issue: Issue) -> Any:
    match button:
        case {"reply": reply, **rest}:
            return {**rest, "reply": _with_issued_id(reply, issue)}
        case _:
            return button


def _with_issued_section(section: Any, issue: Issue) -> Any:
    match section:
        case {"rows": [*rows], **rest}:
            return {**rest, "rows": [_with_issued_id(row, issue) for row in rows]}
        case _:
            return section


def _with_issued_id(option: Any, issue: Issue) -> Any:
    match option:
        case {"id": str(payload), "title": str(title), **rest}:
            return {**rest, "id": issue(payload, title), "title": title}
        case _:
            return option


def _read(response: Mapping[str, Any]) -> _Response:
    for name in _OF_OTHER_CHANNELS:
        if response.get(name):
            raise WrongShape(name, "cannot be said on WhatsApp")
    # Rasa fills what was not said with empty texts, lists and objects.
    document = JsonObject({name: member for name, member in response.items() if member})
    custom = document.optional_nested("custom")
    said = _Response(
        text=(document.optional_string("text") or "").strip(),
        picture=_read_picture(document.optional_string("image")),
        options=[_read_option(button) for button in document.each("buttons")] if "buttons" in document else [],
        attachment=_read_attachment(document) if "attachment" in document else None,
        list_style=_read_list_style(custom.optional_nested("list")) if custom else None,
        custom=custom.mapping("whatsapp") if custom else None,
    )
    if custom:
        custom.refuse_the_rest()
    if said.options and not said.text:
        raise WrongShape("text", "is missing; buttons need one above them")
    if said.list_style and not said.options:
        raise WrongShape("custom.list", "stands beside no buttons")
    return said


def _read_picture(link: str | None) -> Image | None:
    return None if link is None else Image(link=link)


def _read_option(button: JsonObject) -> _Option:
    if "url" in button:
        raise WrongShape(button.path("url"), "cannot stand among buttons that answer")
    title = " ".join(button.string("title").splitlines()).strip()
    # As elsewhere in Rasa, a button without a payload says its title.
    payload = button.optional_string("payload") or title
    return _Option(title=title, payload=payload, description=button.optional_string("description") or None)


def _read_attachment(document: JsonObject) -> Message:
    """A picture is shown; any other file is given as a link with its preview."""
    if document.holds_string("attachment"):
        link = document.string("attachment")
        is_picture = link.lower().endswith(PICTURES)
    else:
        attachment = document.nested("attachment")
        is_picture = attachment.string("type") == "image"
        content = attachment.nested("payload")
        link = content.string("src" if "src" in content else "url")
    return Image(link=link) if is_picture else Text(body=link, preview_url=True)


def _read_list_style(style: JsonObject | None) -> _ListStyle | None:
    if style is None:
        return None
    button, header = style.optional_string("button"), style.optional_string("header")
    return _ListStyle(
        button=cut(button.strip(), limits.MAX_LIST_BUTTON) if button else LIST_BUTTON,
        header=cut(header, limits.MAX_HEADER) if header else None,
    )
