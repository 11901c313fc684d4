"""A list holds exactly the talks that a plain reading of every turn would find, in the same order, page by page."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import URL, Connection

from conversations.review import listing, noting
from conversations.review.filters import Filter
from conversations.review.searching import led_by_words
from conversations.review.stamps import first_stamp_at
from conversations.review.tables import review_conversations, review_marks, review_turns
from conversations.review.words import as_kept, asked
from conversations.tables import handoffs, inbound_messages, turns
from notifications.tables import messages
from notifications.talks import TalkSends
from storage.database import Database, open_database
from storage.tables import businesses, conversations, phone_numbers, subscribers
from storage.types import new_id
from tests.house import KIMIA

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
INTENTS = ("track", "order", "nlu_fallback", None)
NAMES = ("code", "city", "shop")
TEXTS = ("Où est mon colis ?", "bonjour", "COLIS perdu", "à Brazzaville", "", "merci bon courage", "où")
SEARCHES = ("", "colis", "ou col", "BON", "brazza", "perdu colis", "zzz", "?!", "o c m")


@dataclass(frozen=True)
class Turn:
    """As plain as can be."""

    stamp: int
    intent: str | None
    confidence: float | None
    is_fallback: bool
    outcome: str
    marks: frozenset[tuple[str, str]]
    text: str


@dataclass(frozen=True)
class Talk:
    id: str
    status: str
    is_flagged: bool
    language: str | None
    turns: Sequence[Turn]
    with_human: bool
    failed: bool


def matches(turn: Turn, f: Filter) -> bool:
    kept = as_kept(turn.text)
    return (
        (f.below is None or (turn.confidence is not None and turn.confidence < f.below))
        and (not f.is_fallback or turn.is_fallback)
        and (not f.is_parked or turn.outcome == "parked")
        and (f.intent is None or turn.intent == f.intent)
        and all(mark in turn.marks for mark in f.marks)
        and (f.since is None or turn.stamp >= first_stamp_at(f.since))
        and (f.until is None or turn.stamp < first_stamp_at(f.until))
        and all(any(word.startswith(each) for word in kept.split()) for each in asked(f.text))
    )


def expected(talks: Sequence[Talk], f: Filter) -> list[tuple[str, int]]:
    found = []
    for talk in talks:
        is_so = (
            (f.status is None or talk.status == f.status)
            and (not f.is_flagged or talk.is_flagged)
            and (f.language is None or talk.language == f.language)
            and (f.at_least is None or len(talk.turns) >= f.at_least)
            and (not f.with_human or talk.with_human)
            and (not f.failed_sends or talk.failed)
        )
        stamps = [turn.stamp for turn in talk.turns if matches(turn, f)]
        if is_so and stamps:
            found.append((talk.id, max(stamps)))
    return sorted(found, key=lambda each: -each[1])


def made_up(seed: int) -> list[Talk]:
    chance = random.Random(seed)
    stamps = [first_stamp_at(START + timedelta(minutes=minute)) + 5 for minute in range(120)]
    chance.shuffle(stamps)
    talks = []
    for _ in range(chance.randint(6, 12)):
        count = chance.randint(1, 5)
        own, stamps = sorted(stamps[:count]), stamps[count:]
        talks.append(
            Talk(
                id=new_id(),
                status=chance.choice(("unread", "reviewed", "saved")),
                is_flagged=chance.random() < 0.3,
                language=chance.choice(("fr", "en", None)),
                turns=[_turn(chance, stamp) for stamp in own],
                with_human=chance.random() < 0.2,
                failed=chance.random() < 0.2,
            )
        )
    return talks


def _turn(chance: random.Random, stamp: int) -> Turn:
    kinds = ("entity", "action", "slot")
    marks = frozenset((kind, name) for kind in kinds for name in NAMES if chance.random() < 0.3)
    return Turn(
        stamp=stamp,
        intent=chance.choice(INTENTS),
        confidence=chance.choice((None, 0.2, 0.5, 0.8, 1.0)),
        is_fallback=chance.random() < 0.3,
        outcome=chance.choice(("done", "parked", "summed_up")),
        marks=marks,
        text=chance.choice(TEXTS),
    )


def keep(connection: Connection, talks: Sequence[Talk]) -> str:
    """Write them, as the projection would; the id of the business."""
    now = datetime.now(UTC)
    business = str(
        connection.scalar(sa.select(phone_numbers.c.business_id).where(phone_numbers.c.phone_number_id == KIMIA))
    )
    own = {"business_id": business}
    for talk in talks:
        person = new_id()
        theirs = own | {"conversation_id": talk.id}
        _insert(connection, subscribers, own | {"id": person, "role": "client", "name": "G", "created_at": now})
        _insert(connection, conversations, own | {"id": talk.id, "phone_number_id": KIMIA, "subscriber_id": person})
        told = [turn.confidence for turn in talk.turns if turn.confidence is not None]
        row = theirs | {
            "phone_number_id": KIMIA,
            "language": talk.language,
            "last_stamp": max(turn.stamp for turn in talk.turns),
            "turn_count": len(talk.turns),
            "lowest_confidence": min(told, default=None),
            "fallbacks": sum(turn.is_fallback for turn in talk.turns),
            "parked": sum(turn.outcome == "parked" for turn in talk.turns),
            "status": talk.status,
            "is_flagged": talk.is_flagged,
        }
        _insert(connection, review_conversations, row)
        for turn in talk.turns:
            _keep_turn(connection, theirs, turn, now)
        if talk.with_human:
            asked_for = {"id": new_id(), "turn_id": new_id(), "reason": "asked", "language": "fr", "summary": {}}
            _insert(connection, handoffs, theirs | asked_for | {"state": "closed", "asked_at": now})
        if talk.failed:
            said = {"id": new_id(), "channel": "whatsapp", "origin": "bot", "category": "transactional", "payload": {}}
            _insert(connection, messages, theirs | said | {"status": "failed", "run_at": now, "created_at": now})
    return business


def _keep_turn(connection: Connection, theirs: dict[str, Any], turn: Turn, now: datetime) -> None:
    heard, turn_id = new_id(), new_id()
    raw = {"id": heard, "phone_number_id": KIMIA, "wamid": heard, "kind": "text", "raw": {}, "sent_at": now}
    _insert(connection, inbound_messages, theirs | raw | {"received_at": now})
    row = {
        "id": turn_id,
        "inbound_message_id": heard,
        "input": {},
        "status": "done",
        "sent_at": now,
        "received_at": now,
    }
    _insert(connection, turns, theirs | row)
    read = {"stamp": turn.stamp, "turn_id": turn_id, "text": turn.text, "words": as_kept(turn.text)}
    meant = {"intent": turn.intent, "confidence": turn.confidence, "is_fallback": turn.is_fallback}
    _insert(connection, review_turns, theirs | read | meant | {"outcome": turn.outcome})
    for kind, name in sorted(turn.marks):
        mark = {"business_id": theirs["business_id"], "kind": kind, "name": name, "stamp": turn.stamp}
        _insert(connection, review_marks, mark)


def _insert(connection: Connection, table: sa.Table, row: dict[str, Any]) -> None:
    connection.execute(sa.insert(table).values(**row))


moments = st.integers(0, 120).map(lambda minute: START + timedelta(minutes=minute))
filters = st.builds(
    Filter,
    business_id=st.just(""),
    status=st.none() | st.sampled_from(["unread", "reviewed", "saved"]),
    is_flagged=st.sampled_from([False, False, True]),
    language=st.none() | st.sampled_from(["fr", "en"]),
    at_least=st.none() | st.integers(1, 6),
    with_human=st.sampled_from([False, False, False, True]),
    failed_sends=st.sampled_from([False, False, False, True]),
    below=st.none() | st.sampled_from([0.1, 0.5, 0.9]),
    is_fallback=st.sampled_from([False, False, True]),
    is_parked=st.sampled_from([False, False, True]),
    intent=st.none() | st.sampled_from(["track", "order"]),
    entity=st.none() | st.sampled_from(NAMES),
    action=st.none() | st.sampled_from(NAMES),
    slot=st.none() | st.just("code"),
    since=st.none() | moments,
    until=st.none() | moments,
    text=st.sampled_from(SEARCHES),
)


def walk(connection: Connection, f: Filter, limit: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    before = None
    while True:
        rows, before = listing.page(connection, f, TalkSends(), before, limit)
        found += [(row.conversation_id, row.stamp) for row in rows]
        if before is None:
            return found


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.generate])
@given(seed=st.integers(0, 10_000), asked_for=st.lists(filters, min_size=6, max_size=6), limit=st.integers(1, 4))
def test_a_list_finds_what_a_plain_reading_finds(
    database_address: URL, seed: int, asked_for: list[Filter], limit: int
) -> None:
    talks = made_up(seed)
    # One thing at a time, and several together.
    alone = [Filter(business_id="", text="colis"), Filter(business_id="", entity="code"), Filter(business_id="")]

    def compare(connection: Connection) -> None:
        business = keep(connection, talks)
        for f in (*asked_for, *alone):
            own = replace(f, business_id=business)
            wanted = expected(talks, own)
            assert walk(connection, own, limit) == wanted, own
            assert listing.count(connection, own, TalkSends(), most=3) == min(4, len(wanted))
        connection.rollback()

    asyncio.run(_with(database_address, compare))


async def _with(address: URL, work: Any) -> None:
    database = open_database(address)
    try:
        await database.write(work)
    finally:
        await database.close()


async def test_lists_show_who_waits_and_what_was_noted(database: Database) -> None:
    talk = replace(made_up(1)[0], with_human=True, failed=True)

    def look(connection: Connection) -> Any:
        business = keep(connection, [talk])
        connection.execute(sa.update(handoffs).values(state="waiting"))
        noting.tag(connection, business, talk.id, "  fâché ", "red")
        noting.tag(connection, business, talk.id, "fâché", "red")
        noting.set_status(connection, talk.id, "saved")
        noting.set_flag(connection, talk.id, True)
        (row,), _ = listing.page(connection, Filter(business_id=business), TalkSends())
        return row, listing.counts(connection, business), noting.tags(connection, business)

    row, counts, tags = await database.write(look)
    assert ([tag.name for tag in row.tags], row.status, row.is_flagged) == (["fâché"], "saved", True)
    assert (row.person, row.waits_for_human, row.has_failed_sends) == ("G", True, True)
    assert (counts.total, counts.saved, counts.flagged, counts.unread) == (1, 1, 1, 0)
    assert len(tags) == 1


async def test_talks_are_counted_no_further_than_a_page_tells(database: Database) -> None:
    talks = [replace(talk, status="unread", is_flagged=False) for talk in made_up(2)[:4]]
    counted = await database.write(lambda connection: listing.counts(connection, keep(connection, talks), most=2))

    assert (counted.unread, counted.total, counted.flagged) == (3, 3, 0), "more than two"


async def test_what_is_rare_and_what_is_frequent_is_found_the_same(database: Database) -> None:
    def look(connection: Connection) -> list[list[int]]:
        business = keep(connection, made_up(3))
        found = []
        for often, rare in ((0, 1000), (1000, 0), (1000, 1000)):
            led, conditions, place = led_by_words(connection, business, ["co"], often=often, rare=rare)
            query = sa.select(place).select_from(led).where(*conditions, review_turns.c.business_id == business)
            found.append(sorted(connection.scalars(query)))
        return found

    as_frequent, as_once_frequent, as_rare = await database.write(look)

    assert as_frequent == as_once_frequent == as_rare
    assert as_rare


async def test_members_keep_filters_of_their_own(database: Database) -> None:
    awa, ben = new_id(), new_id()

    def live(connection: Connection) -> Any:
        business = str(connection.scalar(sa.select(businesses.c.id).limit(1)))
        noting.keep_filter(connection, business, awa, "unsure", {"below": "0.5"})
        noting.keep_filter(connection, business, awa, "unsure", {"below": "0.6"})
        noting.keep_filter(connection, business, ben, "unsure", {"below": "0.7"})
        kept = noting.filters(connection, business, awa)
        noting.drop_filter(connection, ben, kept[0].id)
        return kept, noting.filters(connection, business, awa)

    first, second = await database.write(live)
    assert [(each.name, each.asked) for each in first] == [("unsure", {"below": "0.6"})]
    assert first == second


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
async def test_a_tag_that_cannot_be_is_refused_with_the_reason(database: Database, name: str) -> None:
    with pytest.raises(noting.BadNote, match="1 to 40"):
        await database.write(noting.tag, new_id(), new_id(), name, "red")
