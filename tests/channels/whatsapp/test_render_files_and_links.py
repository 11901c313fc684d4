"""Buttons that open a page, and files of every kind, get the message that WhatsApp has for them."""

from typing import Any

import pytest

from channels.whatsapp.cutting import Cut
from channels.whatsapp.messages import Audio, Button, Buttons, CtaUrl, Document, Image, List, Message, Text, Video
from tests.channels.whatsapp.rendering import PHOTO, options, rendered, said

PAGE, MAP = "https://a.example/1", "https://a.example/carte"
TRACK = {"title": "Suivre", "url": PAGE}
FILM, BILL = "https://a.example/v.mp4", "https://a.example/f/Facture%20n%C2%B01.pdf"


def test_a_button_with_an_address_opens_it() -> None:
    assert said({"text": "Votre colis", "buttons": [TRACK]}) == [CtaUrl(body="Votre colis", title="Suivre", url=PAGE)]
    assert said({"text": "Votre colis", "buttons": [{"type": "web_url", **TRACK}], "image": PHOTO}) == [
        CtaUrl(body="Votre colis", title="Suivre", url=PAGE, header=Image(link=PHOTO))
    ]


def test_buttons_that_answer_come_with_the_text_and_each_page_follows_with_its_own() -> None:
    buttons = [TRACK, *options(1), {"title": "Voir sur la carte du quartier", "url": MAP}]

    made = rendered({"text": "Votre colis", "buttons": buttons})

    assert list(made.messages) == [
        Buttons(body="Votre colis", buttons=(Button(id="t-1", title="Choix 1"),)),
        CtaUrl(body="Suivre", title="Suivre", url=PAGE),
        CtaUrl(body="Voir sur la carte du quartier", title="Voir sur la carte d…", url=MAP),
    ]
    assert made.cuts == (Cut(field="buttons[2].title", length=29, limit=20),)


def test_the_first_of_several_pages_comes_with_the_text() -> None:
    assert said({"text": "Votre colis", "buttons": [TRACK, {"title": "Carte", "url": MAP}]}) == [
        CtaUrl(body="Votre colis", title="Suivre", url=PAGE),
        CtaUrl(body="Carte", title="Carte", url=MAP),
    ]


def test_a_page_without_a_text_stands_under_its_own_title() -> None:
    assert said({"buttons": [TRACK]}) == [CtaUrl(body="Suivre", title="Suivre", url=PAGE)]


def test_a_text_too_long_for_a_page_goes_ahead_with_the_picture() -> None:
    text = "a" * 1020 + ".\n\nVotre colis"

    assert said({"text": text, "image": PHOTO, "buttons": [TRACK]}) == [
        Image(link=PHOTO, caption="a" * 1020 + "."),
        CtaUrl(body="Votre colis", title="Suivre", url=PAGE),
    ]


@pytest.mark.parametrize(
    ("attachment", "expected"),
    [
        ("https://a.example/Colis.JPG?taille=2", Image(link="https://a.example/Colis.JPG?taille=2", caption="Voici")),
        (FILM, Video(link=FILM, caption="Voici")),
        (BILL, Document(link=BILL, caption="Voici", filename="Facture n°1.pdf")),
        ({"type": "image", "payload": {"src": PHOTO}}, Image(link=PHOTO, caption="Voici")),
        ({"type": "image", "payload": {"url": PAGE, "is_reusable": True}}, Image(link=PAGE, caption="Voici")),
        ({"type": "video", "payload": {"src": PAGE}}, Video(link=PAGE, caption="Voici")),
        ({"type": "file", "payload": {"src": PAGE}}, Document(link=PAGE, caption="Voici")),
        (
            {"type": "document", "payload": {"src": BILL}},
            Document(link=BILL, caption="Voici", filename="Facture n°1.pdf"),
        ),
    ],
    ids=str,
)
def test_a_file_that_can_be_seen_has_the_text_below_it(attachment: Any, expected: Message) -> None:
    assert said({"text": "Voici", "attachment": attachment}) == [expected]


@pytest.mark.parametrize(
    ("attachment", "expected"),
    [
        ("https://a.example/a.mp3", Audio(link="https://a.example/a.mp3")),
        ("https://a.example/a.ogg", Audio(link="https://a.example/a.ogg", voice=True)),
        ({"type": "audio", "payload": {"src": PAGE}}, Audio(link=PAGE)),
        ({"type": "voice", "payload": {"src": PAGE}}, Audio(link=PAGE, voice=True)),
        ("https://a.example/page", Text(body="https://a.example/page", preview_url=True)),
        ("https://a.example/a.gif", Text(body="https://a.example/a.gif", preview_url=True)),
        ("https://[a.example/a.jpg", Text(body="https://[a.example/a.jpg", preview_url=True)),
    ],
    ids=str,
)
def test_a_sound_and_a_page_follow_the_text(attachment: Any, expected: Message) -> None:
    assert said({"text": "Voici", "attachment": attachment}) == [Text(body="Voici"), expected]


@pytest.mark.parametrize(
    ("attachment", "header"),
    [(FILM, Video(link=FILM)), (BILL, Document(link=BILL, filename="Facture n°1.pdf")), (PHOTO, Image(link=PHOTO))],
)
def test_a_file_stands_above_the_text_of_buttons_and_before_a_list(attachment: str, header: Any) -> None:
    assert said({"text": "Voici", "attachment": attachment, "buttons": options(1)}) == [
        Buttons(body="Voici", header=header, buttons=(Button(id="t-1", title="Choix 1"),))
    ]
    first, second = said({"text": "Voici", "attachment": attachment, "buttons": options(4)})
    assert first == header
    assert isinstance(second, List)


def test_a_picture_and_a_file_are_both_sent() -> None:
    assert said({"text": "Voici", "image": PHOTO, "attachment": FILM}) == [
        Image(link=PHOTO, caption="Voici"),
        Video(link=FILM),
    ]


def test_a_picture_said_twice_is_shown_once() -> None:
    assert said({"text": "Voici", "image": PHOTO, "attachment": PHOTO}) == [Image(link=PHOTO, caption="Voici")]
