"""What people wrote stands in the lists soon after it was answered, once, whatever happens meanwhile."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.engine import URL, Connection

from conversations import parked
from conversations.merge import merge
from conversations.personal import erase, told
from conversations.review import projection
from conversations.review.tables import (
    review_conversations,
    review_marks,
    review_names,
    review_notes,
    review_pending,
    review_turns,
)
from conversations.tables import turns
from server.__main__ import relais
from server.commands import database as commands_database
from server.commands import review as command
from server.parts import utc_now
from storage.tables import conversations, subscribers
from storage.types import new_id
from tests.conversations.review.events import action, slot, user
from tests.house import GRACE, PATRICK, House, open_house, settings_for, text_of
from tests.waiting import until


async def understand(asked: dict[str, Any]) -> dict[str, Any]:
    text = text_of(asked)
    sure = 0.3 if "hm" in text else 0.9
    events = [user(text, "track_delivery", sure, code="COUR-1"), slot("shown", "COUR-1"), action("action_track")]
    return {"responses": [{"text": f"you said {text}"}], "events": events}


@pytest.fixture
async def reading(house: House) -> House:
    house.bot.answer = understand
    return house


async def projected(house: House, count: int) -> list[Any]:
    """Wait until so many turns stand in the lists and none is to come."""

    async def there() -> bool:
        return len(await house.rows(review_turns)) == count and not await house.rows(review_pending)

    await until(there)
    return await house.rows(review_turns)


async def everything(house: House) -> dict[str, list[Any]]:
    tables = (review_turns, review_marks, review_names, review_conversations)
    return {table.name: await house.rows(table) for table in tables}


async def test_a_turn_stands_in_the_lists_with_what_was_understood(reading: House) -> None:
    await reading.says("Où est-il ?")

    (turn,) = await projected(reading, 1)
    assert (turn.text, turn.words, turn.intent, turn.confidence) == (
        "Où est-il ?",
        " ou est il ",
        "track_delivery",
        0.9,
    )
    assert (turn.is_fallback, turn.language, turn.outcome) == (False, "fr", "done")
    assert turn.took_ms >= 0
    assert {(mark.kind, mark.name) for mark in await reading.rows(review_marks)} == {
        ("action", "action_track"),
        ("entity", "code"),
        ("slot", "shown"),
    }
    (talk,) = await reading.rows(review_conversations)
    assert (talk.last_stamp, talk.turn_count, talk.status, talk.is_flagged) == (turn.stamp, 1, "unread", False)


async def test_a_talk_tells_what_its_turns_are_together(reading: House) -> None:
    for text in ("où est-il", "hm ?", "merci"):
        await reading.says(text)
    await reading.says("bonjour", PATRICK)

    await projected(reading, 4)
    talks = {talk.turn_count: talk for talk in await reading.rows(review_conversations)}
    assert talks[3].lowest_confidence == pytest.approx(0.3)
    assert talks[1].lowest_confidence == pytest.approx(0.9)


async def test_what_is_read_again_stays_as_it_is(reading: House) -> None:
    await reading.says("où est-il")
    await reading.says("bonjour", PATRICK)
    await projected(reading, 2)
    before = await everything(reading)

    count, last = await reading.parts.database.write(projection.enqueue_after, None, 100)
    assert (count, await reading.parts.database.write(projection.enqueue_after, last, 100)) == (2, (0, None))
    reading.parts.wakeup.signal("review")
    await projected(reading, 2)

    assert await everything(reading) == before


async def test_who_writes_again_is_unread_again(reading: House) -> None:
    await reading.says("où est-il")
    await projected(reading, 1)

    def reviewed(connection: Connection) -> None:
        connection.execute(sa.update(review_conversations).values(status="reviewed"))

    await reading.parts.database.write(reviewed)
    await reading.parts.database.write(projection.enqueue_after, None, 100)
    await projected(reading, 1)
    assert [talk.status for talk in await reading.rows(review_conversations)] == ["reviewed"]

    await reading.says("et maintenant ?")
    await projected(reading, 2)
    assert [talk.status for talk in await reading.rows(review_conversations)] == ["unread"]


async def test_a_turn_that_was_given_up_is_read_again_once_it_is_answered(
    reading: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conversations.settle.RETRY_SECONDS", (0.05, 0.05))

    async def fail(asked: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("broken")

    reading.bot.answer = fail
    await reading.says("où est-il")
    (turn,) = await projected(reading, 1)
    assert turn.outcome == "parked"

    reading.bot.answer = understand
    await reading.parts.database.write(parked.retry, turn.turn_id)
    reading.parts.wakeup.signal("turns")

    async def done() -> bool:
        return [each.outcome for each in await reading.rows(review_turns)] == ["done"]

    await until(done)
    (talk,) = await reading.rows(review_conversations)
    assert (talk.turn_count, talk.parked) == (1, 0)


async def test_two_people_who_are_one_have_one_talk_with_all_of_it(reading: House) -> None:
    await reading.says("où est-il")
    await reading.says("bonjour", PATRICK)
    await projected(reading, 2)
    people = sorted(row.id for row in await reading.rows(subscribers))

    await reading.parts.database.write(merge, *people)
    reading.parts.wakeup.signal("review")

    async def one() -> bool:
        found = await reading.rows(review_conversations)
        return [talk.turn_count for talk in found] == [2] and not await reading.rows(review_pending)

    await until(one)
    (talk,) = await reading.rows(review_conversations)
    assert {turn.conversation_id for turn in await reading.rows(review_turns)} == {talk.conversation_id}


async def test_nothing_is_left_of_somebody_who_is_forgotten(reading: House) -> None:
    await reading.says("le code de la porte est 4711")
    await reading.says("bonjour", PATRICK)
    await projected(reading, 2)
    grace = next(row for row in await reading.rows(turns) if "4711" in str(row.input))
    (talk,) = await reading.rows(conversations, conversations.c.id == grace.conversation_id)

    def note(connection: Connection) -> None:
        row = {"id": new_id(), "business_id": talk.business_id, "conversation_id": talk.id, "author": "Aimée"}
        connection.execute(sa.insert(review_notes).values(**row, text="elle a rappelé", written_at=utc_now()))

    await reading.parts.database.write(note)
    assert (await reading.parts.database.read(told, talk.subscriber_id))["notes"][0]["text"] == "elle a rappelé"
    await reading.parts.database.write(erase, talk.subscriber_id)
    await reading.parts.database.write(projection.enqueue_after, None, 100)
    reading.parts.wakeup.signal("review")

    (left,) = await projected(reading, 1)
    assert left.text == "bonjour"
    assert len(await reading.rows(review_conversations)) == 1
    assert await reading.rows(review_notes) == []


async def test_turns_of_the_same_moment_each_have_a_place(reading: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "stamp_of", lambda turn_id: 1000)
    for text in ("un", "deux", "trois"):
        await reading.says(text)

    found = await projected(reading, 3)
    assert [turn.stamp for turn in found] == [1000, 1001, 1002]


def test_an_operator_sees_how_far_behind_it_is_and_has_it_made_anew(
    sqlite_address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(sqlite_address, tmp_path)
    asyncio.run(_one_turn(settings))
    monkeypatch.setattr(commands_database, "configured", lambda: settings)
    monkeypatch.setattr(command, "configured", lambda: settings)
    run = CliRunner().invoke

    assert run(relais, ["review", "lag"]).output == "The lists hold every turn that ended.\n"
    assert run(relais, ["review", "rebuild"]).output.startswith("1 turns are read again by the worker")
    assert "1 turns are not in the lists yet" in run(relais, ["review", "lag"]).output


async def _one_turn(settings: Any) -> None:
    house = open_house(settings)
    house.start()
    try:
        await house.says("bonjour", GRACE)
        await projected(house, 1)
    finally:
        await house.stop()
