"""Whom the desk is measured on: people with names and numbers, what they were notified of, and who looked at them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.tables import notifications, workflow_versions
from staff.audit import Deed
from staff.tables import staff_audit, staff_members
from storage.tables import addresses, subscribers
from storage.types import new_id

FIRST_NAMES: Final = ("Awa", "Grâce", "Jean", "Merveille", "Prince", "Chantal", "Fatou", "Éric", "Divine", "Rodrigue")
LAST_NAMES: Final = ("Mabiala", "Ngoma", "Okemba", "Samba", "Massamba", "Loemba", "Diallo", "Makosso", "Itoua")
RARE_NAME: Final = "Quidam"
FREQUENT_NAME: Final = "mabiala"
RARE_EVERY: Final = 20_000
"""One of so many people has the rare name."""

NUMBER: Final = "2426{:08}"
WORKFLOW: Final = "delivery_on_its_way"

type Line = tuple[sa.Table, dict[str, Any]]


def begin(connection: Connection, business: str, at: datetime) -> tuple[str, str]:
    """The version of a workflow and the member of the staff that the rest refers to."""
    version, member = new_id(), new_id()
    first = {"id": version, "business_id": business, "key": WORKFLOW, "version": "1", "definition": {}}
    connection.execute(sa.insert(workflow_versions).values(first | {"created_at": at}))
    who = {"id": member, "email": "reader@example.com", "name": "A reader", "created_at": at}
    connection.execute(sa.insert(staff_members).values(who))
    return version, member


def person(business: str, number: int, person_id: str, at: datetime) -> Iterator[Line]:
    """The person of this number and how they are reached."""
    own = {"business_id": business}
    yield subscribers, own | {"id": person_id, "role": "client", "name": name_of(number), "created_at": at}
    digits = NUMBER.format(number)
    for kind, value in (("phone", f"+{digits}"), ("whatsapp", digits)):
        yield addresses, own | {"id": new_id(), "subscriber_id": person_id, "kind": kind, "value": value}


def name_of(number: int) -> str:
    """What somebody is called: a few names are very frequent, as they are anywhere."""
    last = RARE_NAME if number % RARE_EVERY == 17 else LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)]
    return f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {last} {number}"


def notification(business: str, version: str, person_id: str, notification_id: str, at: datetime) -> Line:
    """One that is done."""
    what = {"version_id": version, "workflow": WORKFLOW, "subscriber_id": person_id, "trigger_id": notification_id}
    how = {"source": "api", "category": "transactional", "lane": "immediate", "payload": {}, "state": "done"}
    row = {"id": notification_id, "business_id": business, "progress": {}, "created_at": at, "finished_at": at}
    return notifications, row | what | how


def looked_at(business: str, member: str, person_id: str, talk: str, at: datetime) -> Iterator[Line]:
    """That somebody opened the talk, and then the page of the person."""
    for deed, kind, subject in ((Deed.TALK_OPENED, "talk", talk), (Deed.PERSON_OPENED, "person", person_id)):
        who = {"id": new_id(), "business_id": business, "member_id": member, "address": "127.0.0.1"}
        what = {"deed": deed.value, "subject_kind": kind, "subject_id": subject}
        yield staff_audit, who | what | {"done_at": at + timedelta(hours=1)}
