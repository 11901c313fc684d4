"""What came in place of words, as the bot is told of it: each by an intent of its own, with a sign for its text."""

import json
from collections.abc import Mapping
from typing import Any

from conversations.replies import Meaning
from conversations.turn_input import CatalogueCart, Contact

PLACE_INTENT = "share_location"
PLACE_TEXT = "📍"
CONTACT_INTENT = "share_contact"
CONTACT_TEXT = "👤"
FILE_INTENT = "share_media"
FILE_TEXT = "📎"
CART_INTENT = "send_cart"
CART_TEXT = "🛒"


def of_place(latitude: float, longitude: float) -> Meaning:
    """Where it is, in degrees."""
    place = {"latitude": latitude, "longitude": longitude}
    return Meaning(intent=PLACE_INTENT, entities=place, title=PLACE_TEXT)


def of_contact(card: Contact) -> Meaning:
    """What stands on the card, as far as anything does."""
    told = {"contact_name": card.name, "contact_phone": card.phone}
    entities = {name: value for name, value in told.items() if value}
    return Meaning(intent=CONTACT_INTENT, entities=entities, title=CONTACT_TEXT)


def of_file(entities: Mapping[str, str]) -> Meaning:
    """Which file it is, and of what kind."""
    return Meaning(intent=FILE_INTENT, entities=entities, title=FILE_TEXT)


def of_cart(cart: CatalogueCart) -> Meaning:
    """Each product is an entity of its own, in JSON."""
    entities: dict[str, Any] = {"catalogue_item": [json.dumps(item, ensure_ascii=False) for item in cart.items]}
    if cart.note:
        entities["catalogue_note"] = cart.note
    return Meaning(intent=CART_INTENT, entities=entities, title=CART_TEXT)
