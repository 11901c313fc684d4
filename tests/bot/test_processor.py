"""What a turn writes around the user's message, and how it ends when an action fails."""

import time
import uuid

from action_server_fake import FakeActionServer
from bot_in_process import InProcessBot, texts

from relais_bot import processor
from relais_bot.turn_answer import TurnAnswer

NOTE = {"id": "note-1", "text": "Your parcel has left.", "slots": {"last_push": "left"}}


def kinds(answer: TurnAnswer) -> list[str]:
    return [event["event"] for event in answer.events]


async def test_notes_come_after_the_session_start_and_before_the_message(bot: InProcessBot) -> None:
    answer = await bot.say("hello", notes=[NOTE])
    before_message = answer.events[: kinds(answer).index("user")]

    assert kinds(answer)[:5] == ["action", "session_started", "action", "bot", "slot"]
    assert before_message[3]["text"] == "Your parcel has left."
    assert texts(answer) == ["Hello from None"]
    assert (await bot.slots())["last_push"] == "left"


async def test_a_note_is_written_once(bot: InProcessBot) -> None:
    for _ in range(3):
        await bot.say("hello", notes=[NOTE, NOTE])
    tracker = await bot.agent.tracker_store.retrieve_full_tracker("sender-1")

    assert [event.text for event in tracker.events if event.type_name == "bot"].count(NOTE["text"]) == 1


async def test_a_note_of_the_session_before_is_not_written_again(bot: InProcessBot) -> None:
    await bot.say("hello", notes=[NOTE])
    await make_the_session_old(bot)
    answer = await bot.say("hello", notes=[NOTE, {"id": "note-2", "text": "It has arrived."}])

    assert "session_started" in kinds(answer)
    said = [event["text"] for event in answer.events if event["event"] == "bot"]
    assert said == ["It has arrived.", "Hello from None"]


async def test_slots_are_written_where_they_differ(bot: InProcessBot) -> None:
    first = await bot.say("hello", slots={"business_name": "Kimia", "default_language": "en"})
    second = await bot.say("hello", slots={"business_name": "Kimia", "default_language": "fr"})

    assert slot_names(first) == ["business_name", "default_language", "language"]
    assert slot_names(second) == ["default_language"]


async def test_slots_the_model_does_not_know_are_left_out(bot: InProcessBot) -> None:
    answer = await bot.say("hello", slots={"invented": "yes"})

    assert slot_names(answer) == ["language"]


async def test_metadata_stays_with_the_message(bot: InProcessBot) -> None:
    answer = await bot.say("hello", metadata={"kind": "text"})
    message = next(event for event in answer.events if event["event"] == "user")

    assert message["metadata"]["kind"] == "text"


async def test_the_language_is_known_before_the_first_action(bot: InProcessBot) -> None:
    answer = await bot.say("où est mon colis COUR-20250127-061")

    assert texts(answer) == ["COUR-20250127-061 in fr"]


async def test_the_language_sticks_until_a_sentence_is_in_the_other(bot: InProcessBot) -> None:
    sentences = ["où est mon colis s'il vous plaît", "ok", "Jean", "i am looking for my parcel please"]
    languages = []
    for sentence in sentences:
        await bot.say(sentence)
        languages.append((await bot.slots())["language"])
        await bot.tap("cancel")

    assert languages == ["fr", "fr", "fr", "en"]


async def test_a_chosen_language_holds_against_every_message(bot: InProcessBot) -> None:
    chosen = await bot.tap("change_language", language="en")
    await bot.say("je cherche ma livraison s'il vous plaît, merci beaucoup")

    assert texts(chosen) == ["en"]
    assert (await bot.slots())["language"] == "en"
    assert texts(await bot.say("parlez français s'il vous plaît")) == ["fr"]


async def test_without_a_hint_the_business_decides(bot: InProcessBot) -> None:
    await bot.tap("greet", "👋")
    await bot.turn(
        sender_id="two", parse_data={"text": "👋", "intent": {"name": "greet"}}, slots={"default_language": "en"}
    )

    assert (await bot.slots())["language"] == "fr"
    assert (await bot.slots("two"))["language"] == "en"


async def test_a_new_session_keeps_what_may_be_kept_once(bot: InProcessBot) -> None:
    given = {"business_name": "Kimia", "default_language": "en", "last_push": "left"}
    for name in ("A", "B", "Kimia"):
        await bot.say("track my order COUR-20250127-061", slots={**given, "business_name": name})
    await make_the_session_old(bot)
    answer = await bot.say("hello", slots={"business_name": "Kimia"})

    assert sorted(slot_names(answer)) == ["business_name", "default_language", "language"]
    assert "delivery_code" not in await bot.slots()


async def test_a_long_session_ends_and_a_short_one_does_not(bot: InProcessBot) -> None:
    starts = 0
    for _ in range(35):
        answer = await bot.say("hello", slots={"business_name": "Kimia"})
        starts += kinds(answer).count("session_started")
        tracker = await bot.agent.tracker_store.retrieve("sender-1")
        assert len(tracker.events) <= processor.MAX_SESSION_EVENTS + 20

    assert starts == 2


async def test_in_the_middle_of_a_long_talk_nothing_is_forgotten(bot: InProcessBot) -> None:
    given = {"business_name": "Kimia", "last_push": "left"}
    starts = 0
    while not starts > 1:
        answer = await bot.say("hello", slots=given)
        starts += kinds(answer).count("session_started")

    assert (await bot.slots())["last_push"] == "left"
    assert slot_names(answer).count("last_push") == 1


async def test_an_answer_that_comes_after_twenty_hours_still_answers(bot: InProcessBot) -> None:
    await bot.say("i want a refund")
    await make_the_session_old(bot, hours=20)
    answer = await bot.say("hello again")

    assert texts(answer) == ["Refunded: hello again"]


async def test_after_a_day_the_question_is_forgotten(bot: InProcessBot) -> None:
    await bot.say("i want a refund")
    await make_the_session_old(bot, hours=25)
    answer = await bot.say("hello again")

    assert "Refunded" not in "".join(texts(answer))
    tracker = await bot.agent.tracker_store.retrieve("sender-1")
    assert tracker.active_loop_name is None


async def test_a_long_session_goes_on_while_a_question_is_open(bot: InProcessBot) -> None:
    for _ in range(25):
        await bot.say("hello")
    await bot.say("i want a refund")
    for _ in range(8):
        tracker = await bot.agent.tracker_store.retrieve("sender-1")
        assert tracker.active_loop_name == "refund_form"
        answer = await bot.tap("cancel")
        await bot.say("i want a refund")

    assert texts(answer) == ["Cancelled."]


async def test_an_action_that_another_one_asked_for_ends_the_turn_like_any_other(
    bot: InProcessBot, action_server: FakeActionServer
) -> None:
    action_server.followups = {"action_track": "action_never_reached"}
    answer = await bot.tap("track_delivery")

    assert action_server.names() == ["action_track", "action_never_reached"]
    assert len(texts(answer)) == 2
    assert list(answer.failed_actions) == []


async def test_in_a_form_its_question_comes_after_that(bot: InProcessBot, action_server: FakeActionServer) -> None:
    question = texts(await bot.say("i want a refund"))
    action_server.followups = {"action_track": "action_never_reached"}
    answer = await bot.tap("track_delivery")

    assert action_server.names() == ["action_track", "action_never_reached"]
    assert texts(answer)[2:] == question
    assert texts(await bot.say("hello again")) == ["Refunded: hello again"]


async def test_a_form_that_passed_a_message_on_is_asked_first_about_the_next(
    bot: InProcessBot, action_server: FakeActionServer
) -> None:
    await bot.say("i want a refund")
    action_server.followups = {"action_track": "action_listen"}  # whatever it showed, nothing is asked again
    await bot.tap("track_delivery")

    assert texts(await bot.say("hello again")) == ["Refunded: hello again"]


async def test_a_failed_action_ends_the_turn_and_is_named(bot: InProcessBot, action_server: FakeActionServer) -> None:
    answer = await bot.tap("break_down")
    after = await bot.say("hello", slots={"business_name": "Kimia"})

    assert list(answer.responses) == []
    assert list(answer.failed_actions) == ["action_break_down"]
    assert action_server.names() == ["action_break_down"]
    assert texts(after) == ["Hello from Kimia"]


async def test_a_replayed_turn_names_its_failed_action_too(bot: InProcessBot) -> None:
    turn_id = str(uuid.uuid4())
    for _ in range(2):
        answer = await bot.turn(turn_id=turn_id, parse_data={"text": "x", "intent": {"name": "break_down"}})

    assert answer.replayed
    assert list(answer.failed_actions) == ["action_break_down"]


async def test_an_action_server_that_is_gone_is_a_failed_action(
    bot: InProcessBot, action_server: FakeActionServer
) -> None:
    await action_server.stop()
    answer = await bot.say("where is my parcel COUR-20250127-061")

    assert list(answer.failed_actions) == ["action_track"]


async def test_an_action_that_takes_too_long_is_a_failed_action(
    bot: InProcessBot, action_server: FakeActionServer
) -> None:
    bot.agent.action_endpoint._seconds = 0.2
    action_server.gate.clear()
    answer = await bot.say("where is my parcel COUR-20250127-061")

    assert list(answer.failed_actions) == ["action_track"]


async def test_rules_that_run_in_a_circle_end_and_the_next_turn_works(bot: InProcessBot) -> None:
    answer = await bot.tap("go_in_circles")
    after = await bot.say("hello", slots={"business_name": "Kimia"})

    assert texts(answer) == ["Round."] * 10
    assert list(answer.failed_actions) == ["action_listen"]
    assert texts(after) == ["Hello from Kimia"]


async def make_the_session_old(bot: InProcessBot, hours: float = 48) -> None:
    """So many hours pass."""
    tracker = await bot.agent.tracker_store.retrieve("sender-1")
    for event in tracker.events:
        event.timestamp = time.time() - hours * 3_600
    bot.agent.tracker_store._keep_live(tracker, [])


def slot_names(answer: TurnAnswer) -> list[str]:
    return [event["name"] for event in answer.events if event["event"] == "slot"]
