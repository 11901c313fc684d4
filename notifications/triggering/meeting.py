"""Finds or makes the people whom triggers are for; what the triggers tell of them is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.plans.plan import Business
from notifications.ports import Merging
from notifications.triggering.errors import BadRecipient
from notifications.triggering.finding import Changes, Directory
from notifications.triggering.naming import BadName, Names, names_of
from notifications.triggering.trigger import Recipient
from storage.insert import insert_new_rows
from storage.tables import addresses, subscribers
from storage.types import new_id

MOST_ROUNDS: Final = 5
"""How often it is begun anew after somebody else met one of these people at the same moment."""


class MetByOthers(Exception):
    """Other transactions went on meeting the same people; nothing is known to be wrong."""


def meet(
    connection: Connection, business: Business, recipients: Sequence[Recipient], merge: Merging, now: datetime
) -> list[str | BadRecipient]:
    """The subscriber behind each recipient, or what is wrong with how they are named."""
    for _ in range(MOST_ROUNDS):
        found, directory = _find(connection, business, recipients)
        is_written = _write(connection, business, directory.changes, merge, now)
        # Who was joined to somebody else is looked up once more: several recipients may be that person.
        if is_written and not directory.changes.merged:
            met = zip(found, recipients, strict=True)
            _keep_profiles(connection, [(person, each) for person, each in met if isinstance(person, str)])
            return found
    raise MetByOthers


def known(connection: Connection, business: Business, recipients: Sequence[Recipient]) -> set[str]:
    """The subscribers whom any of these names are of; nobody is made, and nothing is changed."""
    read = [each for recipient in recipients if isinstance(each := _names(recipient, business), Names)]
    directory = Directory(connection, business.id, read)
    return {person for names in read for person in directory.behind(names)}


def _find(
    connection: Connection, business: Business, recipients: Sequence[Recipient]
) -> tuple[list[str | BadRecipient], Directory]:
    read = [_names(each, business, as_written=True) for each in recipients]
    directory = Directory(connection, business.id, [each for each in read if isinstance(each, Names)])
    strangers = [
        index
        for index, each in enumerate(read)
        if isinstance(each, Names) and each.addresses and not directory.knows(each)
    ]
    for index in strangers:
        read[index] = _names(recipients[index], business)
    directory.look_up([each for index in strangers if isinstance(each := read[index], Names)])
    return [_person(directory, each) for each in read], directory


def _names(recipient: Recipient, business: Business, *, as_written: bool = False) -> Names | BadRecipient:
    try:
        return names_of(recipient, business.country, as_written=as_written)
    except BadName as error:
        return BadRecipient([error.problem])


def _person(directory: Directory, names: Names | BadRecipient) -> str | BadRecipient:
    if isinstance(names, BadRecipient):
        return names
    try:
        return directory.person(names)
    except BadName as error:
        return BadRecipient([error.problem])


def _write(connection: Connection, business: Business, changes: Changes, merge: Merging, now: datetime) -> bool:
    """Whether it could be written; False where somebody else met one of them just now."""
    if not (_insert_newcomers(connection, business, changes, now) and _insert_addresses(connection, business, changes)):
        _take_back(connection, list(changes.newcomers))
        return False
    a, s = addresses.c, subscribers.c
    for (kind, value), person in sorted(changes.moved.items()):
        is_it = (a.business_id == business.id, a.kind == kind, a.value == value)
        connection.execute(sa.update(addresses).where(*is_it).values(subscriber_id=person))
    for person, external_id in changes.named.items():
        connection.execute(sa.update(subscribers).where(s.id == person).values(external_id=external_id))
    for one, other in changes.merged:
        merge(connection, one, other)
    return True


def _insert_newcomers(connection: Connection, business: Business, changes: Changes, now: datetime) -> bool:
    if not changes.newcomers:
        return True
    rows = [
        {
            "id": person,
            "business_id": business.id,
            "role": "client",
            "external_id": names.external_id,
            "created_at": now,
        }
        for person, names in changes.newcomers.items()
    ]
    # In one order for everybody, so that two who meet the same people do not wait for each other in a circle.
    rows.sort(key=lambda row: str(row["external_id"]))
    return len(insert_new_rows(connection, subscribers, rows, subscribers.c.id)) == len(rows)


def _insert_addresses(connection: Connection, business: Business, changes: Changes) -> bool:
    if not changes.learned:
        return True
    rows = [
        {"id": new_id(), "business_id": business.id, "subscriber_id": person, "kind": kind, "value": value}
        for (kind, value), person in sorted(changes.learned.items())
    ]
    return len(insert_new_rows(connection, addresses, rows, addresses.c.id)) == len(rows)


def _take_back(connection: Connection, newcomers: Sequence[str]) -> None:
    if newcomers:
        connection.execute(sa.delete(addresses).where(addresses.c.subscriber_id.in_(newcomers)))
        connection.execute(sa.delete(subscribers).where(subscribers.c.id.in_(newcomers)))


def _keep_profiles(connection: Connection, met: Sequence[tuple[str, Recipient]]) -> None:
    """What was told of people and was not so before."""
    told = {person: recipient for person, recipient in met if _tells_something(recipient)}
    if not told:
        return
    s = subscribers.c
    known = connection.execute(
        sa.select(s.id, s.name, s.locale, s.timezone, s.attributes).where(s.id.in_(sorted(told))).order_by(s.id)
    ).all()
    for row in known:
        values = _news(row, told[row.id])
        if values:
            connection.execute(sa.update(subscribers).where(s.id == row.id).values(values))


def _tells_something(recipient: Recipient) -> bool:
    return any((recipient.name, recipient.locale, recipient.timezone, recipient.attributes))


def _news(row: Any, recipient: Recipient) -> dict[str, Any]:
    attributes = {**(row.attributes or {}), **(recipient.attributes or {})}
    told: dict[str, Any] = {
        "name": recipient.name or row.name,
        # A language that somebody chose in the chat is theirs to change.
        "locale": row.locale or recipient.locale,
        "timezone": recipient.timezone or row.timezone,
        "attributes": attributes or row.attributes,
    }
    return {name: value for name, value in told.items() if value != getattr(row, name)}
