"""Messages and their JSON lead to each other, and neither shows what a person reads."""

import json
from typing import Any

import pytest
from hypothesis import given

from channels.whatsapp.messages import (
    Button,
    Buttons,
    Contact,
    Contacts,
    Image,
    InvalidMessage,
    List,
    Location,
    Message,
    Phone,
    Row,
    Section,
    Text,
    from_payload,
    to_payload,
)
from tests.channels.whatsapp.message_strategies import messages

PHOTO = "https://photos.example/colis.jpg"
CALL = Button(id="t-1", title="Appeler")
JEAN = Contact(formatted_name="Jean Malonga", phones=(Phone(number="+242 06 987 65 43", wa_id="242069876543"),))


def a_list(*sections: Section, **changed: Any) -> List:
    return List(
        **{
            "body": "Choisissez",
            "button": "Voir",
            "sections": sections or (Section(rows=(Row(id="t-2", title="Suivre"),)),),
            **changed,
        }
    )


PAYLOADS: list[tuple[Message, dict[str, Any]]] = [
    (Text(body="Bonjour"), {"type": "text", "text": {"body": "Bonjour"}}),
    (
        Text(body="https://a.example", preview_url=True),
        {"type": "text", "text": {"body": "https://a.example", "preview_url": True}},
    ),
    (Image(link=PHOTO, caption="Colis"), {"type": "image", "image": {"link": PHOTO, "caption": "Colis"}}),
    (
        Buttons(body="Voici", buttons=(CALL,), header=Image(link=PHOTO), footer="Kimia"),
        {
            "type": "interactive",
            "interactive": {
                "type": "button",
                "header": {"type": "image", "image": {"link": PHOTO}},
                "body": {"text": "Voici"},
                "footer": {"text": "Kimia"},
                "action": {"buttons": [{"type": "reply", "reply": {"id": "t-1", "title": "Appeler"}}]},
            },
        },
    ),
    (
        a_list(Section(title="Livraisons", rows=(Row(id="t-3", title="Un", description="Hier"),)), header="Kimia"),
        {
            "type": "interactive",
            "interactive": {
                "type": "list",
                "header": {"type": "text", "text": "Kimia"},
                "body": {"text": "Choisissez"},
                "action": {
                    "button": "Voir",
                    "sections": [
                        {"title": "Livraisons", "rows": [{"id": "t-3", "title": "Un", "description": "Hier"}]}
                    ],
                },
            },
        },
    ),
    (
        Contacts(
            contacts=(
                Contact(formatted_name="Jean Malonga", first_name="Jean", phones=JEAN.phones, organization="Kimia"),
            )
        ),
        {
            "type": "contacts",
            "contacts": [
                {
                    "name": {"formatted_name": "Jean Malonga", "first_name": "Jean"},
                    "phones": [{"phone": "+242 06 987 65 43", "type": "CELL", "wa_id": "242069876543"}],
                    "org": {"company": "Kimia"},
                }
            ],
        },
    ),
    (
        Location(latitude=-4.25, longitude=15.25, name="Marché Total", address="Brazzaville"),
        {
            "type": "location",
            "location": {
                "latitude": -4.25,
                "longitude": 15.25,
                "name": "Marché Total",
                "address": "Brazzaville",
            },
        },
    ),
]


@pytest.mark.parametrize(("message", "payload"), PAYLOADS, ids=[type(message).__name__ for message, _ in PAYLOADS])
def test_the_payload_is_what_meta_wants_and_leads_back(message: Message, payload: dict[str, Any]) -> None:
    assert to_payload(message) == payload
    assert from_payload(payload) == message


@given(messages)
def test_every_message_survives_its_payload_and_json(message: Message) -> None:
    assert from_payload(to_payload(message)) == message
    assert from_payload(json.loads(json.dumps(to_payload(message), allow_nan=False))) == message


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({}, "type"),
        ({"type": 3}, "type"),
        ({"type": "hologram"}, "type"),
        ({"type": "text"}, "text"),
        ({"type": "text", "text": "Bonjour"}, "text"),
        ({"type": "text", "text": {"body": 3}}, "text.body"),
        ({"type": "text", "text": {"body": ""}}, "Text.body"),
        ({"type": "text", "text": {"body": "a", "preview_url": "yes"}}, "text.preview_url"),
        ({"type": "text", "text": {"body": "a", "colour": "red"}}, "text.colour"),
        ({"type": "text", "text": {"body": "a"}, "to": "242061234567"}, "to"),
        ({"type": "interactive", "interactive": {"type": "hologram"}}, "interactive.type"),
        ({"type": "interactive", "interactive": {"type": "list"}}, "interactive.action"),
        (
            {
                "type": "interactive",
                "interactive": {
                    "type": "list",
                    "header": {"type": "image", "image": {"link": PHOTO}},
                    "action": {},
                },
            },
            "List.header",
        ),
        (
            {"type": "interactive", "interactive": {"type": "button", "header": {"type": "video"}}},
            "interactive.header.type",
        ),
        (
            {"type": "contacts", "contacts": [{"name": {"formatted_name": "a"}, "phones": {}}]},
            "contacts[0].phones",
        ),
        ({"type": "contacts", "contacts": ["a"]}, "contacts[0]"),
        ({"type": "location", "location": {"latitude": "1", "longitude": 1}}, "location.latitude"),
        ({"type": "location", "location": {"latitude": 10**400, "longitude": 1}}, "location.latitude"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_payload_that_is_no_message_of_ours_is_refused_with_its_member_named(
    payload: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidMessage) as refused:
        from_payload(payload)
    assert refused.value.field == field


def test_no_repr_shows_what_a_person_reads_or_how_one_is_called() -> None:
    shown = repr([message for message, _ in PAYLOADS])

    for private in (
        "Bonjour",
        "Colis",
        "Voici",
        "Appeler",
        "Choisissez",
        "Hier",
        "Jean",
        "+242",
        "15.25",
        "Marché",
    ):
        assert private not in shown
