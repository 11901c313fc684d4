"""What the emulated Graph API takes: the shape and limits of each message.

Written from Meta's documentation alone and on purpose not shared with the channel: a limit that both sides had
wrong would be wrong in silence.
"""

import re
from collections.abc import Mapping
from typing import Any

from channels.whatsapp.emulator.graph_errors import GraphError, invalid, missing, required, wrong_type
from channels.whatsapp.emulator.rules import limits
from channels.whatsapp.emulator.rules.cards import CONTACTS, LOCATION
from channels.whatsapp.emulator.rules.interactive import INTERACTIVE
from channels.whatsapp.emulator.rules.media import AUDIO, DOCUMENT, IMAGE, STICKER, VIDEO
from channels.whatsapp.emulator.rules.reactions import REACTION
from channels.whatsapp.emulator.rules.templates import TEMPLATE
from channels.whatsapp.emulator.shapes import Check, flag, one_of, record, text

KINDS: Mapping[str, Check] = {
    "text": record({"body": text(limits.TEXT_BODY)}, {"preview_url": flag}),
    "image": IMAGE,
    "video": VIDEO,
    "audio": AUDIO,
    "document": DOCUMENT,
    "sticker": STICKER,
    "interactive": INTERACTIVE,
    "contacts": CONTACTS,
    "location": LOCATION,
    "reaction": REACTION,
    "template": TEMPLATE,
}
# Members a message may have beside the one named like its type.
AROUND = (
    *("messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"),
    "recipient_identity_key_hash",
)


# Two letters of a country; a parent id has ENT besides.
_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}", re.ASCII)


def check_message(body: Mapping[str, Any]) -> None:
    """Raises the GraphError Meta would answer a bad message with; returns when the message is good."""
    _check_around(body)
    kind = body.get("type", "text")  # Meta's default
    if not isinstance(kind, str) or kind not in KINDS:
        raise GraphError(100, message=f'(#100) Param type must be one of {{{", ".join(KINDS)}}} - got "{kind}".')
    for key in body:
        if key not in AROUND and key != kind:
            raise GraphError(100, f"Unexpected key '{key}' beside a message of type '{kind}'.")
    if body.get(kind) is None:
        raise missing(kind)
    KINDS[kind](kind, body[kind])


def check_read(body: Mapping[str, Any]) -> None:
    """A read mark, perhaps with a typing indicator."""
    if body.get("status") != "read":
        raise invalid("status", "must be read")
    shape = record(
        {"messaging_product": one_of("whatsapp"), "status": one_of("read"), "message_id": text(limits.WAMID)},
        {"typing_indicator": record({"type": one_of("text")})},
    )
    shape("", body)


def _check_around(body: Mapping[str, Any]) -> None:
    if body.get("messaging_product") is None:
        raise required("messaging_product")
    one_of("whatsapp")("messaging_product", body["messaging_product"])
    if body.get("to") is None and body.get("recipient") is None:
        raise required("to")
    if body.get("to") is not None:
        _phone_number("to", body["to"])
    else:
        _user_id("recipient", body["recipient"])
    if "recipient_type" in body:
        one_of("individual")("recipient_type", body["recipient_type"])
    if "context" in body:
        record({"message_id": text(limits.WAMID)})("context", body["context"])
    if "biz_opaque_callback_data" in body:
        text(limits.CALLBACK_DATA)("biz_opaque_callback_data", body["biz_opaque_callback_data"])
    if "recipient_identity_key_hash" in body:
        text(256)("recipient_identity_key_hash", body["recipient_identity_key_hash"])


def _phone_number(path: str, value: object) -> None:
    if not isinstance(value, str):
        raise wrong_type(path, "a string")
    fewest, most = limits.WA_ID_DIGITS
    digits = "".join(sign for sign in value if sign not in "+ ()-.")
    if not (digits.isascii() and digits.isdigit() and fewest <= len(digits) <= most):
        raise invalid(path, "is not a phone number")


def _user_id(path: str, value: object) -> None:
    if not isinstance(value, str):
        raise wrong_type(path, "a string")
    if not _USER_ID.fullmatch(value):
        raise invalid(path, "is not a business-scoped user id")
