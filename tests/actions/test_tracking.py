"""Where is my delivery: what each person is shown, in both languages."""

import httpx
import pytest

from actions.people import PeopleClient
from actions.tracking import TrackDelivery
from backend import BackendClient
from tests.actions.rasa import play, said_by_person, tracker
from tests.backend.fake_backend import CODE, GRACE, MISSION, Backend, as_json

FAMOUS, PATRICKS, UNKNOWN = "COUR-20250127-061", "COUR-20250127-071", "COUR-19990101-001"


@pytest.fixture
def track(people: PeopleClient, backend: BackendClient) -> TrackDelivery:
    return TrackDelivery(people, backend)


@pytest.mark.parametrize(
    ("language", "title", "status", "buttons"),
    [
        (
            "fr",
            "*📦 DEMANDE",
            "En route vers la destination",
            ["Contacter le livreur", "Autre livraison", "Plus d'options"],
        ),
        (
            "en",
            "*📦 DELIVERY",
            "On the way to the destination",
            ["Contact the courier", "Another delivery", "More options"],
        ),
    ],
)
async def test_a_code_shows_its_timeline_and_buttons_in_one_message(
    track: TrackDelivery, language: str, title: str, status: str, buttons: list[str]
) -> None:
    played = await play(track, tracker(said_by_person(delivery_code=FAMOUS), language=language))

    assert len(played.said) == 1
    assert played.text.startswith(f"{title} {FAMOUS}*")
    assert status in played.text
    assert played.titles == buttons
    assert played.payloads[0] == f'/contact_courier{{"delivery_code": "{FAMOUS}"}}'
    assert played.slots == {"shown_delivery": FAMOUS}


async def test_before_a_courier_is_assigned_there_is_no_button_to_reach_one(track: TrackDelivery) -> None:
    played = await play(track, tracker(said_by_person(delivery_code=PATRICKS), "patrick"))

    assert played.titles == ["Partager le suivi", "Autre livraison", "Plus d'options"]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_somebody_elses_code_reads_exactly_like_an_unknown_one(track: TrackDelivery, language: str) -> None:
    theirs = await play(track, tracker(said_by_person(delivery_code=PATRICKS), language=language))
    unknown = await play(track, tracker(said_by_person(delivery_code=UNKNOWN), language=language))

    assert theirs.names == unknown.names == ["utter_delivery_not_found"]
    assert theirs.text.replace(PATRICKS, UNKNOWN) == unknown.text
    assert theirs.events == unknown.events == []


async def test_two_businesses_do_not_see_each_others_deliveries(track: TrackDelivery) -> None:
    played = await play(track, tracker(said_by_person(delivery_code=FAMOUS), "sami"))

    assert played.names == ["utter_delivery_not_found"]


async def test_several_codes_are_all_answered(track: TrackDelivery) -> None:
    message = said_by_person(delivery_code=[FAMOUS, UNKNOWN, FAMOUS])

    played = await play(track, tracker(message))

    assert played.names == ["utter_delivery", "utter_delivery_not_found"]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_codes_beyond_the_third_are_said_to_be_left_out(track: TrackDelivery, language: str) -> None:
    message = said_by_person(delivery_code=[FAMOUS, UNKNOWN, PATRICKS, "COUR-19990101-002", "COUR-19990101-003"])

    played = await play(track, tracker(message, language=language))

    assert played.names == ["utter_delivery", *["utter_delivery_not_found"] * 2, "utter_codes_left_out"]
    assert "COUR-19990101-002" in played.said[-1]["text"]


async def test_without_a_code_one_chooses_among_ones_own(track: TrackDelivery) -> None:
    played = await play(track, tracker(said_by_person()))

    rows = played.said[0]["buttons"]
    assert played.said[0]["custom"] == {"list": {"button": "Choisir"}}
    assert len(rows) == 7
    assert {"title": FAMOUS, "payload": f'/track_delivery{{"delivery_code": "{FAMOUS}"}}'}.items() <= rows[3].items()
    assert rows[3]["description"] == "En route vers la destination · 25 Rue Malanda"
    assert all(len(row["title"]) <= 24 and len(row["description"]) <= 72 for row in rows)


async def test_a_late_delivery_is_looked_for_among_those_under_way(track: TrackDelivery) -> None:
    played = await play(track, tracker(said_by_person("delivery_delay"), "sami"))

    assert "*📦 DEMANDE COUR-20250127-014*" in played.text


async def test_the_only_delivery_is_shown_at_once(track: TrackDelivery) -> None:
    played = await play(track, tracker(said_by_person(), "patrick"))

    assert PATRICKS in played.text
    assert "🔵 Demande créée" in played.text


async def test_without_any_delivery_the_code_is_asked_for(track: TrackDelivery) -> None:
    played = await play(track, tracker(said_by_person(), "aline"))

    assert played.said == []
    assert played.next_action == "tracking_form"
    assert played.slots == {"delivery_code": None, "code_problem": "none", "code_attempts": 0}


async def test_a_timeline_too_long_for_buttons_comes_before_them(people: PeopleClient) -> None:
    long = MISSION | {"pickup": {"address": "10 Avenue " * 45}, "dropoff": {"address": "25 Rue " * 70}}
    track = TrackDelivery(people, Backend(as_json(long)).client())

    played = await play(track, tracker(said_by_person(delivery_code=CODE)))

    assert [len(each["buttons"]) for each in played.said] == [0, 3]
    assert "25 Rue" in str(played.said[0]["text"])
    assert played.said[1]["text"] == "Et maintenant ? 👇"


async def test_the_backend_is_asked_on_behalf_of_whoever_writes(people: PeopleClient) -> None:
    backend = Backend(httpx.Response(404))

    await play(TrackDelivery(people, backend.client()), tracker(said_by_person(delivery_code=CODE)))

    assert backend.requests[0].headers["Relais-Customer"] == GRACE.phone
    assert backend.requests[0].headers["Relais-Business"] == "kimia"
