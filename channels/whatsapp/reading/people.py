"""Who is meant: the ids that an item names, completed from the contacts beside it, which stand in any order."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.numbers import spellings
from channels.whatsapp.received import Sender


class People:
    """The contacts of a change that tell who somebody is; others help nobody, and the items are read without them."""

    def __init__(self, value: JsonObject) -> None:
        self._people = [person for person in map(_person, value.parts("contacts")) if is_known(person)]
        self._by_id: dict[tuple[str, str], Sender] = {}
        for person in self._people:
            for each in _ids(person):
                self._by_id.setdefault(each, person)

    def completed(self, named: Sender) -> Sender:
        """The person with what their contact adds; ids that the item itself names count more."""
        # A contact may spell the number in its country's other way.
        names = chain(_ids(named), _other_spellings(named))
        known = next((self._by_id[each] for each in names if each in self._by_id), None)
        if known is None:
            return named
        return replace(
            known,
            wa_id=named.wa_id or known.wa_id,
            user_id=named.user_id or known.user_id,
            parent_user_id=named.parent_user_id or known.parent_user_id,
        )

    def only_one(self) -> Sender | None:
        """Whom an item without any id can mean. The order of several contacts says nothing."""
        return self._people[0] if len(self._people) == 1 else None


def read_sender(message: JsonObject, people: People) -> Sender:
    # News of a person come without contacts, and name who they were in their own way.
    system = message.part("system")
    named = Sender(
        wa_id=message.optional_identifier("from") or system.text("customer"),
        user_id=message.text("from_user_id") or system.text("previous_user_id"),
        parent_user_id=message.text("from_parent_user_id") or system.text("previous_parent_user_id"),
    )
    now = Sender(user_id=system.text("user_id"), parent_user_id=system.text("parent_user_id"))
    sender = somebody(named, people) or somebody(now, people)
    if sender is None:
        raise WrongShape(message.path("from"), "is missing")
    return sender


def somebody(named: Sender, people: People) -> Sender | None:
    """The person whom the ids name; without any, the only contact there is."""
    return people.completed(named) if is_known(named) else people.only_one()


def is_known(person: Sender) -> bool:
    return (person.wa_id or person.user_id or person.parent_user_id) is not None


def _ids(person: Sender) -> Iterator[tuple[str, str]]:
    if person.wa_id is not None:
        yield "wa_id", person.wa_id
    if person.user_id is not None:
        yield "user_id", person.user_id
    if person.parent_user_id is not None:
        yield "parent_user_id", person.parent_user_id


def _other_spellings(person: Sender) -> Iterator[tuple[str, str]]:
    for spelling in spellings(person.wa_id or "")[1:]:
        yield "wa_id", spelling


def _person(contact: JsonObject) -> Sender:
    profile = contact.part("profile")  # receipts have contacts without one
    return Sender(
        wa_id=contact.text("wa_id"),
        user_id=contact.text("user_id"),
        parent_user_id=contact.text("parent_user_id"),
        name=profile.text("name"),
        username=profile.text("username"),
        identity_key_hash=contact.text("identity_key_hash"),
    )
