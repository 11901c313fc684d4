"""Several things of a kind, such as products, become cards, a list or a message each, and all of them are said."""

from collections.abc import Mapping
from typing import Any

import pytest

from channels.whatsapp.cutting import Cut
from channels.whatsapp.limits import MAX_CARD_BODY, length
from channels.whatsapp.messages import (
    Button,
    Buttons,
    Card,
    CardLink,
    Carousel,
    CtaUrl,
    Image,
    List,
    Row,
    Text,
)
from tests.channels.whatsapp.rendering import LABELS, PHOTO, Issued, options, rendered, rows_of, said, words_of

TRACK = {"type": "web_url", "title": "Ouvrir", "url": "https://a.example/1"}


def element(number: int, **changes: Any) -> dict[str, Any]:
    buttons = [{"type": "postback", "title": "Voir", "payload": f"/see{number}"}]
    whole = {"title": f"Pagne {number}", "subtitle": "8 000 FCFA", "image_url": PHOTO, "buttons": buttons}
    return {name: member for name, member in (whole | changes).items() if member is not None}


def elements(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [element(number, **changes) for number in range(1, count + 1)]


def cards_of(message: object) -> tuple[Card, ...]:
    assert isinstance(message, Carousel)
    return message.cards


@pytest.mark.parametrize(
    "response",
    [
        {"elements": elements(2)},
        {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": elements(2)}}},
    ],
    ids=["elements", "template"],
)
def test_elements_with_pictures_are_cards(response: Mapping[str, Any]) -> None:
    issuer = Issued()

    (message,) = said({"text": "Nos *pagnes*", **response}, issuer)

    assert message == Carousel(
        body="Nos *pagnes*",
        cards=tuple(
            Card(
                header=Image(link=PHOTO),
                body=f"*Pagne {number}*\n8 000 FCFA",
                buttons=(Button(id=f"t-{number}", title="Voir"),),
            )
            for number in (1, 2)
        ),
    )
    assert issuer.options == [("/see1", "Voir"), ("/see2", "Voir")]


def test_cards_that_open_a_page() -> None:
    (message,) = said({"text": "Nos pagnes", "elements": elements(2, buttons=[TRACK])})

    assert [card.link for card in cards_of(message)] == [CardLink(title="Ouvrir", url="https://a.example/1")] * 2


def test_a_card_whose_picture_can_be_tapped_elsewhere_gets_a_button() -> None:
    touch = {"type": "web_url", "url": "https://a.example/1", "webview_height_ratio": "tall"}

    (message,) = said({"text": "Nos pagnes", "elements": elements(2, buttons=None, default_action=touch)})

    assert cards_of(message)[1].link == CardLink(title="Pagne 2", url="https://a.example/1")


@pytest.mark.parametrize(("count", "dealt"), [(10, [10]), (11, [5, 6]), (21, [7, 7, 7]), (101, [9] * 9 + [10] * 2)])
def test_more_cards_than_one_carousel_holds_are_dealt_out_evenly(count: int, dealt: list[int]) -> None:
    carousels = said({"text": "Nos pagnes", "elements": elements(count)})

    cards = [cards_of(message) for message in carousels]
    assert sorted(map(len, cards)) == dealt
    assert [card.body for some in cards for card in some] == [f"*Pagne {n}*\n8 000 FCFA" for n in range(1, count + 1)]
    assert [words_of(message) for message in carousels] == ["Nos pagnes"] + [LABELS.more] * (len(dealt) - 1)


def test_cards_without_a_text_stand_under_the_word_that_invites_to_choose() -> None:
    (message,) = said({"elements": elements(2)})

    assert words_of(message) == LABELS.choose


def test_a_text_too_long_for_a_carousel_goes_ahead() -> None:
    ahead, message = said({"text": "a" * 1020 + ".\n\nNos pagnes", "elements": elements(2)})

    assert ahead == Text(body="a" * 1020 + ".")
    assert words_of(message) == "Nos pagnes"


def test_a_card_holds_three_lines_and_its_limit_and_what_was_cut_is_told() -> None:
    subtitle = "8 000 FCFA\nChez Wivine\n\nDisponible"
    long = element(2, title="P" * 90, subtitle="_" + "très joli " * 20 + "tissu_")

    made = rendered({"text": "Nos pagnes", "elements": [element(1, subtitle=subtitle), long]})

    first, second = cards_of(made.messages[0])
    assert first.body == "*Pagne 1*\n8 000 FCFA\nChez Wivine · Disponible"
    assert second.body is not None
    assert second.body.startswith("*" + "P" * 79 + "…*\n_très joli")
    assert second.body.endswith("…_")
    assert length(second.body) <= MAX_CARD_BODY
    assert made.cuts == (
        Cut(field="elements[1].title", length=90, limit=80),
        Cut(field="elements[1].subtitle", length=207, limit=77),
    )


def test_a_single_element_is_one_message_with_its_picture_and_buttons() -> None:
    assert said({"text": "À vendre", "elements": [element(1)]}) == [
        Buttons(
            header=Image(link=PHOTO),
            body="À vendre\n\n*Pagne 1*\n8 000 FCFA",
            buttons=(Button(id="t-1", title="Voir"),),
        )
    ]
    assert said({"elements": [element(1, buttons=None)]}) == [Image(link=PHOTO, caption="*Pagne 1*\n8 000 FCFA")]
    assert said({"elements": [element(1, buttons=[TRACK], image_url=None)]}) == [
        CtaUrl(body="*Pagne 1*\n8 000 FCFA", title="Ouvrir", url="https://a.example/1")
    ]
    assert said({"text": "À vendre", "elements": [element(1, buttons=None, image_url=None)]}) == [
        Text(body="À vendre\n\n*Pagne 1*\n8 000 FCFA")
    ]


def test_elements_of_which_some_have_no_picture_are_a_list_and_the_missing_pictures_are_told() -> None:
    issuer = Issued()
    made = rendered({"text": "Nos pagnes", "elements": [element(1), element(2, image_url=None)]}, issuer)

    (message,) = made.messages
    assert isinstance(message, List)
    assert (message.body, message.button) == ("Nos pagnes", LABELS.choose)
    assert rows_of(message) == [
        Row(id="t-1", title="Pagne 1", description="8 000 FCFA"),
        Row(id="t-2", title="Pagne 2", description="8 000 FCFA"),
    ]
    assert issuer.options == [("/see1", "Pagne 1"), ("/see2", "Pagne 2")]
    assert made.cuts == (Cut(field="elements[0].image_url", length=1, limit=0),)


def test_elements_are_a_list_where_one_is_asked_for() -> None:
    response = {"text": "Nos pagnes", "custom": {"list": {"button": "Voir les pagnes"}}}

    (several,) = said({**response, "elements": elements(2)})
    picture, one = said({**response, "elements": elements(1)})

    assert isinstance(several, List)
    assert isinstance(one, List)
    assert (several.button, one.button) == ("Voir les pagnes", "Voir les pagnes")
    assert picture == Image(link=PHOTO)


def test_a_long_list_of_elements_has_pages() -> None:
    issuer = Issued()

    (first,) = said({"text": "Nos pagnes", "elements": elements(12, image_url=None)}, issuer)
    (second,) = said(issuer.pages[0][0], issuer)

    titles = [row.title for row in [*rows_of(first)[:-1], *rows_of(second)]]
    assert titles == [f"Pagne {number}" for number in range(1, 13)]
    assert words_of(second) == "Nos pagnes"


@pytest.mark.parametrize(
    "change",
    [
        {"buttons": [TRACK]},
        {"buttons": [*options(1), TRACK]},
        {"buttons": options(2)},
        {"buttons": options(4)},
        {"buttons": None},
    ],
    ids=["another kind", "both kinds", "another number", "too many", "none"],
)
def test_elements_that_differ_are_a_message_each(change: Mapping[str, Any]) -> None:
    text, first, *second = said({"text": "Nos pagnes", "elements": [element(1), element(2, **change)]})

    assert text == Text(body="Nos pagnes")
    assert first == Buttons(
        header=Image(link=PHOTO), body="*Pagne 1*\n8 000 FCFA", buttons=(Button(id="t-1", title="Voir"),)
    )
    assert any("*Pagne 2*\n8 000 FCFA" in words_of(message) for message in second)


def test_elements_that_are_nothing_but_words_share_a_message() -> None:
    bare = elements(3, image_url=None, buttons=None)

    assert said({"text": "Nos pagnes", "elements": [*bare[:2], element(9)]})[1:-1] == [
        Text(body="*Pagne 1*\n8 000 FCFA\n\n*Pagne 2*\n8 000 FCFA")
    ]


def test_what_there_is_to_choose_beside_the_cards_comes_last() -> None:
    carousel, buttons = said({"text": "Nos pagnes", "elements": elements(2), "buttons": options(1)})

    assert words_of(carousel) == "Nos pagnes"
    assert buttons == Buttons(body=LABELS.choose, buttons=(Button(id="t-3", title="Choix 1"),))


def test_a_picture_beside_the_cards_comes_first_with_the_text() -> None:
    picture, carousel = said({"text": "Nos pagnes", "image": PHOTO, "elements": elements(2)})

    assert picture == Image(link=PHOTO, caption="Nos pagnes")
    assert words_of(carousel) == LABELS.choose
