"""What a person sends back to a flow, a catalogue or a question for their number. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from channels.whatsapp.emulator.phone import TEXT_BODY, Payload, PhoneProblem
from channels.whatsapp.emulator.shelf import Product

MOST_OF_ONE = 99  # pieces of one product in a cart


def flow_token(message: Mapping[str, Any]) -> str | None:
    """The token of the flow this message opens, "unused" where it names none; None when it opens no flow."""
    interactive = message.get("interactive", {})
    if interactive.get("type") == "flow":
        return str(interactive["action"]["parameters"].get("flow_token", "unused"))
    for button in message.get("rendered", {}).get("buttons", ()):
        if button["type"].lower() == "flow":
            return str((button.get("action") or {}).get("flow_token", "unused"))
    return None


def asks_for_contact(message: Mapping[str, Any]) -> bool:
    """Whether the business asks for the person's own card by this message."""
    if message.get("interactive", {}).get("type") == "request_contact_info":
        return True
    return any(button["type"] == "request_contact_info" for button in message.get("rendered", {}).get("buttons", ()))


def flow_reply(message: Mapping[str, Any], answers: Mapping[str, Any]) -> Payload:
    """The flow is done: what was filled in travels as a text of JSON, as Meta sends it."""
    token = flow_token(message)
    if token is None:
        raise PhoneProblem("This message opens no flow.")
    response = json.dumps({**answers, "flow_token": token}, ensure_ascii=False)
    reply = {"name": "flow", "body": "Sent", "response_json": response}
    return {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": reply}}


def order(catalog_id: str, wanted: Iterable[tuple[Product, int]], note: str = "") -> Payload:
    """A cart as it is sent: each product with how many, and the price it was shown at."""
    chosen = [(product, quantity) for product, quantity in wanted if quantity]
    if not chosen:
        raise PhoneProblem("The cart is empty: choose at least one product.")
    if any(not 0 < quantity <= MOST_OF_ONE for _, quantity in chosen):
        raise PhoneProblem(f"A cart holds 1 to {MOST_OF_ONE} of a product.")
    if len(note) > TEXT_BODY:
        raise PhoneProblem(f"A note has at most {TEXT_BODY} characters.")
    items = [
        {
            "product_retailer_id": product.retailer_id,
            "quantity": quantity,
            # Meta writes a whole price without decimals.
            "item_price": int(product.price) if product.price.is_integer() else product.price,
            "currency": product.currency,
        }
        for product, quantity in chosen
    ]
    return {"type": "order", "order": {"catalog_id": catalog_id, "text": note, "product_items": items}}
