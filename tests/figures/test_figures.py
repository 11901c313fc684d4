"""What was said and heard is counted by hour and by day, catches up, and comes to the same when it is done again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import handoffs
from figures import keeping
from figures.counting import HOUR
from figures.keeping import STANDS_STILL, hour_of
from figures.reading import Over, Sums, hours_with, series, sums
from figures.tables import figure_hours, figures
from notifications.tables import messages
from storage.clock import database_now
from storage.insert import insert_all
from storage.tables import businesses
from storage.types import new_id
from tests.conversations.review.events import action, slot, user
from tests.conversations.review.test_projection import projected
from tests.house import PATRICK, House, text_of


async def understand(asked: dict[str, Any]) -> dict[str, Any]:
    """Orders, rates, or is lost, as the words say."""
    text = text_of(asked)
    intent = "nlu_fallback" if "hm" in text else "order_products"
    events = [user(text, intent, 0.9), action("action_browse_products")]
    if "prends" in text:
        events += [slot("cart", [1]), action("action_checkout"), slot("order_placed", {"code": "ORD-1"})]
    if "étoiles" in text:
        events = [user(text, "rate", 0.9), slot("rating_score", 4), action("action_send_rating")]
        events += [slot("rating_comment", None)]
    return {"responses": [{"text": f"you said {text}"}], "events": events}


@pytest.fixture
async def counting(house: House) -> House:
    """A house that counts when it is told to."""
    house.bot.answer = understand
    await house.rest(house.parts.figures)
    return house


async def counted(house: House) -> Sums:
    """Everything of these two days, once nothing is left to count."""
    await house.parts.database.write(keeping.rebuild)
    while await house.parts.figures.count_some() is not None:
        pass
    return await house.parts.database.read(sums, await over(house))


async def over(house: House, grain: str = "hour") -> Over:
    kimia = await house.parts.database.read(_kimia)
    now = datetime.now(UTC)
    return Over(business_id=kimia, since=now - timedelta(days=2), until=now + timedelta(days=1), grain=grain)


def _kimia(connection: Connection) -> str:
    return str(connection.scalar(sa.select(businesses.c.id).where(businesses.c.slug == "kimia")))


async def test_what_was_said_and_heard_is_counted_with_how_it_went(counting: House) -> None:
    await counting.says("je veux du poulet")
    await counting.says("je prends ça", PATRICK)
    await counting.says("hm hm")
    await counting.says("4 étoiles", PATRICK)
    await counting.quiet()
    await projected(counting, 4)

    found = await counted(counting)

    assert found.named("in") == {"text": 4}
    assert found.by_name("out") == {"whatsapp": {"sent": 4}}
    assert found.named("said") == {"bot": 4}
    assert found.named("intent") == {"order_products": 2, "nlu_fallback": 1, "rate": 1}
    assert found.of("turn") == 4
    assert found.of("turn", details=["lost"]) == 1
    assert found.of("answer") == 4
    assert found.named("rating") == {"4": 1}
    steps = found.named("step")
    assert (steps["ordering.shown"], steps["ordering.chosen"], steps["ordering.done"]) == (2, 1, 1), "talks, not turns"


async def test_what_becomes_of_it_later_is_counted_anew_and_a_day_is_the_sum_of_its_hours(counting: House) -> None:
    await counting.says("bonjour")
    await counting.quiet()
    await projected(counting, 1)
    before = await counted(counting)
    (sent,) = await counting.rows(messages)

    failed = sa.update(messages).values(status="failed", error_code=131026)
    await counting.parts.database.write(lambda connection: connection.execute(failed))
    after = await counted(counting)

    assert before.by_name("out") == {"whatsapp": {"sent": 1}}
    assert after.by_name("out") == {"whatsapp": {"failed": 1}}
    assert after.by_name("failed") == {"whatsapp": {"131026": 1}}
    days = await counting.parts.database.read(sums, await over(counting, "day"))
    assert days.counts == after.counts
    hours = await counting.parts.database.read(series, await over(counting), ["out"])
    assert [each.of("out") for each in hours.values()] == [1]
    whole = await over(counting)
    found = await counting.parts.database.read(
        lambda connection: list(hours_with(connection, whole, "failed", "whatsapp", "131026"))
    )
    assert found == [(hour_of(sent.created_at), 1)]


async def test_counting_again_changes_nothing(counting: House) -> None:
    await counting.says("je prends ça")
    await counting.quiet()
    await projected(counting, 1)

    await counted(counting)
    first = await counting.rows(figures)
    await counted(counting)

    assert await counting.rows(figures) == first


async def test_talks_that_humans_took_up_tell_how_long_people_waited(counting: House) -> None:
    await counting.says("bonjour")
    await counting.quiet()
    (talk,) = {row.conversation_id for row in await counting.rows(messages)}
    asked = datetime.now(UTC)
    told: dict[str, Any] = {"reason": "asked", "language": "fr", "summary": {}, "now": asked}
    await counting.parts.database.write(handoffs.ask, sender_id=talk, turn_id=new_id(), **told)
    waiting = await counted(counting)
    await counting.parts.database.write(handoffs.take, talk, new_id(), asked + timedelta(seconds=90))
    taken = await counted(counting)

    assert waiting.by_name("handoff") == {"asked": {"waiting": 1}}
    assert taken.by_name("handoff") == {"asked": {"taken": 1}}
    assert taken.named("taken") == {"120": 1}


async def test_hours_of_before_are_caught_up_and_stand_still_after_a_week(counting: House) -> None:
    await counting.says("bonjour")
    await counting.quiet()
    await counted(counting)
    long_ago = hour_of(datetime.now(UTC) - STANDS_STILL - 3 * HOUR)
    await counting.parts.database.write(
        lambda connection: connection.execute(
            sa.insert(figure_hours).from_select(
                ["business_id", "at", "due_at"],
                sa.select(businesses.c.id, sa.literal(long_ago, figure_hours.c.at.type), database_now()),
            )
        )
    )
    assert (await counting.parts.database.read(keeping.behind)).hours == 1

    await counting.parts.figures.count_some()

    assert (await counting.parts.database.read(keeping.behind)).hours == 0
    rows = await counting.rows(figure_hours, figure_hours.c.at == long_ago)
    assert {row.due_at for row in rows} == {None}
    newest = await counting.rows(figure_hours, figure_hours.c.at == hour_of(datetime.now(UTC)))
    assert all(row.due_at is not None for row in newest)


async def test_days_of_before_are_caught_up_many_hours_at_a_time(counting: House) -> None:
    await counting.says("bonjour")
    await counting.quiet()
    await counted(counting)
    now = hour_of(datetime.now(UTC))
    kimia = await counting.parts.database.read(_kimia)
    row = {"business_id": kimia, "due_at": datetime.fromtimestamp(0, UTC), "counted_at": None}
    before = [row | {"at": now - hours * HOUR} for hours in range(100, 160)]
    await counting.parts.database.write(insert_all, figure_hours, before)

    steps = 0
    while await counting.parts.figures.count_some() is not None:
        steps += 1

    assert steps <= 4, "sixty hours, twenty-four at a time"
    assert (await counting.parts.database.read(keeping.behind)).hours == 0
    rows = await counting.rows(figure_hours, figure_hours.c.at < now - 99 * HOUR)
    assert len(rows) == 60
    assert all(each.counted_at is not None for each in rows)
