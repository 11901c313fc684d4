"""The change that matters most: what people wrote to one of our numbers, and what became of what we wrote."""

from collections.abc import Iterator
from typing import Any

from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.reading.envelope import Change
from channels.whatsapp.reading.errors import read_errors
from channels.whatsapp.reading.lists import alone, read_lists
from channels.whatsapp.reading.messages import read_message
from channels.whatsapp.reading.people import People
from channels.whatsapp.reading.receipts import read_status
from channels.whatsapp.received import Item, NumberErrors


def read_messages_change(change: Change) -> Iterator[Item]:
    value = JsonObject(change.value)
    people, errors = People(value), read_errors(value)

    def message(members: JsonObject, raw: dict[str, Any]) -> Item:
        return read_message(members, raw, _ours(change), change.waba_id, people, errors)

    def status(members: JsonObject, raw: dict[str, Any]) -> Item:
        if members.text("type") == "payment":
            # How a payment stands, in the same list: its "failed" is no failure of a message.
            return change.other(alone(change, "statuses", [raw]))
        return read_status(members, raw, _ours(change), change.waba_id, people, errors)

    yield from read_lists(change, {"messages": message, "statuses": status}, also_read=["errors"])
    yield from _number_errors(change)


def _ours(change: Change) -> str:
    if change.phone_number_id is None:
        raise WrongShape("metadata.phone_number_id", "is missing")
    return change.phone_number_id


def _number_errors(change: Change) -> Iterator[Item]:
    errors = change.value.get("errors", [])
    if not isinstance(errors, list):
        yield change.unreadable(alone(change, "errors", errors), "errors is not a list")
    elif errors:
        yield NumberErrors(**change.news(alone(change, "errors", errors)), errors=read_errors(JsonObject(change.value)))
