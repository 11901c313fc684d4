"""Not understood: two meanings, then the menu."""

import pytest

from actions.fallback import OFFERED, DefaultFallback
from actions.words import compose
from tests.actions.rasa import play, said_by_person, tracker

LOST = said_by_person("nlu_fallback", ("nlu_fallback", "out_of_scope", "track_delivery", "greet", "contact_courier"))
LOST_BEFORE = [
    {"event": "user", "text": "…", "message_id": "before"},
    {"event": "action", "name": "action_default_fallback"},
    {"event": "action", "name": "action_listen"},
]


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("fr", ["Suivre un colis", "Contacter le livreur", "Menu"]),
        ("en", ["Track a parcel", "Contact the courier", "Menu"]),
    ],
)
async def test_the_two_likeliest_meanings_are_offered(language: str, titles: list[str]) -> None:
    played = await play(DefaultFallback(), tracker(LOST, language=language))

    assert played.titles == titles
    assert played.payloads == ["/track_delivery", "/contact_courier", "/help"]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_second_time_in_a_row_the_menu_is_shown(language: str) -> None:
    played = await play(DefaultFallback(), tracker(LOST, language=language, before=LOST_BEFORE))

    assert played.names == ["utter_not_understood"]
    assert len(played.titles) == 7


async def test_the_third_time_in_a_row_a_human_is_asked_for() -> None:
    played = await play(DefaultFallback(), tracker(LOST, before=LOST_BEFORE * 2))

    assert played.next_action == "action_human_agent"
    assert played.said == []


async def test_nonsense_taken_for_other_matters_counts_as_well() -> None:
    outside = [LOST_BEFORE[0], {"event": "action", "name": "utter_out_of_scope"}]

    played = await play(DefaultFallback(), tracker(LOST, before=[*outside, *LOST_BEFORE]))

    assert played.next_action == "action_human_agent"


async def test_after_that_it_begins_anew() -> None:
    played = await play(DefaultFallback(), tracker(LOST, before=LOST_BEFORE * 3))

    assert played.names == ["utter_which_meaning"]


async def test_in_a_form_its_question_is_put_again() -> None:
    played = await play(DefaultFallback(), tracker(LOST, form="parcel_form"))

    assert played.names == ["utter_which_meaning"]
    assert played.next_action == "parcel_form"


async def test_being_understood_in_between_starts_afresh() -> None:
    understood = [*LOST_BEFORE, {"event": "user", "text": "…"}, {"event": "action", "name": "utter_greet"}]

    played = await play(DefaultFallback(), tracker(LOST, before=understood))

    assert played.names == ["utter_which_meaning"]


async def test_without_any_guess_the_menu_is_shown() -> None:
    played = await play(DefaultFallback(), tracker(said_by_person("nlu_fallback", ("nlu_fallback", "greet"))))

    assert played.names == ["utter_not_understood"]


async def test_a_code_in_a_message_not_understood_is_tracked() -> None:
    message = said_by_person("nlu_fallback", ("nlu_fallback", "greet"), delivery_code="COUR-20250127-061")

    played = await play(DefaultFallback(), tracker(message))

    assert played.next_action == "action_track_delivery"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_meaning_that_can_be_offered_has_a_title_that_fits_a_button(language: str) -> None:
    for intent in OFFERED:
        assert 0 < len(compose("meaning", language, intent=intent)) <= 20
