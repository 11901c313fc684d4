"""Many messages kept together leave what they leave when they are kept one by one."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import Item, parse
from conversations import familiar
from conversations.tables import inbound_messages, turns
from notifications.tables import consents
from server.parts import build_inbox
from storage.database import Database, database_url, open_database
from storage.tables import addresses, conversations, subscribers
from tests.house import JASMIN, KIMIA

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE = ("242061234567", "242055551234", "21620123456")

type Event = tuple[str, int, int]
"""What happens, who does it, and which earlier message it is about."""

events = st.lists(
    st.tuples(
        st.sampled_from(["text", "text", "text", "stop", "edit", "revoke", "again", "photo", "named", "elsewhere"]),
        st.integers(0, len(PEOPLE) - 1),
        st.integers(0, 9),
    ),
    max_size=12,
)


def message(number: int, event: Event) -> dict[str, Any]:
    kind, person, about = event
    base = {"from": PEOPLE[person], "id": f"wamid.{number}", "timestamp": str(1_772_366_400 + number)}
    text = {"type": "text", "text": {"body": f"message {number}"}}
    original = {"original_message_id": f"wamid.{about}"}
    match kind:
        case "stop":
            return {**base, "type": "text", "text": {"body": "STOP"}}
        case "edit":
            return {**base, "type": "edit", "edit": {**original, "message": {**text, "text": {"body": "edited"}}}}
        case "revoke":
            return {**base, "type": "revoke", "revoke": original}
        case "photo":
            return {**base, "type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "sha256": "AA=="}}
        case _:
            return {**base, **text}


def items(happened: Sequence[Event]) -> list[Item]:
    meant = [_meant(happened, number) for number in range(len(happened))]
    values = [
        {
            "messaging_product": "whatsapp",
            "metadata": {"phone_number_id": JASMIN if event[0] == "elsewhere" else KIMIA},
            "contacts": [{"profile": {"name": "Autre" if event[0] == "named" else "Grâce"}, "wa_id": PEOPLE[event[1]]}],
            "messages": [message(number, event)],
        }
        for number, event in meant
    ]
    changes = [{"field": "messages", "value": value} for value in values]
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}
    return parse(json.dumps(body).encode())


def _meant(happened: Sequence[Event], number: int) -> tuple[int, Event]:
    """A webhook that comes again is what it was."""
    kind, person, about = happened[number]
    if kind != "again":
        return number, happened[number]
    return _meant(happened, about) if about < number else (number, ("text", person, about))


def left(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """What is in the database, without ids made up on the way."""
    who = sa.select(sa.func.min(addresses.c.value)).where(addresses.c.subscriber_id == subscribers.c.id)
    talk, m = conversations.c, inbound_messages.c
    asked = {
        "people": sa.select(who.scalar_subquery(), subscribers.c.name, subscribers.c.business_id).select_from(
            subscribers
        ),
        "talks": sa.select(
            who.scalar_subquery(), talk.phone_number_id, talk.last_inbound_at, talk.next_turn_at.is_not(None)
        ).join(subscribers, subscribers.c.id == talk.subscriber_id),
        "messages": sa.select(m.wamid, m.kind, m.phone_number_id, who.scalar_subquery())
        .join(conversations, talk.id == m.conversation_id)
        .join(subscribers, subscribers.c.id == talk.subscriber_id),
        "turns": sa.select(m.wamid, sa.cast(turns.c.input, sa.Text), turns.c.status).join(
            inbound_messages, m.id == turns.c.inbound_message_id
        ),
        "consents": sa.select(who.scalar_subquery(), consents.c.granted, consents.c.source).join(
            subscribers, subscribers.c.id == consents.c.subscriber_id
        ),
    }
    return {name: sorted(map(tuple, connection.execute(each)), key=repr) for name, each in asked.items()}


async def after(template: Path, portions: Sequence[Sequence[Item]]) -> tuple[dict[str, list[tuple[Any, ...]]], int]:
    """What is left after these portions of items, each in one transaction, and how many turns they were said to be."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder, "relais.db"))
        database = open_database(database_url("", Path(folder, "relais.db")))
        try:
            stored = [await database.write(build_inbox().store, portion, NOW) for portion in portions]
            return await database.read(left), sum(each.turns for each in stored)
        finally:
            await database.close()


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(before=events, together=events)
def test_together_is_as_one_by_one(sqlite_template: Path, before: list[Event], together: list[Event]) -> None:
    everything = items([*before, *together])
    first, rest = everything[: len(before)], everything[len(before) :]
    singly = [[each] for each in everything]

    assert asyncio.run(after(sqlite_template, [first, rest])) == asyncio.run(after(sqlite_template, singly))


async def test_more_people_at_once_than_a_statement_takes_values_are_looked_up_all_the_same(database: Database) -> None:
    count = 12_000
    people = [(f"55119{number:08}", f"BR.{number}", f"BR.ENT.{number}") for number in range(count)]
    messages = [
        {
            "from": wa_id,
            "from_user_id": user_id,
            "from_parent_user_id": parent_id,
            "id": f"wamid.{user_id}",
            "timestamp": "1772366400",
            "type": "text",
            "text": {"body": "oi"},
        }
        for wa_id, user_id, parent_id in people
    ]
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": KIMIA}, "messages": messages}
    change = {"field": "messages", "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}

    strangers, turns_made, _ = await database.write(
        familiar.store, parse(json.dumps(body).encode()), NOW, lambda item: False
    )

    assert (len(strangers), turns_made) == (count, 0)
