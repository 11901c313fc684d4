"""A restaurant's assistant: what Rasa can say, asked and unasked, as a phone shows it."""

from collections.abc import Iterator

import pytest

from tests.road.own_rasa.phones import tap, texts, wire
from tests.road.own_rasa.rasa_project import RasaProject
from tests.stack import Stack

pytestmark = pytest.mark.stack

API_TOKEN = "of-the-restaurant"


@pytest.fixture(scope="module")
def restaurant(relais: Stack, projects: dict[str, RasaProject]) -> Iterator[RasaProject]:
    project = projects["restaurant"]
    project.end_training()
    project.run_actions()
    project.run("--enable-api", "--auth-token", API_TOKEN)
    yield project
    project.end()


def test_buttons_forms_pictures_and_custom_json(relais: Stack, restaurant: RasaProject) -> None:
    person = "242069900002"

    welcome, greeting = relais.ask(person, "hello", count=2)
    assert welcome["text"] == "Welcome to the restaurant."
    assert "*Kimia Express* on WhatsApp" in wire([greeting])
    assert "From noon" in texts(tap(relais, person, "Hours"))[0]
    picture = relais.heard(person, relais.send(person, {"type": "text", "text": "the menu please"}))[0]
    assert (picture["payload"]["type"], picture["payload"]["image"]["caption"]) == ("image", "Today's menu")
    place = relais.ask(person, "where are you")[0]["payload"]
    assert (place["type"], place["location"]["name"]) == ("location", "The restaurant")

    assert texts(relais.ask(person, "book a table")) == ["How many are you?"]
    assert "For which day?" in wire(relais.ask(person, "four"))
    booked = tap(relais, person, "Tomorrow")
    assert texts(booked) == ["A table for four, tomorrow."]


def test_a_reminder_is_sent_when_its_time_has_come_and_its_button_works(relais: Stack, restaurant: RasaProject) -> None:
    person = "242069900003"
    relais.ask(person, "book a table", count=2)
    relais.ask(person, "two")
    today = relais.send(person, {"type": "button", "title": "Today"})

    booked, reminder = relais.heard(person, today, count=2)
    assert booked["text"] == "A table for two, today."
    assert "Your table is ready." in wire([reminder])
    assert tap(relais, person, "The way")[0]["payload"]["type"] == "location"


def test_an_intent_triggered_from_outside_is_sent_like_any_message(relais: Stack, restaurant: RasaProject) -> None:
    person = "242069900004"
    last = relais.ask(person, "hello", count=2)[-1]["id"]
    answer = relais.http.post(
        f"{relais.bot}/conversations/{restaurant.last_sender()}/trigger_intent",
        params={"token": API_TOKEN, "output_channel": "latest"},
        json={"name": "EXTERNAL_closed"},
    )

    assert answer.status_code == 200, answer.text
    assert texts(relais.heard(person, last)) == ["We are closed tonight, sorry."]
