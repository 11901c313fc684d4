"""Reaching a human, and changing the language."""

import httpx
import pytest

from actions.people import PeopleClient
from actions.team import ChangeLanguage, HumanAgent
from tests.actions.people import SmallServer
from tests.actions.rasa import play, said_by_person, tracker

ASKED = said_by_person("human_agent")


@pytest.mark.parametrize(
    ("language", "hours"),
    [
        ("fr", "🕘 lun–ven 08:00–19:00 · sam 09:00–17:00"),
        ("en", "🕘 Mon–Fri 08:00–19:00 · Sat 09:00–17:00"),
    ],
)
async def test_the_team_can_be_reached_by_number_and_hours(people: PeopleClient, language: str, hours: str) -> None:
    played = await play(HumanAgent(people), tracker(ASKED, language=language))

    assert "+242065000001" in played.text
    assert hours in played.text


async def test_without_known_hours_none_are_claimed(people: PeopleClient, server: SmallServer) -> None:
    server.hours = None

    played = await play(HumanAgent(people), tracker(ASKED))

    assert played.names == ["utter_human_agent"]


async def test_the_number_is_given_even_while_the_server_is_down(people: PeopleClient, server: SmallServer) -> None:
    server.failure = httpx.ConnectError

    played = await play(HumanAgent(people), tracker(ASKED))

    assert "+242065000001" in played.text


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_a_business_without_a_number_is_honest(people: PeopleClient, language: str) -> None:
    played = await play(HumanAgent(people), tracker(ASKED, language=language, support_number=None))

    assert played.names == ["utter_human_agent_without_number"]
    assert "None" not in played.text


@pytest.mark.parametrize(("language", "word"), [("fr", "français"), ("en", "English")])
async def test_a_named_language_is_confirmed_in_itself(language: str, word: str) -> None:
    message = said_by_person("change_language", language=language)

    played = await play(ChangeLanguage(), tracker(message, language=language))

    assert played.names == ["utter_language_changed"]
    assert word in played.text


async def test_without_a_language_one_chooses_between_two() -> None:
    played = await play(ChangeLanguage(), tracker(said_by_person("change_language")))

    assert played.titles == ["Français", "English"]
    assert played.payloads == ['/change_language{"language": "fr"}', '/change_language{"language": "en"}']
