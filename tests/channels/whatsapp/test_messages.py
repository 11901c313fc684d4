"""A message cannot be made that Meta would refuse for its shape: too many, too few, twice the same, or one too few."""

from collections.abc import Callable
from typing import Any

import pytest

from channels.whatsapp import limits
from channels.whatsapp.messages import (
    Audio,
    Button,
    Buttons,
    Contact,
    Contacts,
    CtaUrl,
    Document,
    Email,
    Image,
    InvalidMessage,
    List,
    Location,
    Phone,
    PostalAddress,
    Reaction,
    Row,
    Section,
    Sticker,
    Text,
    Url,
    Video,
    is_bsuid,
    is_digits,
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


REFUSED: dict[str, tuple[str, Callable[[], Any]]] = {
    "no button": ("Buttons.buttons", lambda: Buttons(body="a", buttons=())),
    "four buttons": (
        "Buttons.buttons",
        lambda: Buttons(body="a", buttons=tuple(Button(id=f"t{n}", title=f"Bouton {n}") for n in range(4))),
    ),
    "one title twice": (
        "Buttons.buttons.title",
        lambda: Buttons(body="a", buttons=(CALL, Button(id="t-9", title="Appeler"))),
    ),
    "one id twice": (
        "Buttons.buttons.id",
        lambda: Buttons(body="a", buttons=(CALL, Button(id="t-1", title="Écrire"))),
    ),
    "a captioned picture as header": (
        "Buttons.header",
        lambda: Buttons(body="a", buttons=(CALL,), header=Image(link=PHOTO, caption="b")),
    ),
    "a captioned film as header": (
        "CtaUrl.header",
        lambda: CtaUrl(body="a", title="b", url=PHOTO, header=Video(link=PHOTO, caption="b")),
    ),
    "no section": ("List.sections", lambda: List(body="a", button="b", sections=())),
    "no row": ("Section.rows", lambda: Section(rows=())),
    "eleven rows": ("Section.rows", lambda: Section(rows=several(11))),
    "eleven rows in two sections": (
        "List.sections.rows",
        lambda: a_list(Section(title="a", rows=several(10)), Section(title="b", rows=(TRACK,))),
    ),
    "eleven sections": (
        "List.sections",
        lambda: a_list(*(Section(title=f"s{n}", rows=(TRACK,)) for n in range(11))),
    ),
    "two sections, one title": (
        "List.sections.title",
        lambda: a_list(Section(title="a", rows=several(1)), Section(rows=(Row(id="x", title="y"),))),
    ),
    "two sections of one title": (
        "List.sections.title",
        lambda: a_list(Section(title="a", rows=several(1)), Section(title="a", rows=(Row(id="x", title="y"),))),
    ),
    "one row id in two sections": (
        "List.sections.rows.id",
        lambda: a_list(Section(title="a", rows=(TRACK,)), Section(title="b", rows=(Row(id=TRACK.id, title="y"),))),
    ),
    "one row title in two sections": (
        "List.sections.rows.title",
        lambda: a_list(Section(title="a", rows=(TRACK,)), Section(title="b", rows=(Row(id="x", title=TRACK.title),))),
    ),
    "a button to a script": ("CtaUrl.url", lambda: CtaUrl(body="a", title="b", url="javascript:alert(1)")),
    "no contact": ("Contacts.contacts", lambda: Contacts(contacts=())),
    "six contacts": ("Contacts.contacts", lambda: Contacts(contacts=(JEAN,) * 6)),
    "a contact whom nobody can reach": ("Contact.phones", lambda: Contact(formatted_name="Jean")),
    "a contact without a name": ("Contact.formatted_name", lambda: Contact(formatted_name="", phones=JEAN.phones)),
    "a contact with a blank prefix": (
        "Contact.prefix",
        lambda: Contact(formatted_name="Jean", prefix=" ", phones=JEAN.phones),
    ),
    "a blank organization": (
        "Contact.organization",
        lambda: Contact(formatted_name="Jean", organization="", phones=JEAN.phones),
    ),
    "a wa_id with a plus": ("Phone.wa_id", lambda: Phone(number="+242", wa_id="+242")),
    "a wa_id in Arabic digits": ("Phone.wa_id", lambda: Phone(number="+242", wa_id="٢٤٢")),
    "an empty wa_id": ("Phone.wa_id", lambda: Phone(number="+242", wa_id="")),
    "an empty email": ("Email.address", lambda: Email(address="")),
    "a page on a disk": ("Url.url", lambda: Url(url="file:///etc/passwd")),
    "an address of nothing": ("PostalAddress.street", lambda: PostalAddress()),
    "a blank city": ("PostalAddress.city", lambda: PostalAddress(city=" ")),
    "a picture on a disk": ("Image.link", lambda: Image(link="file:///etc/passwd")),
    "a picture in a script": ("Image.link", lambda: Image(link="javascript:alert(1)")),
    "a picture nowhere": ("Image.link", lambda: Image(link="https://")),
    "a picture at a broken address": ("Image.link", lambda: Image(link="https://[::1/a.jpg")),
    "a picture with a space": ("Image.link", lambda: Image(link="https://a.example/b c.jpg")),
    "a picture without a source": ("Image.link", lambda: Image(caption="a")),
    "a film with two sources": ("Video.link", lambda: Video(link=PHOTO, id="3")),
    "a sound without a source": ("Audio.link", lambda: Audio(voice=True)),
    "a sticker with two sources": ("Sticker.link", lambda: Sticker(link=PHOTO, id="3")),
    "a file of no id": ("Document.id", lambda: Document(id="")),
    "a file of no name": ("Document.filename", lambda: Document(id="3", filename=" ")),
    "a place beyond the pole": ("Location.latitude", lambda: Location(latitude=90.01, longitude=0)),
    "a place round the world": ("Location.longitude", lambda: Location(latitude=0, longitude=-180.01)),
    "a place that is no number": ("Location.latitude", lambda: Location(latitude=float("nan"), longitude=0)),
    "a place that is true": ("Location.latitude", lambda: Location(latitude=True, longitude=0)),
    "a place without end": ("Location.longitude", lambda: Location(latitude=0, longitude=float("inf"))),
    "a place beyond all numbers": ("Location.longitude", lambda: Location(latitude=0, longitude=10**400)),
    "a place with a blank name": ("Location.name", lambda: Location(latitude=0, longitude=0, name=" ")),
    "a reaction to nothing": ("Reaction.message_id", lambda: Reaction(message_id="", emoji="👍🏾")),
    "a reaction in letters": ("Reaction.emoji", lambda: Reaction(message_id="wamid.A", emoji="a")),
    "a reaction of two emoji": ("Reaction.emoji", lambda: Reaction(message_id="wamid.A", emoji="👍👍")),
    "a reaction of a space": ("Reaction.emoji", lambda: Reaction(message_id="wamid.A", emoji=" ")),
    "a reaction that is none": (
        "Reaction.emoji",
        lambda: Reaction(message_id="wamid.A", emoji=None),  # type: ignore[arg-type]
    ),
    "a text that is a number": ("Text.body", lambda: Text(body=3)),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_field_named(name: str) -> None:
    field, make = REFUSED[name]

    with pytest.raises(InvalidMessage) as refused:
        make()
    assert refused.value.field == field
    assert refused.value.problem


def test_the_edges_of_counts_and_degrees_are_allowed() -> None:
    Buttons(body="a", buttons=tuple(Button(id=f"t{n}", title=f"Bouton {n}") for n in range(limits.MAX_BUTTONS)))
    a_list(*(Section(title=f"s{n}", rows=(row,)) for n, row in enumerate(several(limits.MAX_ROWS))))
    Contacts(contacts=(JEAN,) * limits.MAX_CONTACTS)
    Location(latitude=-90, longitude=180)


def test_a_card_with_one_name_uses_it_as_first_name_since_meta_wants_two() -> None:
    assert JEAN.first_name == "Jean Malonga"
    assert Contact(formatted_name="Jean Malonga", last_name="Malonga", phones=JEAN.phones).first_name is None
    assert Contact(formatted_name="Dr Malonga", prefix="Dr", phones=JEAN.phones).first_name is None


def test_a_card_may_hold_an_email_alone() -> None:
    assert Contact(formatted_name="Jean", emails=(Email(address="jean@kimia.example"),)).phones == ()


@pytest.mark.parametrize("emoji", ["❤️", "👨‍👩‍👧‍👦", "🇨🇬", "1️⃣", ""])
def test_a_reaction_is_one_emoji_however_many_code_points_it_takes_or_none(emoji: str) -> None:
    assert Reaction(message_id="wamid.A", emoji=emoji).emoji == emoji


@pytest.mark.parametrize(
    "text", ["CG.13491208655302741918", "US.ENT.118157", "FR.a", "FR." + "a" * 128, "FR.ENT." + "Z" * 128]
)
def test_a_business_scoped_user_id_is_told_from_a_number(text: str) -> None:
    assert is_bsuid(text)
    assert not is_digits(text)


@pytest.mark.parametrize(
    "text",
    ["", "242061234567", "CG.", "cg.1", "CGO.1", "CG1", "CG.1 ", "CG.1\n", "CG.é", "CG.ENT.", "CG." + "a" * 129],
    ids=repr,
)
def test_what_is_no_business_scoped_user_id(text: str) -> None:
    assert not is_bsuid(text)
