"""Reaching a human, and changing the language."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from actions.people import PeopleClient
from actions.team import ChangeLanguage, HumanAgent
from tests.actions.people import SmallServer
from tests.actions.rasa import TURN_ID, play, said_by_person, tracker

ASKED = said_by_person("human_agent")
MONDAY_MORNING = datetime(2025, 1, 27, 9, 30, tzinfo=UTC)  # half past ten in Brazzaville
SATURDAY_EVENING = datetime(2025, 1, 25, 18, 0, tzinfo=UTC)


def agent(people: PeopleClient, now: datetime = MONDAY_MORNING) -> HumanAgent:
    return HumanAgent(people, clock=lambda: now)


def told(server: SmallServer) -> dict[str, Any]:
    """What the team was told."""
    (request,) = [each for each in server.requests if each.url.path.endswith("/handoffs")]
    return dict(json.loads(request.content))


@pytest.mark.parametrize(
    ("language", "hours", "noted", "until"),
    [
        ("fr", "🕘 lun–ven 08:00–19:00 · sam 09:00–17:00", "notée pour l'équipe", "jusqu'à 19:00"),
        ("en", "🕘 Mon–Fri 08:00–19:00 · Sat 09:00–17:00", "noted for the team", "until 19:00"),
    ],
)
async def test_the_team_knows_and_can_be_reached(
    people: PeopleClient, language: str, hours: str, noted: str, until: str
) -> None:
    played = await play(agent(people), tracker(ASKED, language=language))

    for words in ("+242065000001", hours, noted, until):
        assert words in played.text


@pytest.mark.parametrize(("language", "back"), [("fr", "reprend lundi à 08:00."), ("en", "back on Monday at 08:00.")])
async def test_outside_hours_nobody_is_promised(people: PeopleClient, language: str, back: str) -> None:
    played = await play(agent(people, SATURDAY_EVENING), tracker(ASKED, language=language))

    assert back in played.text
    assert "tout de suite" not in played.text


@pytest.mark.parametrize(
    ("asked_at", "since"),
    [
        ("2025-01-27T09:00:00Z", "depuis 10:00."),
        ("2025-01-24T09:00:00Z", "depuis vendredi à 10:00."),
        ("2025-01-12T09:00:00Z", "depuis le 12 janvier à 10:00."),
    ],
)
async def test_who_asks_again_is_told_since_when_they_wait(
    people: PeopleClient, server: SmallServer, asked_at: str, since: str
) -> None:
    server.asked = {"asked_at": asked_at, "is_new": False}

    played = await play(agent(people), tracker(ASKED))

    assert f"attend l'équipe {since}" in played.text


async def test_the_team_reads_what_the_talk_was_about(people: PeopleClient, server: SmallServer) -> None:
    before = [
        {"event": "user", "parse_data": {"intent": {"name": name}}}
        for name in ("greet", "track_delivery", "claim", "track_delivery", "human_agent")
    ]
    filled: dict[str, Any] = {
        "parcel_pickup": {"address": "10 Avenue de la Paix"},
        "parcel_recipient_phone": "+242061234576",
    }
    talk = tracker(
        ASKED, language="en", before=before, form="parcel_form", shown_delivery="COUR-20250127-061", **filled
    )

    await play(agent(people), talk)

    wanted = told(server)
    assert (wanted["turn_id"], wanted["reason"], wanted["language"]) == (TURN_ID, "asked", "en")
    assert wanted["summary"] == {
        "wishes": ["Faire une plainte", "Suivre un colis"],
        "doing": "Envoyer un colis",
        "answers": ["départ: 10 Avenue de la Paix", "téléphone: +242061234576"],
        "about": ["COUR-20250127-061"],
        "codes": {"delivery": "COUR-20250127-061"},
    }


async def test_the_answers_of_any_form_are_told_in_words(people: PeopleClient, server: SmallServer) -> None:
    filled: dict[str, Any] = {
        "checkout_payment": {"method": "mobile_money", "provider": "MTN MoMo"},
        "checkout_dropoff": {"latitude": -4.26, "longitude": 15.28},
        "checkout_options": [{"method": "cash"}],
        "checkout_attempts": 1,
        "parcel_note": "of something else",
    }

    await play(agent(people), tracker(ASKED, form="checkout_form", **filled))

    summary = told(server)["summary"]
    assert summary["doing"] == "Commander"
    assert sorted(summary["answers"]) == ["arrivée: -4.26, 15.28", "paiement: MTN MoMo"]


async def test_without_known_hours_none_are_claimed(people: PeopleClient, server: SmallServer) -> None:
    server.hours = None

    played = await play(agent(people), tracker(ASKED))

    assert "🕘" not in played.text
    assert "+242065000001" in played.text


async def test_the_number_is_given_even_while_the_server_is_down_and_nothing_more_claimed(
    people: PeopleClient, server: SmallServer
) -> None:
    server.failure = httpx.ConnectError

    played = await play(agent(people), tracker(ASKED))

    assert "+242065000001" in played.text
    assert "notée" not in played.text


@pytest.mark.parametrize(("language", "honest"), [("fr", "pas de numéro"), ("en", "no number")])
async def test_a_business_without_a_number_is_honest(
    people: PeopleClient, server: SmallServer, language: str, honest: str
) -> None:
    server.failure = httpx.ConnectError

    played = await play(agent(people), tracker(ASKED, language=language, support_number=None))

    assert honest in played.text
    assert "None" not in played.text


async def test_who_is_not_understood_is_handed_over_and_the_open_question_waits(
    people: PeopleClient, server: SmallServer
) -> None:
    lost = said_by_person("nlu_fallback")

    played = await play(agent(people), tracker(lost, form="parcel_form"))

    assert "ne vous comprends pas bien" in played.text
    assert told(server)["reason"] == "lost"
    assert played.next_action == "parcel_form"
    assert (await play(agent(people), tracker(lost))).next_action == "action_listen"


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
