"""Whatever goes wrong, a person hears an apology and can try again; a log tells the name of the action only."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from actions import spoken
from actions.courier import ContactCourier
from actions.orders import ShowHistory
from actions.people import PeopleClient
from actions.shop import BrowseProducts
from actions.spoken import SpokenAction
from actions.tracking import TrackDelivery
from actions.turn import Event, Turn
from tests.actions.people import SmallServer
from tests.actions.rasa import TURN_ID, play, said_by_person, tracker
from tests.backend.fake_backend import CODE, Answer, Backend, fails

BACKEND_TROUBLES: dict[str, Answer | httpx.Response] = {
    "down": fails(httpx.ConnectError),
    "slow": fails(httpx.ReadTimeout),
    "broken": httpx.Response(500),
    "refusing": httpx.Response(403),
    "garbage": httpx.Response(200, text="<html>"),
    "another shape": httpx.Response(200, json={"code": 7}),
}
ASKED = {
    "one delivery": (TrackDelivery, "track_delivery", {"delivery_code": CODE}),
    "my deliveries": (TrackDelivery, "track_delivery", {}),
    "the list": (ShowHistory, "order_history", {}),
    "a courier": (ContactCourier, "contact_courier", {"delivery_code": CODE}),
    "the courier": (ContactCourier, "contact_courier", {}),
    "products": (BrowseProducts, "browse_products", {}),
    "a product": (BrowseProducts, "browse_products", {"product_id": "riz"}),
}


@pytest.mark.parametrize("trouble", BACKEND_TROUBLES)
@pytest.mark.parametrize("asked", ASKED)
async def test_a_backend_in_trouble_gets_an_apology_that_repeats_the_question(
    people: PeopleClient, asked: str, trouble: str
) -> None:
    action, intent, entities = ASKED[asked]
    backend = Backend(BACKEND_TROUBLES[trouble]).client()

    with capture_logs() as logs:
        played = await play(action(people, backend), tracker(said_by_person(intent, **entities)))

    assert played.names == ["utter_apology"]
    assert played.titles == ["Réessayer", "Menu"]
    (value,) = entities.values() or ("",)
    assert played.payloads[0].startswith(f"/{intent}")
    assert value in played.payloads[0]
    assert {"action": action(people, backend).name(), "turn_id": TURN_ID}.items() <= logs[-1].items()


async def test_the_apology_speaks_english_too(people: PeopleClient) -> None:
    action = ShowHistory(people, Backend(httpx.Response(500)).client())

    played = await play(action, tracker(said_by_person("order_history"), language="en"))

    assert played.titles == ["Try again", "Menu"]


async def test_a_failure_inside_the_form_leaves_no_code_behind(people: PeopleClient) -> None:
    action = TrackDelivery(people, Backend(httpx.Response(500)).client())

    played = await play(action, tracker(said_by_person(), delivery_code=CODE))

    assert played.payloads[0] == f'/track_delivery{{"delivery_code": "{CODE}"}}'
    assert played.slots["delivery_code"] is None


@pytest.mark.parametrize("failure", [httpx.ConnectError, httpx.Response(500), httpx.Response(200, text="?")])
async def test_a_server_that_does_not_know_people_gets_the_same_apology(
    people: PeopleClient, server: SmallServer, failure: Any
) -> None:
    server.failure = failure

    played = await play(ShowHistory(people, Backend().client()), tracker(said_by_person("order_history")))

    assert played.names == ["utter_apology"]


@pytest.mark.parametrize("sender", ["shy", "stranger"])
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_a_person_without_a_number_is_told_so(people: PeopleClient, sender: str, language: str) -> None:
    action = ShowHistory(people, Backend().client())

    played = await play(action, tracker(said_by_person("order_history"), sender, language))

    assert played.names == ["utter_number_hidden"]


class Odd(SpokenAction):
    """An action with a surprise."""

    def __init__(self, surprise: Callable[[], Any]) -> None:
        self.surprise = surprise

    def name(self) -> str:
        return "action_odd"

    async def answer(self, turn: Turn) -> list[Event]:
        turn.say("utter_thanks")
        await self.surprise()
        return []


async def test_a_programming_error_becomes_an_apology_and_a_log_line_without_its_words() -> None:
    async def surprise() -> None:
        raise KeyError("Marie Okemba +242061234576")

    with capture_logs() as logs:
        played = await play(Odd(surprise), tracker(said_by_person()))

    assert played.names == ["utter_apology"]
    (line,) = logs
    assert line["action"] == "action_odd"
    assert line["turn_id"] == TURN_ID
    assert "Okemba" not in str(line)


async def test_an_action_that_hangs_is_ended_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "ACTION_TIMEOUT_SECONDS", 0.01)

    played = await play(Odd(asyncio.Event().wait), tracker(said_by_person()))

    assert played.names == ["utter_apology"]
    assert played.payloads == ["/help", "/help"]


def test_the_apology_leaves_before_the_bot_gives_up() -> None:
    bot_waits_seconds = 12.0  # bot/relais_bot/action_server.py

    assert bot_waits_seconds > spoken.ACTION_TIMEOUT_SECONDS
