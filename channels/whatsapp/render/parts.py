"""One part of a response, a text with what belongs to it, in as few messages as WhatsApp allows.

Text first, and the options at its end. A picture, a film or a file stands above the text, in the same message, where
that message can have one: a caption, a header. Buttons that answer and buttons that open a page cannot share one, so
the answers come with the text and each page follows with its own button.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import regex

from channels.whatsapp import limits
from channels.whatsapp.cutting import cut, split, split_off_the_end
from channels.whatsapp.limits import length
from channels.whatsapp.messages import Button, Buttons, CtaUrl, List, Message, Row, Section, Text
from channels.whatsapp.render.means import Means
from channels.whatsapp.render.said import Link, ListStyle, Media, Option, Part

ROWS_BESIDE_MORE: Final = limits.MAX_ROWS - 1
"""The last row of a full list shows the next ones."""

_URL: Final = regex.compile(r"https?://\S")


def messages(part: Part, style: ListStyle | None, means: Means) -> Iterator[Message]:
    if part.options:
        yield from _with_options(part, style, means)
        yield from _pages(part.links, means)
    elif part.links:
        yield from _with_link(part, part.links[0], means)
        yield from _pages(part.links[1:], means)
    else:
        yield from plain(part.text, part.media)


def plain(text: str, media: Media | None = None) -> Iterator[Message]:
    if media is not None and length(text) <= limits.MAX_CAPTION:
        yield replace(media, caption=text or None)
        return
    if media is not None:
        yield media
    for piece in split(text, limits.MAX_TEXT_BODY):
        yield Text(body=piece, preview_url=len(_URL.findall(piece)) == 1)


def choices(part: Part, style: ListStyle | None, means: Means) -> List:
    """A list; more options than it holds are behind its last row."""
    options, rest = part.options, part.options[:0]
    if len(options) > limits.MAX_ROWS:
        options, rest = options[:ROWS_BESIDE_MORE], options[ROWS_BESIDE_MORE:]
    titles = {f"{option.name}.title": option.title for option in options}
    if rest:
        titles["labels.more"] = means.labels.more
    fitting = means.cuts.titles(titles, limits.MAX_ROW_TITLE)
    rows = [_row(option, title, means) for option, title in zip(options, fitting, strict=False)]
    if rest:
        page = means.issuer.page(_response(part.text, rest, style), means.labels.more)
        rows.append(Row(id=page, title=fitting[-1]))
    button, header = (style.button, style.header) if style else (None, None)
    return List(
        body=part.text,
        button=means.cuts.title("custom.list.button", button or means.labels.choose, limits.MAX_LIST_BUTTON),
        header=header and means.cuts.title("custom.list.header", header, limits.MAX_HEADER),
        sections=(Section(rows=tuple(rows)),),
    )


def buttons_of(options: Sequence[Option], means: Means) -> tuple[Button, ...]:
    titles = means.cuts.titles({f"{each.name}.title": each.title for each in options}, limits.MAX_BUTTON_TITLE)
    return tuple(
        Button(id=means.issuer.reply(option.payload, option.title), title=title)
        for option, title in zip(options, titles, strict=True)
    )


def _with_options(part: Part, style: ListStyle | None, means: Means) -> Iterator[Message]:
    described = any(option.description for option in part.options)
    as_list = style is not None or described or len(part.options) > limits.MAX_BUTTONS
    before, body = split_off_the_end(part.text, limits.MAX_INTERACTIVE_BODY)
    body = body or means.labels.choose
    if before or (as_list and part.media):
        yield from plain(before, part.media)
    if as_list:
        yield choices(replace(part, text=body), style, means)
    else:
        buttons = buttons_of(part.options, means)
        yield Buttons(body=body, buttons=buttons, header=None if before else part.media)


def _with_link(part: Part, link: Link, means: Means) -> Iterator[Message]:
    before, body = split_off_the_end(part.text, limits.MAX_INTERACTIVE_BODY)
    if before:
        yield from plain(before, part.media)
    body = body or cut(link.title, limits.MAX_INTERACTIVE_BODY)
    title = means.cuts.title(f"{link.name}.title", link.title, limits.MAX_CTA_TITLE)
    yield CtaUrl(body=body, title=title, url=link.url, header=None if before else part.media)


def _pages(links: Sequence[Link], means: Means) -> Iterator[Message]:
    """A message for each, under its own title, which is there in full."""
    for link in links:
        yield from _with_link(Part(), link, means)


def _row(option: Option, title: str, means: Means) -> Row:
    # A title that had to be cut is told in full underneath, where there is room.
    description = option.description or (option.title if title != option.title else None)
    return Row(
        id=means.issuer.reply(option.payload, option.title),
        title=title,
        description=description
        and means.cuts.title(f"{option.name}.description", description, limits.MAX_ROW_DESCRIPTION),
    )


def _response(text: str, options: Sequence[Option], style: ListStyle | None) -> Mapping[str, Any]:
    """The rest as a response, as Rasa would have said it."""
    described = ({"description": option.description} if option.description else {} for option in options)
    buttons = [
        {"title": option.title, "payload": option.payload, **description}
        for option, description in zip(options, described, strict=True)
    ]
    custom = {} if style is None else {"custom": {"list": {"button": style.button, "header": style.header}}}
    return {"text": text, "buttons": buttons, **custom}
