"""Conversations are kept whole, or the caller hears about it. On SQLite and on PostgreSQL."""

import asyncio
import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from relais_bot.event_log import SCHEMA_VERSION
from relais_bot.refusals import SchemaRefused
from relais_bot.tracker_store import SqlTrackerStore, StoreUnavailable, TrackerConflict
from relais_bot.tracker_store import database_url as url_from

DOMAIN = Domain.from_yaml('version: "3.1"\nslots: {name: {type: text, mappings: [{type: custom}]}}')


@pytest.fixture
def store(database_url: str) -> Iterator[SqlTrackerStore]:
    store = SqlTrackerStore(DOMAIN, database_url)
    yield store
    store.close()


def turn(turn_id: str, text: str = "bonjour") -> list[Event]:
    return [
        ActionExecuted("action_listen"),
        UserUttered(text, {"name": "greet", "confidence": 1.0}, message_id=turn_id, metadata={"kind": "text"}),
        SlotSet("name", text),
        ActionExecuted("utter_greet", "RulePolicy", 1.0),
        BotUttered("Salut 👋", {"buttons": [{"title": "é\x00", "payload": "/x"}]}),
    ]


def session_start() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted()]


async def add(store: SqlTrackerStore, events: list[Event], sender: str = "one") -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(sender)
    tracker.update_with_events(events, DOMAIN)
    await store.save(tracker)
    return tracker


def cold(store: SqlTrackerStore) -> SqlTrackerStore:
    """The store after a restart, as far as conversations go."""
    store.domain = DOMAIN
    return store


async def test_a_conversation_comes_back_as_it_was(store: SqlTrackerStore) -> None:
    saved = await add(store, session_start() + turn("t1"))
    read = await cold(store).retrieve("one")

    # The action that starts a session is, as with Rasa's stores, not part of it.
    assert list(read.events) == list(saved.events)[1:]
    assert read.current_slot_values()["name"] == "bonjour"
    assert [event.as_dict() for event in read.events] == [event.as_dict() for event in list(saved.events)[1:]]


async def test_the_live_tracker_equals_the_one_read_back(store: SqlTrackerStore) -> None:
    await add(store, session_start())
    for number in range(5):
        await add(store, turn(f"t{number}"))
    live = await store.retrieve("one")
    await store.save(live)
    read = await cold(store).retrieve("one")

    assert live is not read
    assert live.current_state() == read.current_state()
    assert list(live.events)[-len(read.events) :] == list(read.events)
    assert (live.next_seq, live.stored) == (read.next_seq, read.stored)


async def test_nobody_known_is_none_and_writes_nothing(store: SqlTrackerStore) -> None:
    assert await store.retrieve("nobody") is None
    await store.get_or_create_tracker("nobody")
    assert list(await store.keys()) == []


async def test_saving_twice_adds_nothing(store: SqlTrackerStore) -> None:
    tracker = await add(store, session_start() + turn("t1"))
    await store.save(tracker)

    assert len(await store.turn_events("one", "t1")) == 7


async def test_only_the_latest_session_is_read_and_all_are_kept(store: SqlTrackerStore) -> None:
    await add(store, session_start() + turn("t1", "first"))
    await add(store, session_start() + turn("t2", "second"))
    await add(store, turn("t3", "third"))
    latest, everything = await store.retrieve("one"), await store.retrieve_full_tracker("one")

    assert [event.text for event in latest.events if isinstance(event, UserUttered)] == ["second", "third"]
    assert [event.text for event in everything.events if isinstance(event, UserUttered)] == ["first", "second", "third"]


async def test_a_turn_has_all_events_saved_with_it(store: SqlTrackerStore) -> None:
    await add(store, session_start() + turn("t1"))
    await add(store, turn("t2"))
    await add(store, turn("t2"), sender="two")

    kinds = [event["event"] for event in await store.turn_events("one", "t1")]
    assert kinds == ["action", "session_started", "action", "user", "slot", "action", "bot"]
    assert await store.turn_events("one", "t3") == []
    assert await store.turn_events("two", "t1") == []


async def test_who_is_forgotten_begins_anew_and_nobody_else_does(store: SqlTrackerStore) -> None:
    await add(store, session_start() + turn("t1"))
    await add(store, turn("t2"))
    await add(store, turn("t3"), sender="two")

    assert await store.forget("one") == 12
    assert await store.forget("one") == 0

    assert await store.retrieve("one") is None
    assert await store.retrieve_full_tracker("one") is None
    assert list(await store.keys()) == ["two"]
    again = await add(store, turn("t1"))
    assert (again.next_seq, len(await store.turn_events("one", "t1"))) == (5, 5)


async def test_senders_do_not_see_each_other(store: SqlTrackerStore) -> None:
    await add(store, turn("t1", "mine"), sender="one")
    await add(store, turn("t1", "yours"), sender="two")

    assert sorted(await store.keys()) == ["one", "two"]
    assert (await store.retrieve("one")).current_slot_values()["name"] == "mine"


async def test_a_second_writer_fails_and_changes_nothing(store: SqlTrackerStore, database_url: str) -> None:
    await add(store, session_start() + turn("t1"))
    other = SqlTrackerStore(DOMAIN, database_url)
    here, there = await store.retrieve("one"), await other.retrieve("one")
    here.update_with_events(turn("t2", "here"), DOMAIN)
    there.update_with_events(turn("t3", "there"), DOMAIN)
    await other.save(there)
    with pytest.raises(TrackerConflict):
        await store.save(here)
    other.close()

    assert (await store.retrieve("one")).current_slot_values()["name"] == "there"
    assert await store.turn_events("one", "t2") == []


async def test_what_another_process_wrote_is_seen(store: SqlTrackerStore, database_url: str) -> None:
    await add(store, session_start() + turn("t1"))
    other = SqlTrackerStore(DOMAIN, database_url)
    await add(other, turn("t2", "elsewhere"))
    other.close()

    assert (await store.retrieve("one")).current_slot_values()["name"] == "elsewhere"


async def test_a_turn_given_up_half_way_is_not_seen_by_the_next(store: SqlTrackerStore) -> None:
    await add(store, session_start() + turn("t1"))
    await add(store, turn("t2"))
    given_up = await store.retrieve("one")
    given_up.update_with_events(turn("t3", "given up"), DOMAIN)

    assert (await store.retrieve("one")).current_slot_values()["name"] == "bonjour"


async def test_a_tracker_of_unknown_origin_does_not_overwrite(store: SqlTrackerStore) -> None:
    await add(store, session_start() + turn("t1"))
    stranger = DialogueStateTracker("one", DOMAIN.slots)
    stranger.update_with_events(turn("t2"), DOMAIN)

    with pytest.raises(TrackerConflict):
        await store.save(stranger)


async def test_many_senders_at_once(store: SqlTrackerStore) -> None:
    async def talk(sender: str) -> None:
        for number in range(5):
            await add(store, turn(f"t{number}"), sender)

    await asyncio.gather(*[talk(f"s{number}") for number in range(30)])

    assert len(list(await store.keys())) == 30
    for number in range(30):
        assert (await cold(store).retrieve(f"s{number}")).next_seq == 25


async def test_reading_and_writing_happen_beside_the_loop(store: SqlTrackerStore) -> None:
    threads = set()
    real = store._log.append

    def append(*arguments: object) -> None:
        threads.add(threading.current_thread())
        real(*arguments)

    store._log.append = append
    await add(store, turn("t1"))

    assert threads
    assert threading.main_thread() not in threads


async def test_a_failed_read_is_an_error_and_not_an_empty_conversation(store: SqlTrackerStore) -> None:
    await add(store, session_start() + turn("t1"))
    with store._log._engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ALTER TABLE events RENAME TO gone"))

    for sender in ("one", "nobody"):
        with pytest.raises(StoreUnavailable):
            await store.retrieve(sender)


async def test_a_database_of_another_version_is_refused(store: SqlTrackerStore, database_url: str) -> None:
    with store._log._engine.execution_options(relais_writes=True).begin() as connection:
        connection.execute(sa.text("UPDATE bot_schema SET version = :newer"), {"newer": SCHEMA_VERSION + 1})

    with pytest.raises(SchemaRefused, match=f"newer schema {SCHEMA_VERSION + 1}"):
        SqlTrackerStore(DOMAIN, database_url)


async def test_a_database_of_another_program_is_refused(store: SqlTrackerStore, database_url: str) -> None:
    with store._log._engine.execution_options(relais_writes=True).begin() as connection:
        connection.execute(sa.text("DROP TABLE bot_schema"))

    with pytest.raises(SchemaRefused, match="another program") as caught:
        SqlTrackerStore(DOMAIN, database_url)
    assert "secret" not in str(caught.value)


async def test_it_opens_what_it_made(store: SqlTrackerStore, database_url: str) -> None:
    await add(store, turn("t1"))
    again = SqlTrackerStore(DOMAIN, database_url)

    assert (await again.retrieve("one")).next_seq == 5
    again.close()


async def test_two_bots_may_start_on_an_empty_database_at_once(database_url: str) -> None:
    stores = await asyncio.gather(*[asyncio.to_thread(SqlTrackerStore, DOMAIN, database_url) for _ in range(4)])
    for store in stores:
        store.close()


def test_sqlite_is_durable_private_and_walks_its_indexes(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "bot.db"
    store = SqlTrackerStore(DOMAIN, f"sqlite:///{path}")
    with store._log._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    store.close()

    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    with sqlite3.connect(path) as connection:
        searches = [
            "SELECT max(seq) FROM events WHERE sender_id = ? AND type_name = 'session_started'",
            "SELECT data FROM events WHERE sender_id = ? AND turn_id = 't' ORDER BY seq",
        ]
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {search}", ("s",)).fetchall() for search in searches]
    assert "USING PRIMARY KEY (sender_id=?)" in str(plans[0])
    assert "USING INDEX events_turn (turn_id=? AND sender_id=?)" in str(plans[1])
    assert "SCAN" not in str(plans)


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "sqlite:///var/bot.db"),
        ({"VAR_DIR": "/data"}, "sqlite:////data/bot.db"),
        ({"BOT_DATABASE_URL": "sqlite:////tmp/x.db", "VAR_DIR": "/data"}, "sqlite:////tmp/x.db"),
        ({"BOT_DATABASE_URL": "postgres://u:p@h/d"}, "postgresql+psycopg2://u:p@h/d"),
        ({"BOT_DATABASE_URL": "postgresql+asyncpg://u:p@h/d"}, "postgresql+psycopg2://u:p@h/d"),
    ],
)
def test_where_conversations_are_kept(environment: dict[str, str], url: str) -> None:
    assert url_from(environment) == url


@pytest.mark.parametrize(("url", "problem"), [("mysql://u:p@h/d", "mysql"), ("sqlite://", "must name a file")])
def test_another_kind_of_database_is_refused(url: str, problem: str) -> None:
    with pytest.raises(SchemaRefused, match=problem):
        SqlTrackerStore(DOMAIN, url)
