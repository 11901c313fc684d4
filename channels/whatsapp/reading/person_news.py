"""News of people: what they prefer, their new ids, and what a colleague wrote to them from the phone app."""

from collections.abc import Iterator
from typing import Any

from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.reading.contents import read_content
from channels.whatsapp.reading.envelope import Change
from channels.whatsapp.reading.lists import alone, read_lists
from channels.whatsapp.reading.moments import moment_or_none
from channels.whatsapp.reading.people import People, somebody
from channels.whatsapp.received import Content, Echo, Item, OtherReceived, PreferenceChange, Sender, UserIdUpdate


def read_preferences(change: Change) -> Iterator[Item]:
    people = People(JsonObject(change.value))

    def preference(members: JsonObject, raw: dict[str, Any]) -> Item:
        named = Sender(
            wa_id=members.text("wa_id"),
            user_id=members.text("user_id"),
            parent_user_id=members.text("parent_user_id"),
        )
        return PreferenceChange(
            **_news(change, "user_preferences", members, raw),
            sender=_somebody(named, people, members.path("wa_id")),
            category=members.string("category"),
            value=members.string("value"),
        )

    return read_lists(change, {"user_preferences": preference})


def read_echoes(change: Change) -> Iterator[Item]:
    people = People(JsonObject(change.value))

    def echo(members: JsonObject, raw: dict[str, Any]) -> Item:
        number = members.text("to")
        to = Sender(
            wa_id=None if number is None else number.removeprefix("+"),
            user_id=members.text("to_user_id"),
            parent_user_id=members.text("to_parent_user_id"),
        )
        return Echo(
            **_news(change, "message_echoes", members, raw),
            to=_somebody(to, people, members.path("to")),
            wamid=members.identifier("id"),
            content=_said(members),
        )

    return read_lists(change, {"message_echoes": echo})


def read_user_ids(change: Change) -> Iterator[Item]:
    """Meta described this field and withdrew it; the ids were objects of a previous and a current one."""
    people = People(JsonObject(change.value))

    def user_id_update(members: JsonObject, raw: dict[str, Any]) -> Item:
        own, parent = members.part("user_id"), members.part("parent_user_id")
        named = Sender(
            wa_id=members.text("wa_id"),
            user_id=own.text("current") or members.text("user_id"),
            parent_user_id=parent.text("current") or members.text("parent_user_id"),
        )
        return UserIdUpdate(
            **_news(change, "user_id_update", members, raw),
            sender=_somebody(named, people, members.path("wa_id")),
            previous_user_id=own.text("previous") or members.text("previous_user_id"),
            previous_parent_user_id=parent.text("previous") or members.text("previous_parent_user_id"),
        )

    return read_lists(change, {"user_id_update": user_id_update})


def _news(change: Change, name: str, members: JsonObject, raw: dict[str, Any]) -> dict[str, Any]:
    news = change.news(alone(change, name, [raw]))
    return {**news, "at": moment_or_none(members, "timestamp") or news["at"]}


def _somebody(named: Sender, people: People, path: str) -> Sender:
    found = somebody(named, people)
    if found is None:
        raise WrongShape(path, "is missing")
    return found


def _said(members: JsonObject) -> Content:
    # It has the shape of what one sends, such as pictures by link; that somebody wrote matters more than what.
    try:
        return read_content(members)
    except WrongShape:
        return OtherReceived(kind=members.text("type") or "unknown")
