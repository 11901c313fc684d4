"""Several things of a kind, such as products: cards side by side, or rows of a list, or a message for each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from math import ceil
from typing import Final

from channels.whatsapp import limits
from channels.whatsapp.cutting import split_off_the_end
from channels.whatsapp.limits import length
from channels.whatsapp.messages import Card, CardLink, Carousel, Image, Message
from channels.whatsapp.render import parts
from channels.whatsapp.render.means import Means
from channels.whatsapp.render.said import Element, ListStyle, Option, Part

BETWEEN_LINES: Final = " · "

MAX_CARD_TITLE: Final = limits.MAX_CARD_BODY // 2
"""units; a card has no place for a title but its body, and the other half is the subtitle's"""


def messages(text: str, elements: Sequence[Element], style: ListStyle | None, means: Means) -> Iterator[Message]:
    """The text stands above the elements; `style` asks for a list where one is possible."""
    if len(elements) == 1:
        yield from _one(text, elements[0], style, means)
    elif _are_cards(elements) and not (style and _are_rows(elements)):
        yield from _carousels(text, elements, means)
    elif _are_rows(elements):
        yield from _list(text, elements, style, means)
    else:
        yield from parts.plain(text)
        yield from _one_by_one(elements, means)


def _are_cards(elements: Sequence[Element]) -> bool:
    """A carousel wants a picture on every card and the same buttons: as many, and of one kind."""
    options, links = {len(each.options) for each in elements}, {len(each.links) for each in elements}
    answer = links == {0} and len(options) == 1 and 1 <= max(options) <= limits.MAX_BUTTONS
    open_a_page = options == {0} and links == {1}
    return all(each.picture for each in elements) and (answer or open_a_page)


def _are_rows(elements: Sequence[Element]) -> bool:
    """A row has one meaning."""
    return all(len(element.options) == 1 and not element.links for element in elements)


def _carousels(text: str, elements: Sequence[Element], means: Means) -> Iterator[Message]:
    """More cards than one holds are dealt out evenly, so that none is left alone."""
    before, body = split_off_the_end(text, limits.MAX_INTERACTIVE_BODY)
    yield from parts.plain(before)
    body = body or means.labels.choose
    count = ceil(len(elements) / limits.MAX_CARDS)
    bounds = [len(elements) * number // count for number in range(count + 1)]
    for start, end in pairwise(bounds):
        some = elements[start:end]
        cards = tuple(_card(each, each.picture, means) for each in some if each.picture is not None)
        yield Carousel(body=means.labels.more if start else body, cards=cards)


def _card(element: Element, picture: Image, means: Means) -> Card:
    body = _card_body(element, means)
    if element.options:
        return Card(header=picture, body=body, buttons=parts.buttons_of(element.options, means))
    (link,) = element.links
    title = means.cuts.title(f"{link.name}.title", link.title, limits.MAX_CTA_TITLE)
    return Card(header=picture, body=body, link=CardLink(title=title, url=link.url))


def _card_body(element: Element, means: Means) -> str:
    """The title in bold and the subtitle below it, in three lines at most."""
    title = _bold(means.cuts.title(f"{element.name}.title", element.title, MAX_CARD_TITLE))
    if element.subtitle is None:
        return title
    first, *others = _lines(element.subtitle)
    # The one line break that is left; the other stands below the title.
    below = "\n".join([first, BETWEEN_LINES.join(others)]) if others else first
    room = limits.MAX_CARD_BODY - length(title) - length("\n")
    return f"{title}\n{means.cuts.body(f'{element.name}.subtitle', below, room)}"


def _list(text: str, elements: Sequence[Element], style: ListStyle | None, means: Means) -> Iterator[Message]:
    """A row for each; a list shows no picture at all."""
    before, body = split_off_the_end(text, limits.MAX_INTERACTIVE_BODY)
    yield from parts.plain(before)
    for element in elements:
        if element.picture is not None:
            means.cuts.note(f"{element.name}.image_url", 1, 0)
    rows = [
        Option(name=each.name, title=each.title, payload=each.options[0].payload, description=_flat(each.subtitle))
        for each in elements
    ]
    yield parts.choices(Part(text=body or means.labels.choose, options=rows), style, means)


def _one(text: str, element: Element, style: ListStyle | None, means: Means) -> Iterator[Message]:
    part = _part(element)
    whole = f"{text}\n\n{part.text}".strip()
    if part.media or part.options or part.links:
        yield from parts.messages(replace(part, text=whole), style, means)
    else:
        yield from parts.plain(whole)


def _one_by_one(elements: Sequence[Element], means: Means) -> Iterator[Message]:
    """Those that are nothing but words share a message."""
    for is_bare, group in groupby(map(_part, elements), lambda part: not (part.media or part.options or part.links)):
        if is_bare:
            yield from parts.plain("\n\n".join(part.text for part in group))
        else:
            for part in group:
                yield from parts.messages(part, None, means)


def _part(element: Element) -> Part:
    return Part(
        text="\n".join(filter(None, [_bold(element.title), element.subtitle])),
        media=element.picture,
        options=element.options,
        links=element.links,
    )


def _bold(title: str) -> str:
    """A title that holds a star is left alone: WhatsApp knows no escaping."""
    return title if "*" in title else f"*{title}*"


def _flat(text: str | None) -> str | None:
    return None if text is None else BETWEEN_LINES.join(_lines(text))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
