"""Turns run once, whatever happens to those who asked for them."""

import asyncio
import json
import uuid

import pytest
from action_server_fake import FakeActionServer
from bot_in_process import InProcessBot, texts
from rasa.core.lock_store import LockError

from relais_bot.turn_errors import TurnFailed, TurnNotRun
from relais_bot.turn_request import parse_turn

CODE = "COUR-20250127-061"


async def test_a_turn_answers_with_its_responses_and_its_events(bot: InProcessBot) -> None:
    answer = await bot.say("hello", slots={"business_name": "Kimia"})

    assert texts(answer) == ["Hello from Kimia"]
    assert answer.responses[0]["buttons"] == [{"title": "Track", "payload": "/track_delivery"}]
    assert [event["event"] for event in answer.events].count("user") == 1
    assert answer.replayed is False


async def test_a_custom_answer_of_an_action_arrives_whole(bot: InProcessBot) -> None:
    answer = await bot.say(f"track my order {CODE}")

    assert len(answer.responses) == 1
    assert answer.responses[0]["text"] == f"{CODE} in en"
    assert answer.responses[0]["custom"] == {"code": CODE}


async def test_what_came_beside_the_words_is_found_with_them_as_far_as_the_model_knows_it(bot: InProcessBot) -> None:
    beside = [{"entity": "media_id", "value": "m-1"}, {"entity": "of_a_later_model", "value": "x"}]
    answer = await bot.say(f"track my order {CODE}", entities=beside)
    (said,) = [event for event in answer.events if event["event"] == "user"]

    found = {entity["entity"]: entity["value"] for entity in said["parse_data"]["entities"]}
    assert found == {"delivery_code": CODE, "media_id": "m-1"}
    assert said["parse_data"]["intent"]["name"] == "track_delivery"


async def test_words_under_a_file_that_mean_nothing_belong_to_the_file(bot: InProcessBot) -> None:
    text = "zzz qqq xxx"
    alone, below = await bot.say(text), await bot.say(text, entities=[{"entity": "media_id", "value": "m-1"}])
    meant = [next(event for event in each.events if event["event"] == "user") for each in (alone, below)]

    assert meant[0]["parse_data"]["intent"]["name"] in ("nlu_fallback", "out_of_scope")
    assert meant[1]["parse_data"]["intent"]["name"] == "share_media"
    assert meant[1]["text"] == text


async def test_a_repeated_id_returns_the_recorded_answer_without_acting_again(
    bot: InProcessBot, action_server: FakeActionServer
) -> None:
    turn_id = str(uuid.uuid4())
    first = await bot.say(f"track my order {CODE}", turn_id=turn_id)
    await bot.say("hello")
    again = await bot.say(f"track my order {CODE}", turn_id=turn_id)

    assert (again.responses, again.events) == (first.responses, first.events)
    assert (first.replayed, again.replayed) == (False, True)
    assert action_server.names() == ["action_track"]


async def test_a_repeated_id_joins_the_turn_that_is_running(bot: InProcessBot, action_server: FakeActionServer) -> None:
    turn_id = str(uuid.uuid4())
    action_server.gate.clear()
    asked = [asyncio.create_task(bot.say(f"track my order {CODE}", turn_id=turn_id)) for _ in range(5)]
    await action_server.started.wait()
    action_server.gate.set()
    answers = await asyncio.gather(*asked)

    assert len({json.dumps(list(answer.events)) for answer in answers}) == 1
    assert action_server.names() == ["action_track"]


async def test_the_same_id_of_two_senders_is_two_turns(bot: InProcessBot) -> None:
    turn_id = str(uuid.uuid4())
    answers = [await bot.say("hello", turn_id=turn_id, sender_id=sender) for sender in ("one", "two")]

    assert [answer.replayed for answer in answers] == [False, False]


async def test_a_caller_that_goes_away_does_not_stop_its_turn(
    bot: InProcessBot, action_server: FakeActionServer
) -> None:
    turn_id = str(uuid.uuid4())
    action_server.gate.clear()
    asked = asyncio.create_task(bot.say(f"track my order {CODE}", turn_id=turn_id))
    await action_server.started.wait()
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    action_server.gate.set()
    await bot.turns.finish(5)
    again = await bot.say(f"track my order {CODE}", turn_id=turn_id)

    assert again.replayed
    assert texts(again) == [f"{CODE} in en"]
    assert action_server.names() == ["action_track"]


async def test_one_sender_is_answered_in_order_and_others_do_not_wait(
    bot: InProcessBot, action_server: FakeActionServer
) -> None:
    action_server.gate.clear()
    slow = asyncio.create_task(bot.say(f"track my order {CODE}", sender_id="slow"))
    await action_server.started.wait()
    behind = [asyncio.create_task(bot.say(text, sender_id="slow")) for text in ("hello", "i want a refund", "cancel")]
    others = await asyncio.gather(*[bot.say("hello", sender_id=f"other-{n}") for n in range(10)])
    done_before = [task.done() for task in [slow, *behind]]
    action_server.gate.set()
    await asyncio.gather(slow, *behind)
    tracker = await bot.agent.tracker_store.retrieve("slow")

    assert all(texts(answer) == ["Hello from None"] for answer in others)
    assert done_before == [False] * 4
    said = [event.text for event in tracker.events if event.type_name == "user"]
    assert said == [f"track my order {CODE}", "hello", "i want a refund", "cancel"]


async def test_a_store_that_is_down_runs_nothing_and_loses_nothing(bot: InProcessBot) -> None:
    await bot.say("hello", slots={"business_name": "Kimia"})
    store = bot.agent.tracker_store
    real, broken = store._log, BrokenLog()
    turn_id = str(uuid.uuid4())
    store._log = broken
    with pytest.raises(TurnNotRun):
        await bot.say("hello", turn_id=turn_id)
    store._log = real
    answer = await bot.say("hello", turn_id=turn_id)

    assert texts(answer) == ["Hello from Kimia"]
    assert not answer.replayed


async def test_a_turn_whose_save_failed_leaves_no_trace_and_runs_again(
    bot: InProcessBot, action_server: FakeActionServer
) -> None:
    await bot.say("hello", slots={"business_name": "Kimia"})
    store = bot.agent.tracker_store
    real = store._log
    store._log = FailingToWrite(real)
    turn_id = str(uuid.uuid4())
    with pytest.raises(TurnNotRun):
        await bot.say("i want a refund", turn_id=turn_id)
    store._log = real
    first = await bot.say("i want a refund", turn_id=turn_id)
    full = await store.retrieve_full_tracker("sender-1")

    assert texts(first) == ["Why?"]
    assert [event.text for event in full.events if event.type_name == "user"] == ["hello", "i want a refund"]


async def test_a_sender_whose_turn_does_not_end_is_told_to_come_back(bot: InProcessBot) -> None:
    class Taken(type(bot.agent.lock_store)):
        def lock(self, *_: object, **__: object) -> object:
            raise LockError("The sender's previous turn is still running.")

    bot.agent.lock_store = Taken()

    with pytest.raises(TurnNotRun, match="still running"):
        await bot.say("hello")


async def test_a_turn_that_raises_fails_without_quoting_the_user(bot: InProcessBot) -> None:
    class Explosive(Exception):
        pass

    async def explode(*_: object) -> None:
        raise Explosive("the user said: my secret")

    bot.agent.processor.run_action_extract_slots = explode
    with pytest.raises(TurnFailed) as caught:
        await bot.say("my secret")

    assert "secret" not in str(caught.value)
    assert "Explosive" in str(caught.value)


async def test_a_finished_turn_is_forgotten(bot: InProcessBot) -> None:
    request = parse_turn(json.dumps({"turn_id": str(uuid.uuid4()), "sender_id": "s", "text": "hello"}).encode())
    await bot.turns.answer(bot.agent, request)

    assert bot.turns._running == {}


class BrokenLog:
    """A database that refuses everything."""

    def __getattr__(self, name: str) -> object:
        def refuse(*_: object) -> None:
            from sqlalchemy.exc import OperationalError

            raise OperationalError("SELECT", {}, Exception("the database is down"))

        return refuse


class FailingToWrite:
    """A database whose disk is full."""

    def __init__(self, log: object) -> None:
        self._log = log
        self.append = BrokenLog().append

    def __getattr__(self, name: str) -> object:
        return getattr(self._log, name)
