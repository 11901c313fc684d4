"""A month of a small business, for the overview to show: talks, pushes, failures, orders, stars, a hand-off."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from benchmarks.desk_rows import _id_at
from conversations.review.stamps import stamp_of
from conversations.review.tables import review_marks, review_turns
from conversations.tables import handoffs, inbound_messages, turn_events, turns
from figures.tables import figure_hours
from notifications.tables import messages
from server.parts import utc_now
from storage.insert import insert_all
from storage.tables import conversations, subscribers
from storage.types import new_id
from tests.house import KIMIA
from tests.server.desk.desk_house import DeskHouse

INTENTS = (
    *("track_delivery", "order_products", "send_parcel", "greet"),
    *("delivery_price", "thanks", "help", "nlu_fallback"),
)
STEPS = (
    *("action_browse_products", "cart", "action_checkout"),
    *("action_ask_checkout_form_checkout_confirmed", "order_placed"),
)
PARCEL = (
    *("action_send_parcel", "action_ask_parcel_form_parcel_payment"),
    *("action_ask_parcel_form_parcel_confirmed", "parcel_created"),
)
STATUSES = ("read",) * 6 + ("delivered",) * 3 + ("sent",)
CODES = (131026, 131026, 131049, 132001)

type Rows = list[tuple[sa.Table, dict[str, Any]]]


async def fill(desk: DeskHouse, days: int = 30, business: str = "kimia") -> None:
    """Write it, and count it."""
    await desk.parts.database.write(_write, await desk.business(business), utc_now(), days)
    # What was counted before knew nothing of earlier days.
    await desk.parts.database.write(lambda connection: connection.execute(sa.delete(figure_hours)))
    while await desk.parts.figures.count_some() is not None:
        pass


def _write(connection: Connection, business_id: str, now: datetime, days: int) -> None:
    chance, person, talk = random.Random(6), new_id(), new_id()
    own = {"business_id": business_id}
    connection.execute(sa.insert(subscribers).values(own | {"id": person, "role": "client", "created_at": now}))
    row = own | {"id": talk, "phone_number_id": KIMIA, "subscriber_id": person}
    connection.execute(sa.insert(conversations).values(row))
    found: dict[sa.Table, list[dict[str, Any]]] = {}
    for day in range(days):
        for _ in range(chance.randint(14, 30)):
            at = now - timedelta(days=day, minutes=chance.randint(1, 600) if day else chance.randint(1, 40))
            for table, each in _moment(own | {"conversation_id": talk}, at, chance):
                found.setdefault(table, []).append(own | each)
    for table in (inbound_messages, turns, turn_events, review_turns, review_marks, messages, handoffs):
        insert_all(connection, table, found.get(table, []))


def _moment(theirs: dict[str, Any], at: datetime, chance: random.Random) -> Iterator[tuple[sa.Table, dict[str, Any]]]:
    heard, turn = _id_at(at, chance), _id_at(at, chance)
    intent = chance.choices(INTENTS, (9, 6, 4, 5, 3, 2, 1, 2))[0]
    times = {"sent_at": at, "received_at": at}
    kept = {"id": heard, "phone_number_id": KIMIA, "wamid": heard, "kind": "text", "raw": {}}
    yield inbound_messages, theirs | kept | times
    took = timedelta(seconds=chance.choice((0.4, 0.8, 0.9, 1.4, 2.5, 6)))
    row = {"id": turn, "inbound_message_id": heard, "input": {"kind": "words", "text": "x"}, "status": "done"}
    yield turns, theirs | row | times | {"started_at": at, "finished_at": at + took}
    read = {"stamp": stamp_of(turn), "turn_id": turn, "text": "x", "words": " x ", "intent": intent, "language": "fr"}
    yield review_turns, theirs | read | {"is_fallback": intent == "nlu_fallback", "outcome": "done"}
    yield from _wanted(theirs, intent, turn, at, chance)
    yield messages, theirs | _sent(at, chance, is_push=False)
    if chance.random() < 0.5:
        yield messages, theirs | _sent(at, chance, is_push=True)


def _wanted(
    theirs: dict[str, Any], intent: str, turn: str, at: datetime, chance: random.Random
) -> Iterator[tuple[sa.Table, dict[str, Any]]]:
    """What somebody came for, and how far they came."""
    stamp = stamp_of(turn)
    for funnel, wanted in ((STEPS, "order_products"), (PARCEL, "send_parcel")):
        if intent == wanted:
            for name in funnel[: chance.randint(1, len(funnel))]:
                kind = "action" if name.startswith("action") else "slot"
                yield review_marks, {"kind": kind, "name": name, "stamp": stamp}
    if intent == "thanks":
        yield review_marks, {"kind": "action", "name": "action_send_rating", "stamp": stamp}
        event = {"event": "slot", "name": "rating_score", "value": chance.choice((3, 4, 5, 5))}
        yield turn_events, {"turn_id": turn, "position": 0, "event": event}
    if intent == "help":
        asked = {"id": _id_at(at, chance), "turn_id": turn, "reason": "asked", "language": "fr", "summary": {}}
        taken = {"state": "closed", "asked_at": at, "taken_at": at + timedelta(seconds=100), "ended_by": "agent"}
        yield handoffs, theirs | asked | taken


def _sent(at: datetime, chance: random.Random, *, is_push: bool) -> dict[str, Any]:
    """A message of ours, and what became of it."""
    sent = {"id": _id_at(at, chance), "channel": "whatsapp", "payload": {}, "run_at": at, "created_at": at}
    sent |= {"origin": "push" if is_push else "bot", "category": "tracking", "status": chance.choice(STATUSES)}
    if not is_push:
        return sent
    if chance.random() < 0.09:
        failed = {"status": "failed", "error_code": chance.choice(CODES), "error": "(131026) Message undeliverable."}
        return sent | failed
    if chance.random() < 0.3:
        return sent | {"channel": "sms"}
    name = chance.choice(("order_on_its_way", "delivery_done", "delivery_done"))
    cost = {"price_category": "utility", "cost_currency": "USD", "estimated_cost": 22_500}
    return sent | cost | {"sent_form": "template", "payload": {"type": "template", "template": {"name": name}}}
