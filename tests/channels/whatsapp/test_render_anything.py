"""Whatever a Rasa project says is sent within WhatsApp's limits, or refused by name; the emulator is the judge."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.whatsapp.emulator.rules import check_message
from channels.whatsapp.messages import InvalidMessage, from_payload, to_payload
from tests.channels.whatsapp.rendering import PHOTO, Issued, rendered

ENVELOPE = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "242061234567"}
FAMILY = "👨‍👩‍👧‍👦"

pieces = st.sampled_from(
    [
        "Bonjour",
        "**gras**",
        "*gras",
        "_é",
        "e\u0301" * 9,
        FAMILY,
        "🇨🇬" * 5,
        "مرحبا",
        "\n",
        "\n\n",
        ". ",
        " ",
        "`",
        "x" * 90,
    ]
)
texts = st.lists(pieces, max_size=12).map(" ".join) | st.builds(lambda text, n: text * n, pieces, st.integers(0, 300))
addresses = st.sampled_from(
    [PHOTO, "https://a.example/a.pdf", "https://a.example/v.mp4", "https://a.example/s.ogg", "https://a.example/page"]
)
buttons = st.fixed_dictionaries(
    {"title": st.lists(pieces, min_size=1, max_size=3).map("".join)},
    optional={"payload": st.just("/help"), "description": texts, "url": addresses, "type": st.just("postback")},
)
elements = st.fixed_dictionaries(
    {"title": texts, "image_url": st.just(PHOTO)},
    optional={
        "subtitle": texts,
        "buttons": st.lists(buttons, max_size=4),
        "default_action": st.fixed_dictionaries({"url": addresses}),
    },
)
files = st.sampled_from(["image", "video", "audio", "voice", "file", "template", "tune"])
attachments = addresses | st.fixed_dictionaries(
    {
        "type": files,
        "payload": st.fixed_dictionaries({"src": addresses})
        | st.builds(lambda some: {"template_type": "generic", "elements": some}, st.lists(elements, max_size=3)),
    }
)
customs = st.fixed_dictionaries(
    {},
    optional={
        "list": st.fixed_dictionaries({}, optional={"button": texts, "header": texts}),
        "whatsapp": st.sampled_from([{"type": "text", "text": {"body": "Bonjour"}}, {"type": "hologram"}]),
    },
)
responses = st.fixed_dictionaries(
    {},
    optional={
        "text": texts,
        "image": st.just(PHOTO),
        "buttons": st.lists(buttons, max_size=24),
        "quick_replies": st.lists(buttons, max_size=3),
        "elements": st.lists(elements, max_size=12),
        "attachment": attachments,
        "custom": customs,
    },
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", " ", "\x00", "\ud800", "x", PHOTO]),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.sampled_from(["title", "url", "list", "x"]), some),
    max_leaves=5,
)
names = st.sampled_from(["text", "image", "buttons", "quick_replies", "elements", "attachment", "custom"])


def send(response: dict[str, Any]) -> int:
    """Every message that a person may see on the way through the pages; how many there were."""
    issuer = Issued()
    sent = 0
    left: list[Any] = [response]
    while left:
        for message in rendered(left.pop(), issuer).messages:
            payload = to_payload(message)
            check_message(ENVELOPE | payload)
            assert from_payload(payload) == message
            sent += 1
        while issuer.pages:
            left.append(json.loads(json.dumps(issuer.pages.pop()[0])))
    return sent


@settings(max_examples=30)
@given(responses)
def test_any_response_is_sent_within_the_limits_or_refused(response: dict[str, Any]) -> None:
    try:
        send(response)
    except InvalidMessage as refused:
        assert refused.field  # noqa: PT017 - the other way is as good


@settings(max_examples=25)
@given(responses, names, junk)
def test_a_response_with_junk_in_it_is_sent_or_refused(response: dict[str, Any], name: str, member: Any) -> None:
    try:
        send(response | {name: member})
    except InvalidMessage as refused:
        assert refused.field  # noqa: PT017


@settings(max_examples=25)
@given(
    st.fixed_dictionaries(
        {"text": texts, "buttons": st.lists(buttons, min_size=1, max_size=24)},
        optional={"image": st.just(PHOTO), "elements": st.lists(elements, min_size=2, max_size=12)},
    )
)
def test_a_response_of_good_members_is_never_refused(response: dict[str, Any]) -> None:
    response["buttons"] = [button for button in response["buttons"] if button["title"].strip()]
    for element in response.get("elements", []):
        element["title"] = element["title"].strip() or "x"
        element["buttons"] = [button for button in element.get("buttons", []) if button["title"].strip()]

    assert send(response) or not (response["buttons"] or response["text"].strip())
