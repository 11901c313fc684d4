"""What Rasa says takes the best form WhatsApp has for it, and nothing of it is lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.limits import MAX_INTERACTIVE_BODY, MAX_TEXT_BODY, length
from channels.whatsapp.messages import (
    Button,
    Buttons,
    Carousel,
    Contact,
    Contacts,
    Image,
    InvalidMessage,
    List,
    Message,
    Phone,
    Row,
    Section,
    Text,
    from_payload,
    to_payload,
)
from tests.channels.whatsapp.message_strategies import messages
from tests.channels.whatsapp.rendering import PHOTO, Issued, options, rows_of, said, words_of

JEAN = Contacts(
    contacts=(Contact(formatted_name="Jean", phones=(Phone(number="06 987 65 43", wa_id="242069876543"),)),)
)


def test_text_is_a_text() -> None:
    assert said({"text": "Bonjour *Grâce*"}) == [Text(body="Bonjour *Grâce*")]


def test_what_rasa_leaves_empty_is_not_said() -> None:
    empty: dict[str, Any] = {
        "buttons": [],
        "elements": [],
        "custom": {},
        "image": None,
        "attachment": None,
        "response": None,
    }

    assert said({"text": "Bonjour", **empty}) == [Text(body="Bonjour")]


@pytest.mark.parametrize("response", [{}, {"text": None}, {"text": "  \n"}])
def test_nothing_said_is_nothing_sent(response: dict[str, Any]) -> None:
    assert said(response) == []


def test_a_text_too_long_is_split() -> None:
    paragraphs = ["a" * 3000, "b" * 3000, "c" * 10]

    assert said({"text": "\n\n".join(paragraphs)}) == [
        Text(body=paragraphs[0]),
        Text(body=f"{paragraphs[1]}\n\n{paragraphs[2]}"),
    ]


def test_a_picture_with_text_is_captioned() -> None:
    assert said({"text": "Le colis", "image": PHOTO}) == [Image(link=PHOTO, caption="Le colis")]


def test_a_text_with_one_link_shows_what_is_behind_it() -> None:
    one, two = "Suivez-le : https://a.example/1", "https://a.example/1 ou https://a.example/2"

    assert said({"text": one}) == [Text(body=one, preview_url=True)]
    assert said({"text": two}) == [Text(body=two)]


def test_markdown_reads_as_whatsapp_writes_it() -> None:
    assert said({"text": "# Bonjour\n**Grâce**"}) == [Text(body="*Bonjour*\n*Grâce*")]


def test_a_picture_alone_is_a_picture() -> None:
    assert said({"image": PHOTO}) == [Image(link=PHOTO)]


def test_a_picture_with_a_text_too_long_for_a_caption_comes_first() -> None:
    assert said({"text": "a" * 1025, "image": PHOTO}) == [Image(link=PHOTO), Text(body="a" * 1025)]


def test_a_custom_message_follows_the_text() -> None:
    custom = {"whatsapp": to_payload(JEAN)}

    assert said({"text": "Votre livreur", "custom": custom}) == [Text(body="Votre livreur"), JEAN]


def test_the_ids_of_a_custom_message_are_issued_too_however_long_the_payload() -> None:
    issuer = Issued()
    long_payload = "/track" + "x" * 300
    buttons = to_payload(Buttons(body="a", buttons=(Button(id="x", title="Oui"),)))
    buttons["interactive"]["action"]["buttons"][0]["reply"]["id"] = long_payload
    rows = to_payload(List(body="a", button="b", sections=(Section(rows=(Row(id="/b", title="Non"),)),)))

    (first,) = said({"custom": {"whatsapp": buttons}}, issuer)
    (second,) = said({"custom": {"whatsapp": rows}}, issuer)

    assert first == Buttons(body="a", buttons=(Button(id="t-1", title="Oui"),))
    assert rows_of(second) == [Row(id="t-2", title="Non")]
    assert issuer.options == [(long_payload, "Oui"), ("/b", "Non")]


@given(messages)
def test_any_message_of_ours_passes_as_custom(message: Message) -> None:
    (sent,) = said({"custom": {"whatsapp": to_payload(message)}})

    assert type(sent) is type(message)
    if not isinstance(message, Buttons | List | Carousel):
        assert sent == message
    assert from_payload(to_payload(sent)) == sent


@pytest.mark.parametrize(
    ("response", "field"),
    [
        ({"elements": {"title": "b"}}, "elements"),
        ({"elements": ["b"]}, "elements[0]"),
        ({"elements": [{"subtitle": "b"}]}, "elements[0].title"),
        ({"elements": [{"title": "b", "price": 3}]}, "elements[0].price"),
        ({"elements": [{"title": "b", "image_url": "b.jpg"}]}, "Image.link"),
        ({"elements": [{"title": "b", "buttons": [{"payload": "/b"}]}]}, "elements[0].buttons[0].title"),
        ({"elements": [{"title": "b", "default_action": {"type": "web_url"}}]}, "elements[0].default_action.url"),
        ({"text": "a", "quick_replies": [{"payload": "/b"}]}, "quick_replies[0].title"),
        ({"text": 3}, "text"),
        ({"text": "a", "image": "photo.jpg"}, "Image.link"),
        ({"text": "a", "buttons": "b"}, "buttons"),
        ({"text": "a", "buttons": ["b"]}, "buttons[0]"),
        ({"text": "a", "buttons": [{"payload": "/b"}]}, "buttons[0].title"),
        ({"text": "a", "buttons": [{"title": " ", "payload": "/b"}]}, "Button.title"),
        ({"text": "a", "buttons": [{"title": "b", "url": "/page"}]}, "CtaUrl.url"),
        ({"text": "a", "buttons": [{"title": "b", "type": "web_url"}]}, "buttons[0].url"),
        ({"text": "a", "buttons": [{"title": "b", "type": "phone_number", "payload": "1"}]}, "buttons[0].type"),
        ({"text": "a", "custom": {"list": {"button": "b"}}}, "custom.list"),
        ({"text": "a", "buttons": options(1), "custom": {"list": {"footer": "b"}}}, "custom.list.footer"),
        ({"text": "a", "custom": {"telegram": {}}}, "custom"),
        ({"text": "a", "custom": {"telegram": {"a": 1}}}, "custom.telegram"),
        ({"text": "a", "custom": [1]}, "custom"),
        ({"custom": {"whatsapp": "a"}}, "custom.whatsapp"),
        ({"custom": {"whatsapp": {"type": "hologram"}}}, "type"),
        ({"custom": {"whatsapp": {"type": "interactive", "interactive": {"action": {"buttons": ["a"]}}}}}, ""),
        ({"text": "a", "attachment": {"type": "image"}}, "attachment.payload"),
        ({"text": "a", "attachment": {"type": "image", "payload": {}}}, "attachment.payload.url"),
        ({"text": "a", "attachment": {"type": "hologram", "payload": {"src": PHOTO}}}, "attachment.type"),
        ({"attachment": {"type": "image", "payload": {"src": PHOTO}, "size": 3}}, "attachment.size"),
        ({"attachment": {"type": "image", "payload": {"src": PHOTO, "alt": "b"}}}, "attachment.payload.alt"),
        ({"attachment": {"type": "template", "payload": {"template_type": "receipt"}}}, "attachment.payload.template"),
        ({"attachment": {"type": "template", "payload": {"template_type": "generic"}}}, "attachment.payload.elements"),
    ],
    ids=str,
)
def test_what_has_no_form_is_refused_with_its_member_named(response: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidMessage) as refused:
        said(response)
    assert refused.value.field.startswith(field)


words = st.text("abcé .\n\n😀", min_size=1, max_size=40).map(str.strip).filter(bool)


@given(
    st.lists(words, min_size=1, max_size=200).map(" ".join),
    st.lists(words, max_size=13),
    st.none() | st.just(PHOTO),
)
def test_every_word_and_every_option_is_sent(text: str, titles: list[str], image: str | None) -> None:
    issuer = Issued()
    buttons = [{"title": title, "payload": f"/{number}"} for number, title in enumerate(titles)]

    sent = said({"text": text, "buttons": buttons, "image": image}, issuer)
    read = "".join(words_of(message) for message in sent)
    for rest, _ in issuer.pages:
        said(rest, issuer)

    assert [payload for payload, _ in issuer.options] == [button["payload"] for button in buttons]
    assert "".join(text.split()) in "".join(read.split())
    assert all(length(words_of(message)) <= MAX_TEXT_BODY for message in sent)
    assert all(length(message.body) <= MAX_INTERACTIVE_BODY for message in sent if isinstance(message, Buttons))
