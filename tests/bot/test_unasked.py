"""What the bot says without being asked reaches Relais once and in order, or is told in the log without its words."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from relais_fake import FakeRelais

from relais_bot.unasked import Unasked

SECRET = "test-secret"


@pytest.fixture
def unasked(relais: FakeRelais) -> Unasked:
    return Unasked(relais.url + "/", SECRET, pauses_seconds=(0.01, 0.01))


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], "list[tuple[str, str]]"]:
    caplog.set_level(logging.WARNING, "relais_bot.unasked")
    return lambda: [(record.levelname, record.getMessage()) for record in caplog.records]


async def test_only_what_is_said_is_posted(unasked: Unasked, relais: FakeRelais) -> None:
    rasas = {"text": "Hello", "buttons": [], "image": "https://a/b.jpg", "attachment": "https://a/b.jpg"}
    unasked.say("sender-1", {**rasas, "custom": {"list": {}}, "utter_action": "utter_x", "timestamp": 1.0})
    await unasked.finish(5)

    sender, body = relais.taken[0]
    assert sender == "sender-1"
    assert body["responses"] == [{"text": "Hello", "image": "https://a/b.jpg", "custom": {"list": {}}}]


async def test_what_says_nothing_is_not_posted(unasked: Unasked, relais: FakeRelais) -> None:
    unasked.say("sender-1", {"text": "", "utter_action": "utter_nothing"})
    await unasked.finish(5)

    assert relais.taken == []


async def test_each_sender_gets_what_was_said_in_order_each_with_an_id_of_its_own(
    unasked: Unasked, relais: FakeRelais
) -> None:
    relais.statuses = [503, 500]
    for number in range(5):
        unasked.say("sender-1", {"text": str(number)})
    await unasked.finish(5)

    assert relais.texts() == ["0", "0", "0", "1", "2", "3", "4"]
    ids = [body["id"] for _, body in relais.taken]
    assert len(set(ids)) == 5
    assert ids[0] == ids[1] == ids[2]


async def test_it_gives_up_after_its_last_try_and_goes_on_with_the_next(
    unasked: Unasked, relais: FakeRelais, logged: Callable[[], Any]
) -> None:
    relais.statuses = [503, 429, 408]
    unasked.say("sender-1", {"text": "my secret"})
    unasked.say("sender-1", {"text": "next"})
    await unasked.finish(5)

    assert relais.texts() == ["my secret"] * 3 + ["next"]
    assert [level for level, _ in logged()] == ["WARNING", "WARNING", "ERROR"]
    assert "408" in logged()[-1][1]
    assert "secret" not in str(logged())


@pytest.mark.parametrize(
    ("status", "detail", "reason"),
    [
        (404, "There is no such sender.", "no conversation with this sender"),
        (422, "Nothing was queued: responses[0]: custom is unknown.", "422, Nothing was queued: responses[0]"),
        (422, [{"input": "+242061234567", "msg": "must be a UUID"}], "422, without a reason that may be logged"),
    ],
)
async def test_a_refusal_is_told_in_the_log_once_and_not_tried_again(
    unasked: Unasked, relais: FakeRelais, logged: Callable[[], Any], status: int, detail: Any, reason: str
) -> None:
    relais.statuses, relais.detail = [status], detail
    unasked.say("+242061234567", {"text": "my words"})
    await unasked.finish(5)

    assert len(relais.taken) == 1
    [(level, message)] = logged()
    assert level == "ERROR"
    assert reason in message
    assert "24206" not in message
    assert "words" not in message


async def test_another_secret_is_named_in_the_log(relais: FakeRelais, logged: Callable[[], Any]) -> None:
    stranger = Unasked(relais.url, "another", pauses_seconds=())
    stranger.say("sender-1", {"text": "hello"})
    await stranger.finish(5)

    assert "RELAIS_SECRET" in logged()[0][1]


async def test_a_relais_that_is_away_is_named_by_its_address(logged: Callable[[], Any]) -> None:
    nobody = Unasked("http://127.0.0.1:9", SECRET, pauses_seconds=(0.0,))
    nobody.say("sender-1", {"text": "hello"})
    await nobody.finish(5)

    assert [level for level, _ in logged()] == ["WARNING", "ERROR"]
    assert "http://127.0.0.1:9" in logged()[-1][1]


async def test_what_cannot_be_posted_before_the_end_is_told(logged: Callable[[], Any]) -> None:
    patient = Unasked("http://127.0.0.1:9", SECRET, pauses_seconds=(60.0,))
    patient.say("sender-1", {"text": "hello"})
    await patient.finish(0.1)

    assert "1 sender(s) is lost" in logged()[-1][1]


async def test_a_sender_in_the_address_stays_one_part_of_it(unasked: Unasked, relais: FakeRelais) -> None:
    unasked.say("a/../b?c", {"text": "hello"})
    await unasked.finish(5)

    assert relais.taken[0][0] == "a/../b?c"


async def test_nothing_is_kept_of_what_was_posted(unasked: Unasked) -> None:
    unasked.say("sender-1", {"text": "hello"})
    await unasked.finish(5)

    assert unasked._last == {}
