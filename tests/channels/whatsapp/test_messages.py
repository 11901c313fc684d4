"""A message cannot be made that breaks a limit."""

from collections.abc import Callable
from typing import Any

import pytest

from channels.whatsapp import limits
from channels.whatsapp.limits import length
from channels.whatsapp.messages import (
    Button,
    Buttons,
    Contact,
    Contacts,
    Image,
    InvalidMessage,
    List,
    Location,
    Phone,
    Row,
    Section,
    Text,
)

PHOTO = "https://photos.example/colis.jpg"
CALL = Button(id="t-1", title="Appeler")
TRACK = Row(id="t-2", title="Suivre")
JEAN = Contact(formatted_name="Jean Malonga", phones=(Phone(number="+242 06 987 65 43", wa_id="242069876543"),))


def several(count: int) -> tuple[Row, ...]:
    return tuple(Row(id=f"t-{number}", title=f"Ligne {number}") for number in range(count))


def a_list(*sections: Section, **changed: Any) -> List:
    return List(
        **{"body": "Choisissez", "button": "Voir", "sections": sections or (Section(rows=(TRACK,)),), **changed}
    )


SCRIPTS = {
    "latin": "a",
    "emoji": "😀",
    "flags": "🇨🇬",
    "families": "👨‍👩‍👧‍👦",
    "combining marks": "e\u0301",
    "arabic": "مُ",
}


def of_length(piece: str, units: int) -> str:
    whole = piece * (units // length(piece))
    return whole + "a" * (units - length(whole))


TEXT_LIMITS: list[tuple[str, int, Callable[[str], Any]]] = [
    ("Text.body", limits.MAX_TEXT_BODY, lambda text: Text(body=text)),
    ("Image.caption", limits.MAX_CAPTION, lambda text: Image(link=PHOTO, caption=text)),
    ("Button.id", limits.MAX_BUTTON_ID, lambda text: Button(id=text, title="Oui")),
    ("Button.title", limits.MAX_BUTTON_TITLE, lambda text: Button(id="t-1", title=text)),
    ("Buttons.body", limits.MAX_INTERACTIVE_BODY, lambda text: Buttons(body=text, buttons=(CALL,))),
    ("Buttons.header", limits.MAX_HEADER, lambda text: Buttons(body="a", buttons=(CALL,), header=text)),
    ("Buttons.footer", limits.MAX_FOOTER, lambda text: Buttons(body="a", buttons=(CALL,), footer=text)),
    ("Row.id", limits.MAX_ROW_ID, lambda text: Row(id=text, title="Oui")),
    ("Row.title", limits.MAX_ROW_TITLE, lambda text: Row(id="t-1", title=text)),
    ("Row.description", limits.MAX_ROW_DESCRIPTION, lambda text: Row(id="t", title="a", description=text)),
    ("Section.title", limits.MAX_SECTION_TITLE, lambda text: Section(rows=(TRACK,), title=text)),
    ("List.body", limits.MAX_INTERACTIVE_BODY, lambda text: a_list(body=text)),
    ("List.button", limits.MAX_LIST_BUTTON, lambda text: a_list(button=text)),
    ("List.header", limits.MAX_HEADER, lambda text: a_list(header=text)),
    ("List.footer", limits.MAX_FOOTER, lambda text: a_list(footer=text)),
]


FIELDS = [field for field, _, _ in TEXT_LIMITS]


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(("field", "most", "make"), TEXT_LIMITS, ids=FIELDS)
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(
    field: str, most: int, make: Callable[[str], Any], script: str
) -> None:
    make(of_length(SCRIPTS[script], most - 1))
    make(of_length(SCRIPTS[script], most))

    with pytest.raises(InvalidMessage, match="at most") as refused:
        make(of_length(SCRIPTS[script], most + 1))
    assert refused.value.field == field


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u00a0"], ids=repr)
@pytest.mark.parametrize(("field", "most", "make"), TEXT_LIMITS, ids=FIELDS)
def test_a_text_that_is_there_is_not_blank(field: str, most: int, make: Callable[[str], Any], blank: str) -> None:
    with pytest.raises(InvalidMessage, match="is empty") as refused:
        make(blank)
    assert refused.value.field == field


@pytest.mark.parametrize("odd", ["a\x00", "a\ud83d"], ids=repr)
@pytest.mark.parametrize(("field", "most", "make"), TEXT_LIMITS, ids=FIELDS)
def test_a_text_holds_nothing_that_cannot_be_stored_or_sent(
    field: str, most: int, make: Callable[[str], Any], odd: str
) -> None:
    with pytest.raises(InvalidMessage, match="cannot be sent") as refused:
        make(odd)
    assert refused.value.field == field


@pytest.mark.parametrize("spaced", [" Oui", "Oui ", "\nOui", "Oui\u00a0"], ids=repr)
@pytest.mark.parametrize("field", ["Button.id", "Button.title", "Row.id", "Row.title", "List.button"])
def test_ids_and_titles_neither_begin_nor_end_with_a_space(field: str, spaced: str) -> None:
    make = next(make for name, _, make in TEXT_LIMITS if name == field)

    with pytest.raises(InvalidMessage, match="space") as refused:
        make(spaced)
    assert refused.value.field == field


REFUSED: list[tuple[str, str, Callable[[], Any]]] = [
    ("no button", "Buttons.buttons", lambda: Buttons(body="a", buttons=())),
    (
        "four buttons",
        "Buttons.buttons",
        lambda: Buttons(body="a", buttons=tuple(Button(id=f"t{n}", title=f"Bouton {n}") for n in range(4))),
    ),
    (
        "one title twice",
        "Buttons.buttons.title",
        lambda: Buttons(body="a", buttons=(CALL, Button(id="t-9", title="Appeler"))),
    ),
    (
        "one id twice",
        "Buttons.buttons.id",
        lambda: Buttons(body="a", buttons=(CALL, Button(id="t-1", title="Écrire"))),
    ),
    (
        "a captioned picture as header",
        "Buttons.header",
        lambda: Buttons(body="a", buttons=(CALL,), header=Image(link=PHOTO, caption="b")),
    ),
    ("no section", "List.sections", lambda: List(body="a", button="b", sections=())),
    ("no row", "Section.rows", lambda: Section(rows=())),
    ("eleven rows", "Section.rows", lambda: Section(rows=several(11))),
    (
        "eleven rows in two sections",
        "List.sections.rows",
        lambda: a_list(Section(title="a", rows=several(10)), Section(title="b", rows=(TRACK,))),
    ),
    (
        "eleven sections",
        "List.sections",
        lambda: a_list(*(Section(title=f"s{n}", rows=(TRACK,)) for n in range(11))),
    ),
    (
        "two sections, one title",
        "List.sections.title",
        lambda: a_list(Section(title="a", rows=several(1)), Section(rows=(Row(id="x", title="y"),))),
    ),
    (
        "two sections of one title",
        "List.sections.title",
        lambda: a_list(Section(title="a", rows=several(1)), Section(title="a", rows=(Row(id="x", title="y"),))),
    ),
    (
        "one row id in two sections",
        "List.sections.rows.id",
        lambda: a_list(Section(title="a", rows=(TRACK,)), Section(title="b", rows=(Row(id=TRACK.id, title="y"),))),
    ),
    (
        "one row title in two sections",
        "List.sections.rows.title",
        lambda: a_list(Section(title="a", rows=(TRACK,)), Section(title="b", rows=(Row(id="x", title=TRACK.title),))),
    ),
    ("no contact", "Contacts.contacts", lambda: Contacts(contacts=())),
    ("six contacts", "Contacts.contacts", lambda: Contacts(contacts=(JEAN,) * 6)),
    ("a contact without a phone", "Contact.phones", lambda: Contact(formatted_name="Jean", phones=())),
    ("a contact without a name", "Contact.formatted_name", lambda: Contact(formatted_name="", phones=JEAN.phones)),
    ("a wa_id with a plus", "Phone.wa_id", lambda: Phone(number="+242", wa_id="+242")),
    ("a wa_id in Arabic digits", "Phone.wa_id", lambda: Phone(number="+242", wa_id="٢٤٢")),
    ("an empty wa_id", "Phone.wa_id", lambda: Phone(number="+242", wa_id="")),
    ("a picture on a disk", "Image.link", lambda: Image(link="file:///etc/passwd")),
    ("a picture in a script", "Image.link", lambda: Image(link="javascript:alert(1)")),
    ("a picture nowhere", "Image.link", lambda: Image(link="https://")),
    ("a picture at a broken address", "Image.link", lambda: Image(link="https://[::1/a.jpg")),
    ("a picture with a space", "Image.link", lambda: Image(link="https://a.example/b c.jpg")),
    ("a place beyond the pole", "Location.latitude", lambda: Location(latitude=90.01, longitude=0)),
    ("a place round the world", "Location.longitude", lambda: Location(latitude=0, longitude=-180.01)),
    ("a place that is no number", "Location.latitude", lambda: Location(latitude=float("nan"), longitude=0)),
    ("a place that is true", "Location.latitude", lambda: Location(latitude=True, longitude=0)),
    ("a place without end", "Location.longitude", lambda: Location(latitude=0, longitude=float("inf"))),
    ("a place with a blank name", "Location.name", lambda: Location(latitude=0, longitude=0, name=" ")),
    ("a text that is a number", "Text.body", lambda: Text(body=3)),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("field", "make"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refused_with_its_field_named(field: str, make: Callable[[], Any]) -> None:
    with pytest.raises(InvalidMessage) as refused:
        make()
    assert refused.value.field == field
    assert refused.value.problem


def test_the_edges_of_counts_and_degrees_are_allowed() -> None:
    Buttons(body="a", buttons=tuple(Button(id=f"t{n}", title=f"Bouton {n}") for n in range(3)))
    a_list(*(Section(title=f"s{n}", rows=(row,)) for n, row in enumerate(several(10))))
    Contacts(contacts=(JEAN,) * 5)
    Location(latitude=-90, longitude=180)


def test_a_card_with_one_name_uses_it_as_first_name_since_meta_wants_two() -> None:
    assert JEAN.first_name == "Jean Malonga"
    assert Contact(formatted_name="Jean Malonga", last_name="Malonga", phones=JEAN.phones).first_name is None
