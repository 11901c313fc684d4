"""A million messages for the desk to be measured on: half of people, half of ours, with what the projection makes."""

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from benchmarks import desk_people
from conversations.review.stamps import stamp_of
from conversations.review.tables import review_conversations, review_marks, review_names, review_turns
from conversations.review.words import as_kept
from conversations.tables import handoffs, inbound_messages, turn_events, turns
from notifications.tables import messages, notifications
from staff.tables import staff_audit
from storage.database import Database
from storage.insert import insert_all
from storage.tables import addresses, conversations, phone_numbers, subscribers
from storage.types import new_id
from tests.stack import KIMIA

TURNS_OF_A_TALK: Final = 10
TALKS_AT_ONCE: Final = 200
SEED: Final = 6

INTENTS: Final = ("track_delivery", "greet", "order_products", "send_parcel", "thanks", "delivery_price", "help")
RARE_INTENT: Final = "delete_my_data"
SAID: Final = (
    "Où est mon colis ?",
    "bonjour",
    "je veux commander du poulet",
    "merci beaucoup",
    "c'est combien pour Bacongo",
)
RARE_WORD: Final = "hippopotame"
RARE_CODE: Final = 132001
TEMPLATE: Final = "delivery_on_its_way"
"""What every fourth message of ours left as."""

_IN_ORDER: Final = (
    *(subscribers, addresses, conversations, inbound_messages, turns, turn_events, notifications, messages),
    *(review_turns, review_marks, review_conversations, handoffs, staff_audit),
)
"""Each after what it refers to."""

UNSURE_BELOW: Final = 0.7
"""As `conversations.review.unsure` has it."""

type Rows = dict[sa.Table, list[dict[str, Any]]]


async def fill(database: Database, count: int) -> None:
    """So many messages, half of them of people; says how far it is."""
    business = await database.read(_business)
    version, member = await database.write(desk_people.begin, business, datetime.now(UTC))
    house = House(business=business, version=version, member=member)
    talks, began = count // (2 * TURNS_OF_A_TALK), time.monotonic()
    chance = random.Random(SEED)
    first = datetime.now(UTC) - timedelta(days=90)
    for done in range(0, talks, TALKS_AT_ONCE):
        some = list(range(done, min(done + TALKS_AT_ONCE, talks)))
        await database.write(_write, house, some, first, timedelta(days=90) / talks, chance)
        if done // TALKS_AT_ONCE % 25 == 0:
            sys.stderr.write(f"\r{done * 2 * TURNS_OF_A_TALK:>9,} messages, {time.monotonic() - began:.0f} s")
    sys.stderr.write(f"\r{count:>9,} messages, {time.monotonic() - began:.0f} s\n")
    await database.write(_finish, business)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What every row refers to."""

    business: str
    version: str
    """Of the workflow."""
    member: str
    """Of the staff."""


def _write(
    connection: Connection, house: House, talks: list[int], first: datetime, step: timedelta, chance: random.Random
) -> None:
    rows: Rows = {}
    for talk in talks:
        for table, row in _talk(house, talk, first + talk * step, chance):
            rows.setdefault(table, []).append(row)
    for table in _IN_ORDER:
        insert_all(connection, table, rows.get(table, []))


def _talk(house: House, number: int, at: datetime, chance: random.Random) -> Iterator[tuple[sa.Table, dict[str, Any]]]:
    own, person, talk = {"business_id": house.business}, new_id(), new_id()
    yield from desk_people.person(house.business, number, person, at)
    yield conversations, own | {"id": talk, "phone_number_id": KIMIA, "subscriber_id": person, "last_inbound_at": at}
    theirs = own | {"conversation_id": talk}
    stamp, lowest, lost = 0, 1.0, 0
    for place in range(TURNS_OF_A_TALK):
        moment = at + timedelta(seconds=30 * place)
        is_rare = number % 2000 == 7 and place == 3
        intent = RARE_INTENT if is_rare else chance.choice(INTENTS)
        confidence, is_lost = round(chance.uniform(0.35, 1.0), 3), chance.random() < 0.04
        text = f"{chance.choice(SAID)} {RARE_WORD if is_rare else ''} {number}"
        turn_id = _id_at(moment, chance)
        stamp, lowest, lost = stamp_of(turn_id), min(lowest, confidence), lost + is_lost
        yield from _turn(theirs, turn_id, moment, text, intent, confidence)
        read = {"stamp": stamp, "turn_id": turn_id, "text": text, "words": as_kept(text), "intent": intent}
        more = {"confidence": confidence, "is_fallback": is_lost, "language": "fr", "outcome": "done", "took_ms": 90}
        unsure = {"margin": confidence - 0.05, "is_unsure": is_lost or confidence < UNSURE_BELOW}
        yield review_turns, theirs | read | more | unsure
        for kind, name in (("action", f"action_{intent}"), ("slot", "language"), ("entity", "code")):
            yield review_marks, own | {"kind": kind, "name": name, "stamp": stamp}
        failed = number % 400 == 3 and place == 0
        message = _message(turn_id, moment, chance, failed=failed) | {"subscriber_id": person, "notification_id": None}
        if message["sent_form"] == "template":
            message |= {"turn_id": None, "origin": "push", "notification_id": message["id"], "claimed_at": moment}
            yield desk_people.notification(house.business, house.version, person, message["id"], moment)
        yield messages, theirs | message
    yield (
        review_conversations,
        theirs
        | {
            "phone_number_id": KIMIA,
            "language": "en" if number % 20 == 0 else "fr",
            "last_stamp": stamp,
            "turn_count": TURNS_OF_A_TALK,
            "lowest_confidence": lowest,
            "fallbacks": lost,
            "parked": 0,
            "status": "saved" if number % 1000 == 5 else "unread" if number % 3 else "reviewed",
            "is_flagged": number % 700 == 9,
        },
    )
    yield from desk_people.looked_at(house.business, house.member, person, talk, at)
    if number % 500 == 11:
        asked = {"id": new_id(), "turn_id": turn_id, "reason": "asked", "language": "fr", "summary": {}}
        yield handoffs, theirs | asked | {"state": "closed", "asked_at": at}


def _turn(
    theirs: dict[str, Any], turn_id: str, at: datetime, text: str, intent: str, confidence: float
) -> Iterator[tuple[sa.Table, dict[str, Any]]]:
    heard = turn_id
    raw = {"type": "text", "text": {"body": text}}
    kept = {"id": heard, "phone_number_id": KIMIA, "wamid": heard, "kind": "text", "raw": raw}
    yield inbound_messages, theirs | kept | {"sent_at": at, "received_at": at}
    turn = {"id": turn_id, "inbound_message_id": heard, "input": {"kind": "words", "text": text}, "status": "done"}
    times = {"sent_at": at, "received_at": at, "started_at": at, "finished_at": at + timedelta(milliseconds=90)}
    yield turns, theirs | turn | times
    ranking = [
        {"name": intent, "confidence": confidence},
        *({"name": name, "confidence": 0.05} for name in INTENTS[:4]),
    ]
    parsed = {"intent": ranking[0], "intent_ranking": ranking, "entities": [{"entity": "code", "value": "COUR-1"}]}
    events = [
        {"event": "user", "text": text, "timestamp": 1.0, "parse_data": parsed},
        {"event": "action", "name": f"action_{intent}", "timestamp": 1.05},
    ]
    for position, event in enumerate(events):
        yield (
            turn_events,
            {"turn_id": turn_id, "position": position, "business_id": theirs["business_id"], "event": event},
        )


def _message(turn_id: str, at: datetime, chance: random.Random, *, failed: bool) -> dict[str, Any]:
    later = at + timedelta(milliseconds=120)
    return {
        "id": _id_at(later, chance),
        "turn_id": turn_id,
        "channel": "whatsapp",
        "origin": "bot",
        "category": "transactional",
        **_content(chance),
        "status": "failed" if failed else "read",
        "error_code": None if not failed else RARE_CODE if chance.random() < 0.01 else 131026,
        "noted": True,
        "run_at": later,
        "created_at": later,
        "settled_at": later,
    }


def _content(chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.25:
        payload = {"type": "template", "template": {"name": TEMPLATE, "language": {"code": "fr"}}}
        return {"payload": payload, "sent_form": "template"}
    text = {"type": "text", "text": {"body": "Votre colis est en route, il arrive vers midi."}}
    return {"payload": text, "sent_form": "free_form"}


def _id_at(at: datetime, chance: random.Random) -> str:
    """As `new_id` would have made it then."""
    millisecond = int(at.timestamp() * 1000)
    return str(UUID(int=millisecond << 80 | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62)))


def _business(connection: Connection) -> str:
    p = phone_numbers.c
    return str(connection.scalar(sa.select(p.business_id).where(p.phone_number_id == KIMIA)))


def _finish(connection: Connection, business: str) -> None:
    known = [("intent", name) for name in (*INTENTS, RARE_INTENT)]
    known += [("action", f"action_{name}") for name in INTENTS]
    known += [("slot", "language"), ("entity", "code"), ("language", "fr"), ("language", "en")]
    insert_all(connection, review_names, [{"business_id": business, "kind": k, "name": n} for k, n in known])
    # What a database does by itself after a while.
    connection.execute(sa.text("ANALYZE"))
