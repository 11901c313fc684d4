"""What Rasa offers to tap becomes buttons or lists, and no option is lost."""

import pytest

from channels.whatsapp.limits import MAX_ROWS, length
from channels.whatsapp.messages import (
    Button,
    Buttons,
    Image,
    List,
    Row,
    Text,
)
from channels.whatsapp.render import LIST_BUTTON, render
from tests.channels.whatsapp.rendering import PHOTO, Issued, options, rows_of, said


@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_three_options_are_buttons_with_ids_issued_for_their_payloads(count: int) -> None:
    issue = Issued()

    (message,) = render({"text": "Choisissez", "buttons": options(count)}, issue)

    buttons = tuple(Button(id=f"t-{n}", title=f"Choix {n}") for n in range(1, count + 1))
    assert message == Buttons(body="Choisissez", buttons=buttons)
    assert issue.options == [(f"/choose{n}", f"Choix {n}") for n in range(1, count + 1)]


@pytest.mark.parametrize("count", [4, 10])
def test_more_options_are_a_list(count: int) -> None:
    (message,) = said({"text": "Choisissez", "buttons": options(count)})

    assert isinstance(message, List)
    assert (message.body, message.button, message.header) == ("Choisissez", LIST_BUTTON, None)
    assert [row.title for row in rows_of(message)] == [f"Choix {n}" for n in range(1, count + 1)]


@pytest.mark.parametrize("count", [11, 20, 23])
def test_more_options_than_a_list_holds_make_several_and_none_is_lost(count: int) -> None:
    lists = said({"text": "Choisissez", "buttons": options(count)})

    rows = [rows_of(message) for message in lists]
    assert [len(page) for page in rows[:-1]] == [MAX_ROWS] * (len(rows) - 1)
    assert [row.title for page in rows for row in page] == [f"Choix {n}" for n in range(1, count + 1)]
    assert len({row.id for page in rows for row in page}) == count


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


def test_the_id_is_issued_for_the_whole_title() -> None:
    issue = Issued()
    title = "Livrer au 10 Avenue de la Paix"

    render({"text": "Où ?", "buttons": [{"title": f" {title}\n", "payload": "/a"}]}, issue)

    assert issue.options == [("/a", title)]


def test_equal_titles_are_told_apart() -> None:
    (message,) = said({"text": "?", "buttons": [{"title": "Oui", "payload": "/a"}, {"title": "Oui", "payload": "/b"}]})

    assert isinstance(message, Buttons)
    assert [button.title for button in message.buttons] == ["Oui", "Oui 2"]


def test_a_button_without_a_payload_says_its_title() -> None:
    issue = Issued()

    render({"text": "?", "buttons": [{"title": "Oui"}]}, issue)

    assert issue.options == [("Oui", "Oui")]
