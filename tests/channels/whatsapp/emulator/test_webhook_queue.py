"""The queue of webhooks: who is next, when, and who no longer holds back the others."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.webhook_queue import (
    GIVEN_UP_AFTER,
    LONGEST_INTERVAL_REFUSED_SECONDS,
    LONGEST_INTERVAL_UNREACHABLE_SECONDS,
    REFUSALS_THAT_HOLD_THE_LANE,
    Answer,
    WebhookQueue,
    interval,
)

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
TAKEN = Answer(http_status=200, milliseconds=1)
REFUSED = Answer(http_status=503, milliseconds=1)
UNANSWERED = Answer(http_status=None, milliseconds=1, problem="refused")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "emulator.db")


@pytest.fixture
def queue(database: Database) -> WebhookQueue:
    queue = WebhookQueue(database)
    with database.transaction() as t:
        for lane, about in (("a", "1"), ("a", "2"), ("b", "3")):
            queue.put(t, lane=lane, about=about, message_id=None, body=b"{}", at=NOON)
    return queue


def due(queue: WebhookQueue, now: datetime = NOON, most: int = 10, busy: tuple[int, ...] = ()) -> list[str]:
    return [webhook.about for webhook in queue.due(now, busy=busy, most=most)]


def settle(database: Database, queue: WebhookQueue, answer: Answer, now: datetime = NOON) -> None:
    webhook = queue.due(now, busy=(), most=1)[0]
    with database.transaction() as t:
        queue.settle(t, webhook, answer, now)


def test_the_first_of_each_lane_is_due(queue: WebhookQueue) -> None:
    assert due(queue) == ["1", "3"]
    assert due(queue, most=1) == ["1"]


def test_one_that_is_being_tried_is_not_due_nor_is_the_one_behind_it(queue: WebhookQueue) -> None:
    assert due(queue, busy=(1,)) == ["3"]


def test_once_taken_the_next_is_due(database: Database, queue: WebhookQueue) -> None:
    settle(database, queue, TAKEN)
    assert due(queue) == ["2", "3"]


def test_a_refused_one_waits_and_holds_its_lane(database: Database, queue: WebhookQueue) -> None:
    settle(database, queue, REFUSED)
    assert due(queue) == ["3"]
    assert due(queue, NOON + timedelta(seconds=1)) == ["3", "1"]
    assert queue.seconds_until_due(NOON, busy=(3,)) == pytest.approx(0.5)


def test_a_poisonous_one_stops_holding_its_lane(database: Database, queue: WebhookQueue) -> None:
    now = NOON
    for _ in range(REFUSALS_THAT_HOLD_THE_LANE):
        settle(database, queue, REFUSED, now)
        with database.transaction() as t:
            t.execute("UPDATE webhooks SET next_try_at = 1 WHERE id = 1")  # as if its time had come
    assert due(queue) == ["1", "2", "3"]


def test_what_nobody_answered_is_hurried_when_the_server_is_back(database: Database, queue: WebhookQueue) -> None:
    settle(database, queue, UNANSWERED)
    assert "1" not in due(queue)
    with database.transaction() as t:
        queue.hurry_unanswered(t, NOON)
    assert "1" in due(queue)


def test_after_a_week_it_is_given_up(database: Database, queue: WebhookQueue) -> None:
    later = NOON + GIVEN_UP_AFTER + timedelta(seconds=1)
    settle(database, queue, REFUSED, later)
    assert due(queue, later) == ["2", "3"]


@pytest.mark.parametrize(
    ("answer", "longest"),
    [(UNANSWERED, LONGEST_INTERVAL_UNREACHABLE_SECONDS), (REFUSED, LONGEST_INTERVAL_REFUSED_SECONDS)],
)
def test_intervals_grow_up_to_a_limit(answer: Answer, longest: float) -> None:
    intervals = [interval(tries, answer) for tries in range(2000)]
    assert intervals == sorted(intervals)
    assert (intervals[0], intervals[-1]) == (0.5, longest)
