"""Photos that nobody asked for: thanked for once, and not mistaken for a question."""

from typing import Any

import pytest

from actions.claims.photos import KEPT_IN_MIND, TakeMedia, recent_media
from actions.turn import Turn
from tests.actions.rasa import play, said_at, said_by_person, tracker


def photo(media_id: str, intent: str = "share_media") -> dict[str, Any]:
    return said_by_person(intent, text="📎", media_id=media_id, media_type="image/jpeg")


async def test_the_first_photo_is_thanked_for_and_offers_a_complaint() -> None:
    played = await play(TakeMedia(), tracker(photo("m-1")))

    assert played.names == ["utter_media_received"]
    assert "/claim" in played.payloads


@pytest.mark.parametrize(("seconds", "answers"), [(1, [{"silence": True}]), (61, [])])
async def test_the_second_one_of_an_album_is_kept_in_silence(seconds: float, answers: list[Any]) -> None:
    before = [said_at(1000, photo("m-1"))]
    played = await play(TakeMedia(), tracker(photo("m-2"), before=before, now=1000 + seconds))

    assert [each["custom"] for each in played.said if each.get("custom")] == answers


async def test_a_photo_after_words_is_no_album() -> None:
    before = [said_at(1000, photo("m-1")), said_at(1001, said_by_person("thanks"))]
    played = await play(TakeMedia(), tracker(photo("m-2"), before=before, now=1002))

    assert played.names == ["utter_media_received"]


def test_photos_of_a_moment_ago_belong_to_what_is_said_now_and_older_ones_do_not() -> None:
    now = 10_000.0
    before = [
        said_at(now - KEPT_IN_MIND - 1, photo("old")),
        said_at(now - 100, photo("m-1")),
        said_at(now - 90, photo("m-2", "track_delivery")),
    ]
    turn = Turn(None, tracker(said_by_person("claim"), before=before, now=now))

    assert [file["id"] for file in recent_media(turn)] == ["m-1", "m-2"]


def test_photos_of_the_complaint_before_are_not_of_this_one() -> None:
    made = {"event": "action", "name": "action_make_claim"}
    before = [said_at(1, photo("m-1")), made, said_at(2, photo("m-2"))]
    turn = Turn(None, tracker(said_by_person("claim"), before=before, now=3))

    assert [file["id"] for file in recent_media(turn, since=("action_make_claim",))] == ["m-2"]
