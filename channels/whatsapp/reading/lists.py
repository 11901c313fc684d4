"""Changes whose value holds lists of items: each item is read by itself, and breaks by itself."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.reading.envelope import Change
from channels.whatsapp.received import Item

SURROUNDINGS: Final = ("messaging_product", "metadata", "contacts")
"""The members that an item needs beside itself to be read."""

type Reader = Callable[[JsonObject, dict[str, Any]], Item]
"""Reads an item, given besides as Meta sent it."""


def read_lists(change: Change, readers: Mapping[str, Reader], also_read: Collection[str] = ()) -> Iterator[Item]:
    """The items of the named lists, then whatever else the value holds, for Meta adds members; `also_read` are not."""
    for name, read in readers.items():
        yield from _each(change, name, read)
    read_ones = {*readers, *also_read}
    rest = {name: member for name, member in change.value.items() if name not in read_ones}
    if rest.keys() - set(SURROUNDINGS) or rest.keys() == change.value.keys():
        yield change.other(change.holding(rest))


def alone(change: Change, name: str, items: object) -> dict[str, Any]:
    """The change with these items of it only, and what they need to be read."""
    value: dict[str, Any] = {around: change.value[around] for around in SURROUNDINGS if around in change.value}
    return change.holding({**value, name: items})


def _each(change: Change, name: str, read: Reader) -> Iterator[Item]:
    items = change.value.get(name, [])
    if not isinstance(items, list):
        yield change.unreadable(alone(change, name, items), f"{name} is not a list")
        return
    for item in items:
        try:
            yield read(JsonObject(item, _SINGULAR.get(name, name)), item)
        except WrongShape as wrong:
            yield change.unreadable(alone(change, name, [item]), str(wrong))


_SINGULAR: Final = {
    "messages": "message",
    "statuses": "status",
    "message_echoes": "message_echo",
    "user_preferences": "user_preference",
}
"""How a problem names one of them."""
