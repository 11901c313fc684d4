"""Finds out which people the names of many recipients lead to, in few statements, and what has to be changed for it.

Somebody who is named in several ways is one person: whoever was known under one name alone is joined to the one who is
known under the other. Only where the business's system tells two apart (two ids) does an address move, to whom it is
said to belong now: numbers change hands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.triggering.naming import BadName, Name, Names
from storage.among import among
from storage.tables import addresses, subscribers
from storage.types import new_id

NAMES_AT_ONCE: Final = 5_000
"""In one statement: PostgreSQL's driver takes 32 767 values."""


@dataclass(slots=True)
class Changes:
    """What finding people asks for, before it is written."""

    newcomers: dict[str, Names] = field(default_factory=dict)
    """By the id that they are to have."""
    learned: dict[Name, str] = field(default_factory=dict)
    """Addresses that nobody had, and whose they are."""
    moved: dict[Name, str] = field(default_factory=dict)
    """Addresses that were somebody else's."""
    merged: list[tuple[str, str]] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    """External ids of people who had none, by subscriber."""


class Directory:
    """Who goes by which name, as far as it was asked; names that are given to people are added."""

    def __init__(self, connection: Connection, business_id: str, everybody: Iterable[Names]) -> None:
        self._connection = connection
        self._business_id = business_id
        self._by_name: dict[Name, str] = {}
        self._external: dict[str, str | None] = {}
        """The external id of each person who was found."""
        self.changes = Changes()
        self.look_up(everybody)

    def knows(self, names: Names) -> bool:
        """Whether any name of theirs is somebody's."""
        return names.subscriber_id is not None or any(name in self._by_name for name in names.all)

    def behind(self, names: Names) -> set[str]:
        """Everybody who goes by any of these names."""
        asked = [*names.all, *([("id", names.subscriber_id)] if names.subscriber_id is not None else [])]
        return {self._by_name[name] for name in asked if name in self._by_name}

    def person(self, names: Names) -> str:
        """The id of whom these names lead to, with what has to be changed for it. Raises BadName."""
        found = self._found(names)
        person = next((each for each in found if self._may_be(each, names)), None) or self._newcomer(names)
        self._name(person, names)
        for other in found:
            if other != person:
                person = self._settle_with(person, other, names)
        for name in names.addresses:
            if name not in self._by_name:
                self._by_name[name] = person
                self.changes.learned[name] = person
        return person

    def _found(self, names: Names) -> list[str]:
        """Everybody whom the names lead to, the most certain first."""
        found: dict[str, None] = {}
        if names.subscriber_id is not None:
            known = self._by_name.get(("id", names.subscriber_id))
            if known is None:
                raise BadName("subscriber_id", "is nobody's in this business; leave it out to name them otherwise")
            if not self._may_be(known, names):
                raise BadName("id", "is not the one of this subscriber_id; leave one of the two out")
            found[known] = None
        for name in names.all:
            if name in self._by_name:
                found[self._by_name[name]] = None
        return list(found)

    def _may_be(self, person: str, names: Names) -> bool:
        """Somebody whom the business calls by another id is somebody else, though their number was named."""
        if names.external_id is None or self._by_name.get(("external", names.external_id)) == person:
            return True
        return self._external.get(person) is None

    def _name(self, person: str, names: Names) -> None:
        """The id that the business calls them by is theirs from now on."""
        if names.external_id is None or ("external", names.external_id) in self._by_name:
            return
        self._by_name[("external", names.external_id)] = person
        self._external[person] = names.external_id
        if person not in self.changes.newcomers:
            self.changes.named[person] = names.external_id

    def _settle_with(self, person: str, other: str, names: Names) -> str:
        mine, theirs = self._external.get(person), self._external.get(other)
        if mine is not None and theirs is not None:
            for name in {*names.all, *names.addresses}:
                if name[0] != "external" and self._by_name.get(name) == other:
                    self._by_name[name] = person
                    self.changes.moved[name] = person
            return person
        self.changes.merged.append((person, other))
        # The older one stays (see conversations.merge), and ids are ordered by the moment they were made.
        stays, goes = sorted((person, other))
        self._external[stays] = mine or theirs
        self._by_name |= {name: stays for name, owner in self._by_name.items() if owner == goes}
        return stays

    def _newcomer(self, names: Names) -> str:
        person = new_id()
        self.changes.newcomers[person] = names
        self._external[person] = None
        return person

    def look_up(self, everybody: Iterable[Names]) -> None:
        """Ask for all names of these."""
        ids: dict[str, None] = {}
        external: dict[str, None] = {}
        named: dict[Name, None] = {}
        for names in everybody:
            if names.subscriber_id is not None:
                ids[names.subscriber_id] = None
            for name in names.all:
                if name[0] == "external":
                    external[name[1]] = None
                else:
                    named[name] = None
        self._look_up_addresses(list(named))
        self._look_up_external(list(external))
        self._look_up_ids(list(ids))
        self._learn_external()

    def _look_up_addresses(self, names: Sequence[Name]) -> None:
        for some in batched(names, NAMES_AT_ONCE):
            asked = {"business_id": self._business_id, "values": [value for _, value in some]}
            for row in self._connection.execute(_BY_ADDRESS, asked).all():
                self._by_name[(row.kind, row.value)] = row.subscriber_id
                self._external[row.subscriber_id] = row.external_id

    def _look_up_external(self, values: Sequence[str]) -> None:
        for some in batched(values, NAMES_AT_ONCE):
            asked = {"business_id": self._business_id, "values": list(some)}
            for row in self._connection.execute(_BY_EXTERNAL_ID, asked).all():
                self._by_name[("external", row.external_id)] = row.merged_into or row.id
                if row.merged_into is None:
                    self._external[row.id] = row.external_id

    def _look_up_ids(self, ids: Sequence[str]) -> None:
        for some in batched(ids, NAMES_AT_ONCE):
            asked = {"business_id": self._business_id, "values": list(some)}
            for row in self._connection.execute(_BY_ID, asked).all():
                self._by_name[("id", row.id)] = row.merged_into or row.id
                if row.merged_into is None:
                    self._external[row.id] = row.external_id

    def _learn_external(self) -> None:
        """Of those who were found as whom somebody was merged into."""
        unknown = sorted(set(self._by_name.values()) - self._external.keys())
        for some in batched(unknown, NAMES_AT_ONCE):
            asked = {"business_id": self._business_id, "values": list(some)}
            for row in self._connection.execute(_BY_ID, asked).all():
                self._external[row.id] = row.external_id


_BY_ADDRESS = (
    sa.select(addresses.c.kind, addresses.c.value, addresses.c.subscriber_id, subscribers.c.external_id)
    .join(subscribers, subscribers.c.id == addresses.c.subscriber_id)
    .where(
        addresses.c.business_id == sa.bindparam("business_id"),
        addresses.c.kind.in_([sa.literal_column(f"'{kind}'") for kind in ("phone", "whatsapp", "email")]),
        among(addresses.c.value, "values"),
    )
)

_BY_EXTERNAL_ID = sa.select(subscribers.c.id, subscribers.c.external_id, subscribers.c.merged_into).where(
    subscribers.c.business_id == sa.bindparam("business_id"), among(subscribers.c.external_id, "values")
)

_BY_ID = sa.select(subscribers.c.id, subscribers.c.external_id, subscribers.c.merged_into).where(
    subscribers.c.business_id == sa.bindparam("business_id"), among(subscribers.c.id, "values")
)
