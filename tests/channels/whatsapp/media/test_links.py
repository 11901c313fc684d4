"""The files a payload names are found wherever they may stand, and what they carry can be said without them."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.whatsapp.media.links import FILE_KINDS, named_files, with_ids
from channels.whatsapp.media.without import without_media
from channels.whatsapp.messages import (
    Audio,
    Button,
    Buttons,
    Card,
    CardLink,
    Carousel,
    CtaUrl,
    Document,
    Image,
    Message,
    Sticker,
    Text,
    Video,
    from_payload,
    to_payload,
)
from tests.channels.whatsapp.message_strategies import messages

PICTURE = "https://shop.example.com/basket.jpg"
INNER = "http://127.0.0.1:8090/photos/basket.jpg"


def card(index: int, body: str, picture: str = PICTURE) -> Card:
    button = Button(id=f"order-{index}", title="Commander")
    return Card(header=Image(link=picture), body=body, buttons=(button,))


CAROUSEL = Carousel(
    body="Nos paniers :", cards=(card(1, "Panier du marché\n8 000 FCFA, disponible"), card(2, "Panier\n5 000 FCFA"))
)
LINKS = Carousel(
    body="À lire",
    cards=tuple(
        Card(header=Image(link=PICTURE), body=name, link=CardLink(title="Lire", url=f"https://shop.example.com/{name}"))
        for name in ("un", "deux")
    ),
)
TEMPLATE: dict[str, Any] = {
    "type": "template",
    "template": {
        "name": "promotional_offer",
        "language": {"code": "fr"},
        "components": [
            {"type": "HEADER", "parameters": [{"type": "image", "image": {"link": PICTURE}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Grâce"}]},
            {
                "type": "carousel",
                "cards": [
                    {
                        "card_index": 0,
                        "components": [{"type": "header", "parameters": [{"type": "video", "video": {"link": INNER}}]}],
                    }
                ],
            },
        ],
    },
}


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (to_payload(Image(link=PICTURE, caption="Panier")), [("image", PICTURE)]),
        (to_payload(Sticker(link=PICTURE)), [("sticker", PICTURE)]),
        (to_payload(Image(id="7001")), []),
        (to_payload(Text(body=PICTURE)), []),
        (to_payload(CtaUrl(body="b", title="t", url=PICTURE, header=Video(link=PICTURE))), [("video", PICTURE)]),
        (to_payload(CAROUSEL), [("image", PICTURE), ("image", PICTURE)]),
        (TEMPLATE, [("image", PICTURE), ("video", INNER)]),
    ],
)
def test_every_file_is_found(payload: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert [(file.kind, file.link) for file in named_files(payload)] == found


def test_an_id_takes_the_place_of_a_link_and_nothing_else_changes() -> None:
    files = named_files(TEMPLATE)
    changed = with_ids(TEMPLATE, {file.path: f"700{index}" for index, file in enumerate(files)})

    assert changed["template"]["components"][0]["parameters"][0] == {"type": "image", "image": {"id": "7000"}}
    assert named_files(changed) == []
    assert holds_file(changed)
    assert named_files(TEMPLATE) == files


def test_a_cards_picture_is_known_to_be_on_a_card() -> None:
    assert [file.is_on_card for file in named_files(to_payload(CAROUSEL))] == [True, True]
    assert [file.is_on_card for file in named_files(TEMPLATE)] == [False, False]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (Image(link=PICTURE, caption="Panier"), f"Panier\n{PICTURE}"),
        (Image(link=INNER, caption="Panier"), "Panier"),
        (Document(id="7001", caption="Facture", filename="f.pdf"), "Facture"),
        (Audio(link=PICTURE), PICTURE),
    ],
)
def test_a_file_becomes_its_caption_and_a_link_that_leads_somewhere(message: Message, said: str) -> None:
    plain = without_media(to_payload(message))

    assert plain is not None
    assert from_payload(plain.payload) == Text(body=said)


@pytest.mark.parametrize("message", [Image(link=INNER), Audio(id="7001"), Sticker(link=PICTURE), Text(body="Bonjour")])
def test_where_nothing_is_left_to_say_nothing_is_made_up(message: Message) -> None:
    assert without_media(to_payload(message)) is None


def test_a_hidden_link_is_not_shown() -> None:
    plain = without_media(to_payload(Image(link=PICTURE, caption="Panier")), hidden={PICTURE})

    assert plain is not None
    assert from_payload(plain.payload) == Text(body="Panier")


def test_buttons_keep_everything_but_the_picture_above_and_still_quote() -> None:
    buttons = Buttons(
        body="Le panier ?", buttons=(Button(id="a", title="Oui"),), header=Image(link=PICTURE), footer="Kimia"
    )
    plain = without_media(to_payload(buttons, reply_to="wamid.X"))

    assert plain is not None
    assert plain.payload["context"] == {"message_id": "wamid.X"}
    expected = Buttons(body="Le panier ?", buttons=(Button(id="a", title="Oui"),), footer="Kimia")
    assert plain.payload["interactive"] == to_payload(expected)["interactive"]


def test_a_carousel_becomes_a_list_whose_rows_answer_like_its_buttons() -> None:
    plain = without_media(to_payload(CAROUSEL))

    assert plain is not None
    action = plain.payload["interactive"]["action"]
    assert action["button"] == "Commander"
    assert action["sections"][0]["rows"] == [
        {"id": "order-1", "title": "Panier du marché", "description": "8 000 FCFA, disponible"},
        {"id": "order-2", "title": "Panier", "description": "5 000 FCFA"},
    ]


def test_cards_with_more_buttons_than_a_list_has_rows_keep_the_first_of_each() -> None:
    cards = tuple(
        Card(
            header=Image(link=PICTURE),
            body=f"Panier {index}",
            buttons=(Button(id=f"a{index}", title="Commander"), Button(id=f"b{index}", title="Détails")),
        )
        for index in range(8)
    )
    plain = without_media(to_payload(Carousel(body="Nos paniers", cards=cards)))

    assert plain is not None
    rows = plain.payload["interactive"]["action"]["sections"][0]["rows"]
    assert [row["id"] for row in rows] == [f"a{index}" for index in range(8)]


def test_cards_that_open_pages_become_text_with_their_links() -> None:
    plain = without_media(to_payload(LINKS))

    assert plain is not None
    said = from_payload(plain.payload)
    assert isinstance(said, Text)
    assert said.body == ("À lire\n\nun\nLire: https://shop.example.com/un\n\ndeux\nLire: https://shop.example.com/deux")


@settings(max_examples=50)
@given(messages)
def test_without_its_files_any_message_is_one_that_may_be_sent(message: Message) -> None:
    payload = to_payload(message)
    plain = without_media(payload)

    if plain is not None:
        assert not holds_file(plain.payload)
        assert holds_file(payload)
        from_payload(plain.payload)


json = st.recursive(
    st.none() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "image",
                    "link",
                    "interactive",
                    "template",
                    "components",
                    "cards",
                    "header",
                    "parameters",
                    "action",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["type", "image", "interactive", "template"]), json))
def test_a_payload_of_any_shape_holds_some_files_or_none(payload: dict[str, Any]) -> None:
    files = named_files(payload)
    with_ids(payload, {file.path: "1" for file in files})


def holds_file(payload: Mapping[str, Any]) -> bool:
    """Whether a payload shows any file, by link or by id."""
    return any(_walk(payload))


def _walk(node: Any) -> Iterator[bool]:
    if isinstance(node, Mapping):
        for name, member in node.items():
            if name in FILE_KINDS and isinstance(member, Mapping) and ("link" in member or "id" in member):
                yield True
            yield from _walk(member)
    elif isinstance(node, list):
        for each in node:
            yield from _walk(each)
