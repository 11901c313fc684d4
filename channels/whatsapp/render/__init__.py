"""A Rasa response → the WhatsApp messages that say it best, in the order in which they are to be sent. Pure.

Text comes first and carries the options, then elements, then a file, then the custom message. Nothing is dropped in
silence: what has no form here raises InvalidMessage, naming the member of the response, and what had to be cut is told.
Which form is the best one is written down in docs/decisions/0017-the-form-of-an-answer.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from channels.whatsapp.cutting import Cut, Cuts
from channels.whatsapp.json_object import WrongShape
from channels.whatsapp.messages import InvalidMessage, Message, from_payload
from channels.whatsapp.render import elements, parts
from channels.whatsapp.render.custom import with_issued_ids
from channels.whatsapp.render.means import Issuer, Labels, Means
from channels.whatsapp.render.reading import read
from channels.whatsapp.render.said import Said

__all__ = ["Cut", "Issuer", "Labels", "Rendered", "render"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    messages: tuple[Message, ...]
    cuts: tuple[Cut, ...]
    """What did not fit and was shortened, by the names of the response's members."""


def render(response: Mapping[str, Any], issuer: Issuer, labels: Labels) -> Rendered:
    """Raises InvalidMessage, and whatever the issuer raises."""
    means = Means(issuer=issuer, labels=labels, cuts=Cuts())
    try:
        messages = tuple(_messages(read(response), means))
    except WrongShape as wrong:
        raise InvalidMessage(wrong.path, wrong.problem) from wrong
    return Rendered(messages=messages, cuts=tuple(means.cuts.made))


def _messages(said: Said, means: Means) -> Iterator[Message]:
    if said.elements:
        yield from _with_elements(said, means)
    else:
        yield from parts.messages(said.part, said.list_style, means)
    if said.after is not None:
        yield said.after
    if said.custom is not None:
        yield from_payload(with_issued_ids(said.custom, means.issuer.reply))


def _with_elements(said: Said, means: Means) -> Iterator[Message]:
    """The text stands above the elements; what there is to choose beside them comes last, where it is read last."""
    text = said.part.text
    if said.part.media is not None:
        yield from parts.plain(text, said.part.media)
        text = ""
    style = None if said.part.options else said.list_style
    yield from elements.messages(text, said.elements, style, means)
    if said.part.options or said.part.links:
        yield from parts.messages(replace(said.part, text="", media=None), said.list_style, means)
