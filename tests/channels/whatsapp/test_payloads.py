"""A payload that is no message of ours is refused with the path of what is wrong."""

from typing import Any

import pytest

from channels.whatsapp.messages import InvalidMessage, from_payload

PHOTO = "https://photos.example/colis.jpg"


def interactive(kind: str, **content: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": "a"}, **content}}


def card(index: int, **content: Any) -> dict[str, Any]:
    picture = {"type": "image", "image": {"link": PHOTO}}
    action = {"name": "cta_url", "parameters": {"display_text": "Voir", "url": PHOTO}}
    return {"card_index": index, "type": "cta_url", "header": picture, "action": action, **content}


def flow(**parameters: Any) -> dict[str, Any]:
    known = {"flow_message_version": "3", "flow_id": "4", "flow_token": "f-1", "flow_cta": "Ouvrir"}
    return interactive("flow", action={"name": "flow", "parameters": {**known, **parameters}})


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({}, "type"),
        ({"type": 3}, "type"),
        ({"type": "hologram"}, "type"),
        ({"type": "text"}, "text"),
        ({"type": "text", "text": "Bonjour"}, "text"),
        ({"type": "text", "text": {"body": 3}}, "text.body"),
        ({"type": "text", "text": {"body": ""}}, "Text.body"),
        ({"type": "text", "text": {"body": "a", "preview_url": "yes"}}, "text.preview_url"),
        ({"type": "text", "text": {"body": "a", "colour": "red"}}, "text.colour"),
        ({"type": "text", "text": {"body": "a"}, "to": "242061234567"}, "to"),
        ({"type": "interactive", "interactive": {"type": "hologram"}}, "interactive.type"),
        ({"type": "interactive", "interactive": {"type": "list"}}, "interactive.action"),
        (
            {
                "type": "interactive",
                "interactive": {
                    "type": "list",
                    "header": {"type": "image", "image": {"link": PHOTO}},
                    "action": {},
                },
            },
            "interactive.header.type",
        ),
        (
            {"type": "interactive", "interactive": {"type": "button", "header": {"type": "hologram"}}},
            "interactive.header.type",
        ),
        (
            {"type": "contacts", "contacts": [{"name": {"formatted_name": "a"}, "phones": {}}]},
            "contacts[0].phones",
        ),
        ({"type": "contacts", "contacts": ["a"]}, "contacts[0]"),
        ({"type": "location", "location": {"latitude": "1", "longitude": 1}}, "location.latitude"),
        ({"type": "location", "location": {"latitude": 10**400, "longitude": 1}}, "location.latitude"),
        ({"type": "contacts", "contacts": [{"name": {}, "phones": []}]}, "contacts[0].name.formatted_name"),
        (
            {"type": "contacts", "contacts": [{"name": {"formatted_name": "a"}, "birthday": "2001-W01-1"}]},
            "contacts[0].birthday",
        ),
        (
            {"type": "contacts", "contacts": [{"name": {"formatted_name": "a"}, "birthday": "2001-02-30"}]},
            "contacts[0].birthday",
        ),
        ({"type": "image", "image": {}}, "Image.link"),
        ({"type": "image", "image": {"link": PHOTO, "filename": "a"}}, "image.filename"),
        ({"type": "audio", "audio": {"id": "3", "caption": "a"}}, "audio.caption"),
        ({"type": "reaction", "reaction": {"message_id": "wamid.A"}}, "reaction.emoji"),
        ({"type": "text", "text": {"body": "a"}, "context": {}}, "context.message_id"),
        ({"type": "text", "text": {"body": "a"}, "context": "wamid.A"}, "context"),
        (
            {"type": "text", "text": {"body": "a"}, "context": {"message_id": "wamid.A", "from": "a"}},
            "context.from",
        ),
        (
            interactive("location_request_message", action={"name": "send_location"}, footer={"text": "a"}),
            "interactive.footer",
        ),
        (interactive("location_request_message", action={"name": "send"}), "interactive.action.name"),
        (interactive("request_contact_info", action={"name": "send_location"}), "interactive.action.name"),
        (
            interactive("cta_url", action={"name": "cta_url", "parameters": {"url": PHOTO}}),
            "interactive.action.parameters.display_text",
        ),
        (interactive("carousel", action={"cards": [card(1), card(0)]}), "interactive.action.cards[0].card_index"),
        (interactive("carousel", action={"cards": [card(0, type="reply")]}), "interactive.action.cards[0].type"),
        (
            interactive("carousel", action={"cards": [card(0, header={"type": "text", "text": "a"})]}),
            "interactive.action.cards[0].header",
        ),
        (
            interactive("carousel", action={"cards": [card(0, action={"buttons": [{"type": "reply"}]})]}),
            "interactive.action.cards[0].action.buttons[0].type",
        ),
        (flow(flow_message_version="4"), "interactive.action.parameters.flow_message_version"),
        (flow(flow_action="jump"), "interactive.action.parameters.flow_action"),
        (flow(mode="secret"), "interactive.action.parameters.mode"),
        (flow(), "Flow.screen"),
        (flow(flow_action_payload={"screen": "DAYS", "data": {}}), "Flow.data"),
        (flow(flow_action_payload={"data": {"a": 1}}), "interactive.action.parameters.flow_action_payload.screen"),
        (
            interactive("product_list", action={"catalog_id": "5", "sections": []}),
            "ProductList.header",
        ),
        (
            interactive("product", action={"catalog_id": "5", "product_retailer_id": "7"}, header={"type": "text"}),
            "interactive.header",
        ),
        (interactive("catalog_message", action={"name": "catalog"}), "interactive.action.name"),
        (interactive("order_details", action={"name": "review_and_pay"}), "OrderDetails.reference_id"),
        (
            interactive("order_details", action={"name": "review_and_pay", "parameters": {"reference_id": "7"}}),
            "OrderDetails.payment",
        ),
        (interactive("order_status", action={"name": "review_and_pay"}), "interactive.action.name"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_payload_that_is_no_message_of_ours_is_refused_with_its_member_named(
    payload: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidMessage) as refused:
        from_payload(payload)
    assert refused.value.field == field
