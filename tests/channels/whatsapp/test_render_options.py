"""What Rasa offers to tap becomes buttons or lists, and no option is lost."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from channels.whatsapp.cutting import Cut
from channels.whatsapp.limits import length
from channels.whatsapp.messages import (
    Button,
    Buttons,
    Image,
    List,
    Message,
    Row,
    Text,
)
from tests.channels.whatsapp.rendering import LABELS, PHOTO, Issued, options, rendered, rows_of, said, words_of


def titles_of(message: Message) -> list[str]:
    return [row.title for row in rows_of(message)]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_three_options_are_buttons_with_ids_issued_for_their_payloads(count: int) -> None:
    issuer = Issued()

    (message,) = said({"text": "Choisissez", "buttons": options(count)}, issuer)

    buttons = tuple(Button(id=f"t-{n}", title=f"Choix {n}") for n in range(1, count + 1))
    assert message == Buttons(body="Choisissez", buttons=buttons)
    assert issuer.options == [(f"/choose{n}", f"Choix {n}") for n in range(1, count + 1)]


@pytest.mark.parametrize("count", [4, 10])
def test_more_options_are_a_list(count: int) -> None:
    (message,) = said({"text": "Choisissez", "buttons": options(count)})

    assert isinstance(message, List)
    assert (message.body, message.button, message.header) == ("Choisissez", LABELS.choose, None)
    assert [row.title for row in rows_of(message)] == [f"Choix {n}" for n in range(1, count + 1)]


@pytest.mark.parametrize(("count", "pages"), [(11, [9, 2]), (19, [9, 10]), (20, [9, 9, 2]), (28, [9, 9, 10])])
def test_more_options_than_a_list_holds_are_behind_its_last_row(count: int, pages: list[int]) -> None:
    issuer = Issued()
    response: Mapping[str, Any] = {"text": "Choisissez **ici**", "buttons": options(count)}
    shown: list[list[str]] = []

    while len(shown) < len(pages):
        (message,) = said(response, issuer)
        titles = [button.title for button in message.buttons] if isinstance(message, Buttons) else titles_of(message)
        assert words_of(message) == "Choisissez *ici*"
        if len(shown) + 1 < len(pages):
            assert titles.pop() == LABELS.more
            assert issuer.pages[-1][1] == LABELS.more
            response = json.loads(json.dumps(issuer.pages[-1][0]))
        shown.append(titles)

    assert [len(page) for page in shown] == pages
    assert [title for page in shown for title in page] == [f"Choix {n}" for n in range(1, count + 1)]
    assert [payload for payload, _ in issuer.options] == [f"/choose{n}" for n in range(1, count + 1)]


def test_the_next_page_has_the_words_and_descriptions_of_the_first() -> None:
    issuer = Issued()
    buttons = [button | {"description": "Libre"} for button in options(12)]
    style = {"list": {"button": "Voir", "header": "Créneaux"}}

    said({"text": "Quand ?", "buttons": buttons, "custom": style}, issuer)
    (message,) = said(issuer.pages[0][0])

    assert isinstance(message, List)
    assert (message.button, message.header) == ("Voir", "Créneaux")
    assert {row.description for row in rows_of(message)} == {"Libre"}


def test_an_option_called_like_the_row_for_more_is_told_apart_from_it() -> None:
    (message,) = said({"text": "?", "buttons": [{"title": LABELS.more, "payload": "/a"}, *options(10)]})

    assert titles_of(message)[0] == LABELS.more
    assert titles_of(message)[-1] == f"{LABELS.more} 2"


def test_quick_replies_are_options_too() -> None:
    quick = [{"content_type": "text", "title": "Oui", "payload": "/yes", "image_url": "https://a.example/i.png"}]

    assert said({"text": "D'accord ?", "quick_replies": quick}) == [
        Buttons(body="D'accord ?", buttons=(Button(id="t-1", title="Oui"),))
    ]
    assert len(rows_of(said({"text": "?", "buttons": options(2), "quick_replies": options(2)})[0])) == 4


@pytest.mark.parametrize("image", [None, PHOTO])
def test_options_without_a_text_stand_under_the_word_that_invites_to_choose(image: str | None) -> None:
    (message,) = said({"image": image, "buttons": options(2)})

    assert isinstance(message, Buttons)
    assert message.body == LABELS.choose
    assert message.header == (None if image is None else Image(link=image))


def test_a_list_may_be_asked_for_with_its_own_words() -> None:
    custom = {"list": {"button": "Voir mes livraisons en cours", "header": "Livraisons"}}

    (message,) = said({"text": "Choisissez", "buttons": options(2), "custom": custom})

    assert isinstance(message, List)
    assert (message.button, message.header) == ("Voir mes livraisons…", "Livraisons")
    assert length(message.button) == 20


def test_an_option_with_a_description_makes_a_list() -> None:
    button = {"title": "COUR-20250127-061", "payload": "/track", "description": "En transit"}

    (message,) = said({"text": "Choisissez", "buttons": [button]})

    assert rows_of(message) == [Row(id="t-1", title="COUR-20250127-061", description="En transit")]


def test_a_picture_its_text_and_buttons_are_one_message() -> None:
    assert said({"text": "Pagne", "image": PHOTO, "buttons": options(1)}) == [
        Buttons(body="Pagne", header=Image(link=PHOTO), buttons=(Button(id="t-1", title="Choix 1"),))
    ]


def test_a_list_takes_no_picture_so_it_comes_before() -> None:
    picture, message = said({"text": "Pagne", "image": PHOTO, "buttons": options(4)})

    assert picture == Image(link=PHOTO)
    assert isinstance(message, List)


@pytest.mark.parametrize("count", [2, 5])
@pytest.mark.parametrize("image", [None, PHOTO])
def test_a_text_too_long_for_its_options_goes_first_and_its_last_part_carries_them(
    count: int, image: str | None
) -> None:
    paragraphs = "a" * 1000 + ".\n\n" + "b" * 1020 + "."
    response = {"text": f"{paragraphs}\n\nChoisissez", "image": image, "buttons": options(count)}

    *before, last = said(response)

    assert isinstance(last, Buttons | List)
    assert last.body == "Choisissez"
    pictures = [] if image is None else [Image(link=image)]
    assert before == [*pictures, Text(body=paragraphs)]


def test_a_long_title_is_cut_and_a_row_tells_it_in_full() -> None:
    title = "Livrer au 10 Avenue de la Paix"
    (buttons,) = said({"text": "Où ?", "buttons": [{"title": title, "payload": "/a"}]})
    (rows,) = said(
        {"text": "Où ?", "buttons": [{"title": title, "payload": "/a"}], "custom": {"list": {"button": "Voir"}}}
    )

    assert isinstance(buttons, Buttons)
    assert [button.title for button in buttons.buttons] == ["Livrer au 10 Avenue…"]
    assert rows_of(rows) == [Row(id="t-1", title="Livrer au 10 Avenue de…", description=title)]


def test_every_cut_is_told_and_what_was_written_is_not() -> None:
    buttons = [{"title": "Livrer au 10 Avenue de la Paix", "payload": "/a", "description": "d" * 80}]
    custom = {"list": {"button": "Voir toutes les adresses", "header": "h" * 61}}

    cuts = rendered({"text": "Où ?", "buttons": [*options(1), *buttons], "custom": custom}).cuts

    assert set(cuts) == {
        Cut(field="buttons[1].title", length=30, limit=24),
        Cut(field="buttons[1].description", length=80, limit=72),
        Cut(field="custom.list.button", length=24, limit=20),
        Cut(field="custom.list.header", length=61, limit=60),
    }


def test_what_fits_leaves_no_note() -> None:
    assert rendered({"text": "a" * 9000, "buttons": options(12), "image": PHOTO}).cuts == ()


def test_the_id_is_issued_for_the_whole_title() -> None:
    issuer = Issued()
    title = "Livrer au 10 Avenue de la Paix"

    said({"text": "Où ?", "buttons": [{"title": f" {title}\n", "payload": "/a"}]}, issuer)

    assert issuer.options == [("/a", title)]


def test_equal_titles_are_told_apart() -> None:
    (message,) = said({"text": "?", "buttons": [{"title": "Oui", "payload": "/a"}, {"title": "Oui", "payload": "/b"}]})

    assert isinstance(message, Buttons)
    assert [button.title for button in message.buttons] == ["Oui", "Oui 2"]


def test_a_button_without_a_payload_says_its_title() -> None:
    issuer = Issued()

    said({"text": "?", "buttons": [{"title": "Oui"}]}, issuer)

    assert issuer.options == [("Oui", "Oui")]
