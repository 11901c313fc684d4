"""Each kind of message against Meta's limits: taken at the limit, refused above and below it with Meta's code."""

from typing import Any

import pytest

from channels.whatsapp.emulator.graph_errors import GraphError
from channels.whatsapp.emulator.rules import check_message
from tests.channels.whatsapp.emulator.sends import (
    LINK,
    Message,
    card,
    carousel,
    catalog,
    component,
    contact_request,
    flow,
    interactive,
    link_button,
    location_request,
    media,
    product,
    product_list,
    reaction,
    replies,
    said,
    template,
)

AROUND = {"messaging_product": "whatsapp", "to": "242061234567"}
MISSING, WRONG_TYPE, INVALID, UNSPOKEN = 131008, 100, 131009, 131051
UNEXPECTED = WRONG_TYPE
QUICK = "quick_reply"


def header(kind: str, **content: Any) -> dict[str, Any]:
    return {"type": kind, kind: content}


def on_button(*parameters: Any, sub_type: str = QUICK, index: Any = "0") -> Message:
    return template(component("button", *parameters, sub_type=sub_type, index=index))


GOOD: dict[str, Message] = {
    **{f"{kind} by link": media(kind, link=LINK) for kind in ("image", "video", "audio", "document", "sticker")},
    **{f"{kind} by id": media(kind, id="123") for kind in ("image", "video", "audio", "document", "sticker")},
    **{f"{kind} with the longest caption": media(kind, id="1", caption="c" * 1024) for kind in ("image", "video")},
    "document with all": media("document", link=LINK, caption="c" * 1024, filename="f" * 240),
    "voice note": media("audio", id="1", voice=True),
    **{f"{kind} above buttons": replies("A", header=header(kind, id="1")) for kind in ("image", "video", "document")},
    "named document above buttons": replies("A", header=header("document", link=LINK, filename="bill.pdf")),
    "text above buttons": replies("A", header={"type": "text", "text": "h" * 60}, footer={"text": "f" * 60}),
    "link button": link_button("t" * 20),
    "link button with all": link_button(header=header("video", link=LINK), footer={"text": "f"}),
    "two cards": carousel(card(0), card(1)),
    "ten cards": carousel(*(card(index, "Buy", body="b" * 160) for index in range(10))),
    "cards with three replies": carousel(card(0, "A", "B", "C"), card(1, "A", "B", "C")),
    "cards with films": carousel(*(card(index, header=header("video", link=LINK)) for index in range(2))),
    "card of three lines": carousel(card(0, body="a\nb\nc"), card(1)),
    "location request": location_request(),
    "contact request": contact_request(),
    "flow by id": flow(flow_cta="t" * 20),
    "flow by name": flow(flow_id=None, flow_name="booking", mode="draft"),
    "flow that opens a screen": flow(flow_action="navigate", flow_action_payload={"screen": "S", "data": {"a": 1}}),
    "flow that asks for its data": flow(flow_action="data_exchange"),
    "one product without words": product(body=None),
    "one product": product(footer={"text": "f"}),
    "thirty products": product_list([f"a{index}" for index in range(15)], [f"b{index}" for index in range(15)]),
    "products in one untitled section": product_list(["a"], titles=False),
    "catalogue": catalog(),
    "catalogue with a picture": catalog("eru-1", footer={"text": "f"}),
    "reaction": reaction(),
    "family reaction": reaction(emoji="👨🏽‍👩🏽‍👧🏽‍👦🏽"),
    "reaction taken away": reaction(emoji=""),
    "template without parameters": template(),
    "template with a policy": template(language={"code": "en_US", "policy": "deterministic"}),
    "template with a text header": template(component("header", said("Kimia"))),
    "template with a picture": template(component("header", {"type": "image", "image": {"id": "1"}})),
    "template with a place": template(
        component("header", {"type": "location", "location": {"latitude": 1, "longitude": 2}})
    ),
    "template in capitals": template(component("BODY", {"type": "TEXT", "text": "a"})),
    "template with named parameters": template(component("body", said("Grâce", parameter_name="name"))),
    "template with money and a date": template(
        component(
            "body",
            {"type": "currency", "currency": {"fallback_value": "5 €", "code": "EUR", "amount_1000": 5000}},
            {"type": "date_time", "date_time": {"fallback_value": "Monday", "year": 2030}},
        )
    ),
    "template quick reply": on_button({"type": "payload", "payload": "p" * 256}),
    "template button by number": on_button(said("suffix"), sub_type="URL", index=1),
    "template code to copy": on_button({"type": "coupon_code", "coupon_code": "c" * 15}, sub_type="copy_code"),
    "template flow": on_button({"type": "action", "action": {"flow_token": "f"}}, sub_type="flow"),
    "template carousel": template(
        {
            "type": "carousel",
            "cards": [{"card_index": index, "components": [component("body", said("a"))]} for index in range(2)],
        }
    ),
}

BAD: dict[str, tuple[Message, int]] = {
    "media from nowhere": (media("video"), MISSING),
    "media from two places": (media("image", id="1", link=LINK), INVALID),
    "media id is a number": (media("image", id=1), WRONG_TYPE),
    "caption too long": (media("video", id="1", caption="c" * 1025), INVALID),
    "caption of a sound": (media("audio", id="1", caption="c"), UNEXPECTED),
    "caption of a sticker": (media("sticker", id="1", caption="c"), UNEXPECTED),
    "file name of a picture": (media("image", id="1", filename="a.jpg"), UNEXPECTED),
    "file name too long": (media("document", id="1", filename="f" * 241), INVALID),
    "voice is a word": (media("audio", id="1", voice="yes"), WRONG_TYPE),
    "sound above buttons": (replies("A", header=header("audio", id="1")), INVALID),
    "gif above buttons": (replies("A", header=header("gif", id="1")), INVALID),
    "header without its content": (replies("A", header={"type": "video"}), MISSING),
    "link title too long": (link_button("t" * 21), INVALID),
    "link title empty": (link_button(""), INVALID),
    "link that runs a script": (link_button(url="javascript:alert(1)"), INVALID),
    "link button of another name": (
        interactive("cta_url", {"name": "url", "parameters": {"display_text": "a", "url": LINK}}),
        INVALID,
    ),
    "link button without link": (
        interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": "a"}}),
        MISSING,
    ),
    "link button without words": (link_button(body=None), MISSING),
    "one card": (carousel(card(0)), INVALID),
    "eleven cards": (carousel(*(card(index) for index in range(11))), INVALID),
    "card number twice": (carousel(card(0), card(0)), INVALID),
    "card number is a word": (carousel(card(0), {**card(1), "card_index": "1"}), WRONG_TYPE),
    "card text too long": (carousel(card(0, body="b" * 161), card(1)), INVALID),
    "card of four lines": (carousel(card(0, body="a\nb\nc\nd"), card(1)), INVALID),
    "card with four replies": (carousel(card(0, "A", "B", "C", "D"), card(1)), INVALID),
    "card with the same reply twice": (carousel(card(0, "A", "A"), card(1)), INVALID),
    "card with a text header": (carousel(card(0, header={"type": "text", "text": "h"}), card(1)), INVALID),
    "card without header": (carousel({**card(0), "header": None}, card(1)), MISSING),
    "carousel without words": (carousel(card(0), card(1), body=None), MISSING),
    "carousel with a header": (carousel(card(0), card(1), header={"type": "text", "text": "h"}), UNEXPECTED),
    "location request with a footer": (location_request(footer={"text": "f"}), UNEXPECTED),
    "location request of another name": (interactive("location_request_message", {"name": "where"}), INVALID),
    "contact request without words": (contact_request(body=None), MISSING),
    "flow title too long": (flow(flow_cta="t" * 21), INVALID),
    "flow without a name": (flow(flow_id=None), WRONG_TYPE),
    "flow with two names": (flow(flow_name="booking"), WRONG_TYPE),
    "flow of another version": (flow(flow_message_version="2"), INVALID),
    "flow without title": (flow(flow_cta=None), MISSING),
    "flow with empty data": (flow(flow_action_payload={"screen": "S", "data": {}}), INVALID),
    "flow that asks and tells": (
        flow(flow_action="data_exchange", flow_action_payload={"screen": "S"}),
        UNEXPECTED,
    ),
    "product with a header": (product(header={"type": "text", "text": "h"}), UNEXPECTED),
    "product without id": (interactive("product", {"catalog_id": "1"}), MISSING),
    "thirty-one products": (product_list([f"a{index}" for index in range(31)]), INVALID),
    "thirty-one products in two sections": (
        product_list([f"a{index}" for index in range(16)], [f"b{index}" for index in range(15)]),
        INVALID,
    ),
    "no product": (product_list([]), INVALID),
    "product sections without titles": (product_list(["a"], ["b"], titles=False), INVALID),
    "products without header": (product_list(["a"], header=None), MISSING),
    "products below a picture": (product_list(["a"], header=header("image", id="1")), INVALID),
    "eleven product sections": (product_list(*([f"p{index}"] for index in range(11))), INVALID),
    "catalogue without words": (catalog(body=None), MISSING),
    "payment request": (interactive("order_details", {}), UNSPOKEN),
    "reaction in words": (reaction(emoji="ok"), INVALID),
    "reaction to nothing": ({"type": "reaction", "reaction": {"emoji": "👍"}}, MISSING),
    "reaction without emoji": ({"type": "reaction", "reaction": {"message_id": "w"}}, MISSING),
    "template without name": ({"type": "template", "template": {"language": {"code": "fr"}}}, MISSING),
    "template without language": (template(language=None), MISSING),
    "template language is a word": (template(language="fr"), WRONG_TYPE),
    "template with another policy": (template(language={"code": "fr", "policy": "fallback"}), INVALID),
    "template component unknown": (template(component("middle")), INVALID),
    "template parameter unknown": (template(component("body", {"type": "number", "number": 1})), INVALID),
    "template picture in the body": (
        template(component("body", {"type": "image", "image": {"link": LINK}})),
        INVALID,
    ),
    "template parameter empty": (template(component("body", said(""))), INVALID),
    "template payload too long": (on_button({"type": "payload", "payload": "p" * 257}), INVALID),
    "template button unknown": (on_button(sub_type="jump"), INVALID),
    "template button nowhere": (on_button(index="first"), WRONG_TYPE),
    "template button beyond the last": (on_button(index=10), INVALID),
    "template code too long": (
        on_button({"type": "coupon_code", "coupon_code": "c" * 16}, sub_type="copy_code"),
        INVALID,
    ),
    "template with one card": (
        template({"type": "carousel", "cards": [{"card_index": 0, "components": []}]}),
        INVALID,
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_takes_what_meta_takes(name: str) -> None:
    check_message({**AROUND, **GOOD[name]})


@pytest.mark.parametrize("name", BAD)
def test_refuses_what_meta_refuses_with_metas_code(name: str) -> None:
    message, code = BAD[name]
    with pytest.raises(GraphError) as refused:
        check_message({**AROUND, **message})
    assert refused.value.code == code, refused.value.body()
