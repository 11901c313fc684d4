"""The courier's card: to whom it is given, and what is said when there is none."""

import pytest

from actions.courier import ContactCourier
from actions.people import PeopleClient
from backend import BackendClient
from channels.whatsapp.messages import Contacts, from_payload
from tests.actions.rasa import play, said_by_person, tracker
from tests.backend.fake_backend import CODE, MISSION, Backend, as_json

PATRICKS = "COUR-20250127-071"


@pytest.fixture
def contact(people: PeopleClient, backend: BackendClient) -> ContactCourier:
    return ContactCourier(people, backend)


@pytest.mark.parametrize(
    ("language", "line"), [("fr", "📇 *Contact de votre livreur*"), ("en", "📇 *Your courier's contact*")]
)
async def test_the_card_comes_with_a_line_that_announces_it(contact: ContactCourier, language: str, line: str) -> None:
    message = said_by_person("contact_courier", delivery_code=CODE)

    played = await play(contact, tracker(message, language=language))

    announcement, card = played.said
    assert announcement["text"].startswith(line)
    sent = from_payload(card["custom"]["whatsapp"])
    assert isinstance(sent, Contacts)
    (jean,) = sent.contacts
    assert (jean.formatted_name, jean.first_name, jean.last_name) == ("Jean Malonga", "Jean", "Malonga")
    assert (jean.phones[0].number, jean.phones[0].wa_id) == ("+242069876543", "242069876543")
    assert jean.organization == "Kimia Express"


@pytest.mark.parametrize(("language", "word"), [("fr", "Aucun livreur"), ("en", "No courier")])
async def test_before_assignment_there_is_no_card(contact: ContactCourier, language: str, word: str) -> None:
    played = await play(contact, tracker(said_by_person("contact_courier"), "patrick", language))

    assert len(played.said) == 1
    assert word in played.text
    assert PATRICKS in played.text


async def test_with_several_deliveries_under_way_one_is_asked_which(contact: ContactCourier) -> None:
    played = await play(contact, tracker(said_by_person("contact_courier"), language="en"))

    assert played.said[0]["custom"] == {"list": {"button": "Choose"}}
    assert len(played.titles) == 5  # neither the delivered nor the cancelled one
    assert all(payload.startswith('/contact_courier{"delivery_code"') for payload in played.payloads)


async def test_the_delivery_on_the_screen_is_the_one_that_is_meant(contact: ContactCourier) -> None:
    played = await play(contact, tracker(said_by_person("contact_courier"), shown_delivery=CODE))

    assert CODE in played.text
    assert "whatsapp" in played.said[1]["custom"]


async def test_a_delivery_that_has_ended_is_not_meant_any_more(contact: ContactCourier) -> None:
    shown = "COUR-20250122-019"  # cancelled

    played = await play(contact, tracker(said_by_person("contact_courier"), shown_delivery=shown))

    assert played.names == ["utter_choose_courier"]


async def test_nothing_under_way_is_said(contact: ContactCourier) -> None:
    played = await play(contact, tracker(said_by_person("contact_courier"), "aline"))

    assert played.names == ["utter_no_active_delivery"]


async def test_nobody_learns_the_courier_of_somebody_else(contact: ContactCourier) -> None:
    played = await play(contact, tracker(said_by_person("contact_courier", delivery_code=CODE), "patrick"))

    assert played.names == ["utter_delivery_not_found"]
    assert "Malonga" not in str(played.said)


@pytest.mark.parametrize("phone", [None, "not a number"])
async def test_a_courier_without_a_number_has_no_card(people: PeopleClient, phone: str | None) -> None:
    mission = MISSION | {"courier": {"name": "Jean *Malonga*", "phone": phone}}
    contact = ContactCourier(people, Backend(as_json(mission)).client())

    played = await play(contact, tracker(said_by_person("contact_courier", delivery_code=CODE)))

    assert played.names == ["utter_courier_without_number"]
    assert "Jean ∗Malonga∗" in played.text


async def test_a_courier_of_one_name_has_a_card_too(people: PeopleClient) -> None:
    mission = MISSION | {"courier": {"name": "Prosper", "phone": "+242069876543"}}
    contact = ContactCourier(people, Backend(as_json(mission)).client())

    played = await play(contact, tracker(said_by_person("contact_courier", delivery_code=CODE)))

    assert isinstance(from_payload(played.said[1]["custom"]["whatsapp"]), Contacts)
