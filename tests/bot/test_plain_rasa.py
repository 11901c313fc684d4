"""Turns in an assistant that Relais did not write: Rasa's agent, processor, stores, and somebody's domain."""

import asyncio
import json
import time
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from bot_in_process import texts
from plain_bot import PlainBot
from rasa.shared.core.events import UserUttered
from relais_fake import FakeRelais

from relais_bot.turn_answer import TurnAnswer
from relais_bot.turn_errors import TurnNotRun
from relais_bot.turn_request import BadTurn


def said(answer: TurnAnswer) -> list[dict[str, Any]]:
    return [{name: value for name, value in each.items() if name != "metadata"} for each in answer.responses]


def on_the_wire(answer: TurnAnswer) -> str:
    return json.dumps([answer.responses, answer.events])


async def test_a_turn_is_answered_by_the_projects_own_rules(plain_bot: PlainBot) -> None:
    await plain_bot.say("hello")
    answer = await plain_bot.say("hello")
    last = (await plain_bot.tracker()).get_last_event_for(UserUttered)

    assert said(answer) == [{"text": "Hello on WhatsApp", "buttons": [{"title": "Table", "payload": "/book_table"}]}]
    assert last.input_channel == "whatsapp"
    assert (answer.replayed, answer.paused, answer.failed_actions) == (False, False, [])


async def test_pictures_quick_replies_and_custom_json_come_out_whole(plain_bot: PlainBot) -> None:
    await plain_bot.say("hello")
    answer = await plain_bot.say("show the menu")

    assert said(answer) == [
        {
            "image": "https://example.com/menu.jpg",
            "quick_replies": [{"title": "Soup", "payload": "/greet"}],
            "custom": {"list": {"button": "Menu"}},
        }
    ]


async def test_a_form_asks_and_takes_what_is_typed_without_its_slash(plain_bot: PlainBot) -> None:
    await plain_bot.say("hello")
    asked = await plain_bot.tap("book_table")
    booked = await plain_bot.say("/greet")

    assert texts(asked) == ["How many are you?"]
    assert texts(booked) == ["A table for greet"]


async def test_what_a_custom_session_start_says_belongs_to_the_first_answer(plain_bot: PlainBot) -> None:
    first = await plain_bot.say("hello")
    second = await plain_bot.say("hello")

    assert texts(first) == ["Welcome", "Hello on WhatsApp"]
    assert texts(second) == ["Hello on WhatsApp"]


async def test_a_repeated_id_returns_the_recorded_answer_without_acting_again(plain_bot: PlainBot) -> None:
    turn_id = str(uuid.uuid4())
    first = await plain_bot.say("hello", turn_id=turn_id)
    await plain_bot.say("show the menu")
    again = await plain_bot.say("hello", turn_id=turn_id)

    assert on_the_wire(again) == on_the_wire(first)
    assert (first.replayed, again.replayed) == (False, True)
    assert plain_bot.actions.names == ["action_session_start", "action_learn", "action_learn"]


async def test_a_repeated_restart_is_known_though_it_began_in_a_session_that_is_over(plain_bot: PlainBot) -> None:
    turn_id = str(uuid.uuid4())
    await plain_bot.say("hello")
    first = await plain_bot.tap("restart", turn_id=turn_id)
    again = await plain_bot.tap("restart", turn_id=turn_id)

    assert texts(first) == ["From the beginning", "Welcome"]
    assert (on_the_wire(again), again.replayed) == (on_the_wire(first), True)


async def test_a_session_that_expired_begins_anew_within_the_turn(plain_bot: PlainBot) -> None:
    turn_id = str(uuid.uuid4())
    await plain_bot.say("hello")
    plain_bot.sessions_last(1e-9)
    expired = await plain_bot.say("show the menu", turn_id=turn_id)
    plain_bot.sessions_last(60)
    again = await plain_bot.say("show the menu", turn_id=turn_id)

    assert [each.get("text") for each in expired.responses] == ["Welcome", None]
    assert (on_the_wire(again), again.replayed) == (on_the_wire(expired), True)


async def test_notes_are_written_once_and_are_no_answer(plain_bot: PlainBot) -> None:
    notes = [{"id": "n1", "text": "Your parcel has arrived."}]
    first = await plain_bot.say("hello", notes=notes)
    second = await plain_bot.say("hello", notes=notes)
    tracker = await plain_bot.tracker()

    assert texts(first) == ["Welcome", "Hello on WhatsApp"]
    assert texts(second) == ["Hello on WhatsApp"]
    assert [getattr(event, "text", None) for event in tracker.events].count("Your parcel has arrived.") == 1


async def test_only_slots_that_the_domain_leaves_to_others_are_set(plain_bot: PlainBot) -> None:
    told = {"business_name": "Kimia", "default_language": "fr", "currency": "XAF", "support_number": "+242"}
    await plain_bot.say("hello", slots=told)
    slots = (await plain_bot.tracker()).current_slot_values()

    assert slots["business_name"] == "Kimia"
    assert (slots["default_language"], slots["currency"]) == (None, None)


async def test_metadata_of_a_turn_reaches_the_session_start_and_every_action(plain_bot: PlainBot) -> None:
    answer = await plain_bot.say("hello", metadata={"source": "advertisement"})
    started = [event["value"] for event in answer.events if event.get("name") == "session_started_metadata"]
    tracker = await plain_bot.tracker()

    assert started == [{"source": "advertisement"}]
    assert tracker.latest_message.metadata["source"] == "advertisement"


async def test_a_paused_conversation_is_silent_and_says_so_until_a_button_restarts_it(plain_bot: PlainBot) -> None:
    handed_over = await plain_bot.say("let me talk to a human")
    turn_id = str(uuid.uuid4())
    silent = await plain_bot.say("hello", turn_id=turn_id)
    silent_again = await plain_bot.say("hello", turn_id=turn_id)
    restarted = await plain_bot.tap("restart")
    after = await plain_bot.say("hello")

    assert (texts(handed_over), handed_over.paused) == (["Welcome", "A human will write"], True)
    assert (silent.responses, silent.paused) == ([], True)
    assert (silent_again.paused, silent_again.replayed) == (True, True)
    assert (texts(restarted), restarted.paused) == (["From the beginning", "Welcome"], False)
    assert texts(after) == ["Hello on WhatsApp"]


async def test_typing_restart_restarts_nothing(plain_bot: PlainBot) -> None:
    await plain_bot.say("hello")
    answer = await plain_bot.say("/restart")

    assert [event["event"] for event in answer.events].count("restart") == 0


async def test_a_button_may_mean_what_the_domain_knows_and_unknown_entities_are_left_out(plain_bot: PlainBot) -> None:
    answer = await plain_bot.tap("give_size", size="large", colour="red")
    with pytest.raises(BadTurn, match="intent"):
        await plain_bot.tap("track_delivery")
    tracker = await plain_bot.tracker()

    assert texts(answer)[-1] == "Noted"
    assert [entity["entity"] for entity in tracker.latest_message.entities] == ["size"]


async def test_a_place_is_told_in_words_and_stands_in_the_metadata(plain_bot: PlainBot) -> None:
    entities = [{"entity": "latitude", "value": -4.2661}, {"entity": "longitude", "value": 15.2832}]
    await plain_bot.turn(parse_data={"text": "📍", "intent": {"name": "share_location"}, "entities": entities})
    message = (await plain_bot.tracker()).latest_message

    assert message.text == "📍 -4.2661, 15.2832"
    assert message.metadata["location"] == {"latitude": -4.2661, "longitude": 15.2832}


async def test_a_file_stands_in_the_metadata_of_its_words_and_alone_is_no_turn_without_an_intent(
    plain_bot: PlainBot,
) -> None:
    file = [{"entity": "media_id", "value": "m-1"}, {"entity": "media_type", "value": "image/jpeg"}]
    with pytest.raises(BadTurn, match="intent"):
        await plain_bot.turn(parse_data={"text": "📎", "intent": {"name": "share_media"}, "entities": file})
    await plain_bot.say("hello", entities=file)
    message = (await plain_bot.tracker()).latest_message

    assert message.metadata["media"] == {"id": "m-1", "type": "image/jpeg"}
    assert message.entities == []


@pytest.mark.parametrize(
    "entities", [[], [{"entity": "latitude", "value": "north"}, {"entity": "longitude", "value": 1}]]
)
async def test_a_place_that_is_nowhere_is_refused(plain_bot: PlainBot, entities: list[dict[str, Any]]) -> None:
    with pytest.raises(BadTurn, match="intent"):
        await plain_bot.turn(parse_data={"text": "📍", "intent": {"name": "share_location"}, "entities": entities})


async def test_a_store_that_cannot_be_read_runs_nothing(plain_bot: PlainBot) -> None:
    await plain_bot.say("hello")
    store = plain_bot.agent.tracker_store._tracker_store
    real, store.retrieve = store.retrieve, refuse
    with pytest.raises(TurnNotRun, match="read"):
        await plain_bot.tap("book_table")
    store.retrieve = real
    answer = await plain_bot.tap("book_table")

    assert texts(answer) == ["How many are you?"]


async def test_a_turn_that_could_not_be_saved_leaves_no_trace_and_runs_again(plain_bot: PlainBot) -> None:
    await plain_bot.say("hello")
    store = plain_bot.agent.tracker_store._tracker_store
    turn_id = str(uuid.uuid4())
    real, store.save = store.save, refuse
    with pytest.raises(TurnNotRun, match="written"):
        await plain_bot.tap("book_table", turn_id=turn_id)
    store.save = real
    answer = await plain_bot.tap("book_table", turn_id=turn_id)

    assert (texts(answer), answer.replayed) == (["How many are you?"], False)


async def test_in_a_turn_nothing_is_posted(plain_bot: PlainBot, relais: FakeRelais) -> None:
    await plain_bot.say("hello")
    await plain_bot.posted()

    assert relais.taken == []


async def test_a_triggered_intent_is_posted(plain_bot: PlainBot, relais: FakeRelais) -> None:
    await plain_bot.say("hello")
    await plain_bot.trigger("EXTERNAL_table_ready")
    await plain_bot.posted()

    assert relais.taken[0][0] == "sender-1"
    assert relais.taken[0][1]["responses"] == [{"text": "Your table is ready"}]


async def test_a_reminder_that_a_turn_set_is_posted_when_its_time_has_come(
    plain_bot: PlainBot, relais: FakeRelais
) -> None:
    plain_bot.actions.plays["action_remind"] = reminder("EXTERNAL_table_ready")
    answer = await plain_bot.say("remind me later")
    await asyncio.wait_for(relais.arrived.wait(), 10)
    await plain_bot.posted()
    after = await plain_bot.say("hello")

    assert texts(answer) == ["Welcome", "I will"]
    assert relais.texts() == ["Your table is ready"]
    assert texts(after) == ["Hello on WhatsApp"]


def reminder(intent: str) -> dict[str, Any]:
    soon = datetime.now(timezone.utc) + timedelta(seconds=0.2)
    event = {
        "event": "reminder",
        "intent": intent,
        "entities": None,
        "date_time": soon.replace(tzinfo=None).isoformat(),
        "name": str(uuid.uuid4()),
        "kill_on_user_msg": False,
        "timestamp": time.time(),
    }
    return {"responses": [{"text": "I will"}], "events": [event]}


async def refuse(*_: object) -> None:
    raise ConnectionError("the database is down")
