"""Late or not: sorry only where it is, with the time and the reason that the business gives."""

from datetime import UTC, datetime
from typing import Any

import pytest

from actions.people import PeopleClient
from actions.tracking import TrackDelivery
from actions.whereabouts import WhereIsCourier
from backend import BackendClient
from tests.actions.rasa import Played, play, said_by_person, tracker
from tests.backend.fake_backend import Backend, as_json

NOW = datetime(2025, 1, 27, 9, 30, tzinfo=UTC)
CODE = "COUR-20250127-061"
MISSION: dict[str, Any] = {
    "code": CODE,
    "status": "in_transit",
    "created_at": "2025-01-27T08:36:00Z",
    "customer_phone": "+242061234567",
    "courier": {"name": "Jean Malonga", "phone": "+242069876543"},
}
LATE = {"delay": {"reason": "weather", "minutes": 25}}
SOON, GONE = {"expected_at": "2025-01-27T09:40:00Z"}, {"expected_at": "2025-01-27T09:10:00Z"}
DELIVERED: dict[str, Any] = {"status": "delivered", "steps": {"delivered": "2025-01-27T09:05:00Z"}}


async def asked(people: PeopleClient, language: str = "fr", **more: Any) -> Played:
    """What is said to who finds that this delivery is late."""
    track = TrackDelivery(people, Backend(as_json(MISSION | more)).client(), clock=lambda: NOW)
    return await play(track, tracker(said_by_person("delivery_delay", delivery_code=CODE), language=language))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (LATE | SOON, "utter_late_with_new_time"),
        (LATE | GONE, "utter_late_without_time"),
        (LATE, "utter_late_without_time"),
        (GONE, "utter_overdue"),
        (SOON, "utter_not_late_yet"),
        ({}, "utter_no_time_known"),
        ({"status": "lost_in_space"} | SOON, "utter_not_late_yet"),
        (DELIVERED, "utter_delivered_already_at"),
        ({"status": "delivered"}, "utter_delivered_already"),
        ({"status": "cancelled"} | GONE | LATE, "utter_not_late_but_cancelled"),
    ],
)
async def test_the_facts_are_told_before_the_timeline(more: dict[str, Any], said: str, people: PeopleClient) -> None:
    played = await asked(people, **more)

    assert played.names[0] == said
    assert CODE in played.said[-1]["text"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["Désolé", "25 min de retard : mauvais temps", "lun. 27 janv., 10:40"]),
        ("en", ["Sorry", "25 min late: bad weather", "Mon, Jan 27, 10:40"]),
    ],
)
async def test_the_times_are_those_of_the_business(language: str, words: list[str], people: PeopleClient) -> None:
    more: dict[str, Any] = LATE | SOON
    played = await asked(people, language, **more)

    assert [word for word in words if word not in played.text] == []


async def test_who_did_not_receive_what_was_delivered_can_say_so(people: PeopleClient) -> None:
    played = await asked(people, **DELIVERED)

    assert played.said[0]["buttons"][0]["payload"] == f'/claim{{"delivery_code": "{CODE}", "claim_kind": "missing"}}'


async def test_of_several_the_one_that_is_late_is_meant(people: PeopleClient) -> None:
    others = [MISSION | {"code": f"COUR-20250127-10{n}"} | SOON for n in range(2)]
    backend = Backend(as_json({"missions": [*others, MISSION | LATE]})).client()
    played = await play(TrackDelivery(people, backend, lambda: NOW), tracker(said_by_person("delivery_delay")))

    assert (played.names[0], CODE in played.text) == ("utter_late_without_time", True)


async def test_of_several_that_are_not_each_row_asks_the_same_question(people: PeopleClient) -> None:
    missions = [MISSION | {"code": f"COUR-20250127-10{n}"} | SOON for n in range(2)]
    backend = Backend(as_json({"missions": missions})).client()
    played = await play(TrackDelivery(people, backend, lambda: NOW), tracker(said_by_person("delivery_delay")))

    assert played.payloads[0] == '/delivery_delay{"delivery_code": "COUR-20250127-100"}'


async def test_who_asks_where_something_is_gets_no_excuse(people: PeopleClient) -> None:
    track = TrackDelivery(people, Backend(as_json(MISSION | LATE | SOON)).client(), lambda: NOW)
    played = await play(track, tracker(said_by_person("track_delivery", delivery_code=CODE)))

    assert played.names == ["utter_delivery"]
    assert all(words in played.text for words in ("25 min de retard", "10:40"))


async def test_the_courier_is_where_the_business_saw_them(people: PeopleClient) -> None:
    position = {"location": {"latitude": -4.2621, "longitude": 15.2701}, "seen_at": "2025-01-27T09:14:00Z"}
    backend = Backend(as_json(MISSION | SOON | {"position": position})).client()
    played = await play(
        WhereIsCourier(people, backend), tracker(said_by_person(whereabouts="courier", delivery_code=CODE))
    )

    for words in ("Jean Malonga", "En route vers la destination", "Position de 10:14", "10:40"):
        assert words in played.text
    assert played.said[-1]["custom"]["whatsapp"]["location"]["latitude"] == -4.2621


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"courier": None}, "utter_no_courier_yet"),
        ({"status": "pending"}, "utter_no_courier_yet"),
        (DELIVERED, "utter_courier_has_left"),
        ({}, "utter_courier_whereabouts"),
    ],
)
async def test_where_nobody_is_known_it_is_said(more: dict[str, Any], said: str, people: PeopleClient) -> None:
    backend = Backend(as_json(MISSION | more)).client()
    played = await play(
        WhereIsCourier(people, backend), tracker(said_by_person(whereabouts="courier", delivery_code=CODE))
    )

    assert played.names == [said]


async def test_the_courier_of_somebody_elses_delivery_is_nobodys_business(
    people: PeopleClient, backend: BackendClient
) -> None:
    message = said_by_person(whereabouts="courier", delivery_code=CODE)
    played = await play(WhereIsCourier(people, backend), tracker(message, "patrick"))

    assert (played.names, "Malonga" in played.text) == (["utter_delivery_not_found"], False)
