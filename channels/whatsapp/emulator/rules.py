"""What the emulated Graph API takes: the shape and limits of each message it speaks.

Written from Meta's documentation alone and on purpose not shared with the channel: a limit that both sides had
wrong would be wrong in silence.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from channels.whatsapp.emulator.graph_errors import GraphError, invalid, missing, required, unsupported, wrong_type
from channels.whatsapp.emulator.shapes import (
    Check,
    also,
    anything,
    array,
    as_record,
    flag,
    link,
    number,
    one_of,
    record,
    text,
    variant,
)

# Lengths in characters. Sources: Meta's OpenAPI description v23.0 (maxLength, maxItems) and its guide pages.
TEXT_BODY = 4096
CAPTION = 1024
INTERACTIVE_BODY = 1024
HEADER = 60
FOOTER = 60
BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
LIST_BUTTON = 20
SECTIONS = 10
SECTION_TITLE = 24
ROWS = 10  # in all sections together
ROW_TITLE = 24
ROW_DESCRIPTION = 72
ROW_ID = 200
CONTACTS = 5
CALLBACK_DATA = 512
WA_ID_DIGITS = (7, 15)  # E.164: at most 15

# Kinds Meta takes and the emulator does not.
UNSPOKEN_TYPES = ("audio", "video", "document", "sticker", "reaction", "template")
UNSPOKEN_INTERACTIVE = (
    *("cta_url", "location_request_message", "request_contact_info", "flow", "product", "product_list"),
    *(
        "catalog_message",
        "carousel",
        "order_details",
        "order_status",
        "address_message",
        "call_permission_request",
    ),
)
UNSPOKEN_HEADERS = ("video", "document", "gif")
# Members a message may have beside the one named like its type.
AROUND = ("messaging_product", "recipient_type", "to", "type", "context", "biz_opaque_callback_data")


def check_message(body: Mapping[str, Any]) -> None:
    """Raises the GraphError Meta would answer a bad message with; returns when the message is good."""
    _check_around(body)
    kind = body.get("type", "text")  # Meta's default
    if kind in UNSPOKEN_TYPES:
        raise unsupported(str(kind))
    if not isinstance(kind, str) or kind not in KINDS:
        known = ", ".join((*KINDS, *UNSPOKEN_TYPES))
        raise GraphError(100, message=f'(#100) Param type must be one of {{{known}}} - got "{kind}".')
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
        {"messaging_product": one_of("whatsapp"), "status": one_of("read"), "message_id": text(512)},
        {"typing_indicator": record({"type": one_of("text")})},
    )
    shape("", body)


def _check_around(body: Mapping[str, Any]) -> None:
    if body.get("messaging_product") is None:
        raise required("messaging_product")
    one_of("whatsapp")("messaging_product", body["messaging_product"])
    if body.get("recipient") is not None:
        raise GraphError(131051, "The emulator does not speak 'recipient' (user ids); use 'to'.")
    if body.get("to") is None:
        raise required("to")
    _phone_number("to", body["to"])
    if "recipient_type" in body:
        one_of("individual")("recipient_type", body["recipient_type"])
    if "context" in body:
        record({"message_id": text(512)})("context", body["context"])
    if "biz_opaque_callback_data" in body:
        text(CALLBACK_DATA)("biz_opaque_callback_data", body["biz_opaque_callback_data"])


def _phone_number(path: str, value: object) -> None:
    if not isinstance(value, str):
        raise wrong_type(path, "a string")
    fewest, most = WA_ID_DIGITS
    digits = "".join(sign for sign in value if sign not in "+ ()-.")
    if not (digits.isascii() and digits.isdigit() and fewest <= len(digits) <= most):
        raise invalid(path, "is not a phone number")


def _without_media_id(path: str, value: object) -> None:
    if "id" in as_record(path, value):
        raise GraphError(131051, f"The emulator keeps no uploaded media: give '{path}' a 'link'.")


def _unique(path: str, values: Iterable[object], what: str) -> None:
    seen = set()
    for value in values:
        if value in seen:
            raise invalid(path, f"has the {what} '{value}' twice")
        seen.add(value)


def _distinct_buttons(path: str, value: object) -> None:
    replies = [button["reply"] for button in cast(list[dict[str, Any]], value)]
    _unique(path, (reply["id"] for reply in replies), "id")
    _unique(path, (reply["title"] for reply in replies), "title")


def _sections_together(path: str, value: object) -> None:
    sections = cast(list[dict[str, Any]], value)
    rows = [row for section in sections for row in section["rows"]]
    if len(rows) > ROWS:
        raise invalid(path, f"has {len(rows)} rows in total. Max: {ROWS}")
    if len(sections) > 1 and not all(section.get("title") for section in sections):
        raise invalid(path, "needs a title in every section when there is more than one")
    _unique(path, (row["id"] for row in rows), "row id")


def _more_than_formatted_name(path: str, value: object) -> None:
    if len(as_record(path, value)) < 2:
        raise missing(f"{path}['first_name']")


_IMAGE_LINK = record({"link": link})
_IMAGE = also(_without_media_id, record({"link": link}, {"caption": text(CAPTION)}))
_TEXT_HEADER = record({"type": one_of("text"), "text": text(HEADER)})
_IMAGE_HEADER = record({"type": one_of("image"), "image": also(_without_media_id, _IMAGE_LINK)})
_BODY = record({"text": text(INTERACTIVE_BODY)})
_FOOTER = record({"text": text(FOOTER)})
_BUTTON = record(
    {
        "type": one_of("reply"),
        "reply": record({"id": text(BUTTON_ID, tight=True), "title": text(BUTTON_TITLE, tight=True)}),
    }
)
_ROW = record({"id": text(ROW_ID, tight=True), "title": text(ROW_TITLE)}, {"description": text(ROW_DESCRIPTION)})
_SECTION = record({"rows": array(_ROW, fewest=1, most=ROWS)}, {"title": text(SECTION_TITLE)})

_REPLY_BUTTONS = record(
    {
        "type": one_of("button"),
        "body": _BODY,
        "action": record({"buttons": also(array(_BUTTON, fewest=1, most=BUTTONS), _distinct_buttons)}),
    },
    {
        "header": variant("type", {"text": _TEXT_HEADER, "image": _IMAGE_HEADER}, UNSPOKEN_HEADERS),
        "footer": _FOOTER,
    },
)
_LIST = record(
    {
        "type": one_of("list"),
        "body": _BODY,
        "action": record(
            {
                "button": text(LIST_BUTTON),
                "sections": also(array(_SECTION, fewest=1, most=SECTIONS), _sections_together),
            }
        ),
    },
    {"header": _TEXT_HEADER, "footer": _FOOTER},
)
_PHONE = record({"phone": text(64)}, {"type": text(64), "wa_id": text(20)})
_NAME = record(
    {"formatted_name": text(256)},
    dict.fromkeys(("first_name", "last_name", "middle_name", "prefix", "suffix"), text(256)),
)
_CONTACT = record(
    {"name": also(_NAME, _more_than_formatted_name)},
    {
        "phones": array(_PHONE, fewest=0, most=20),
        "org": record({}, dict.fromkeys(("company", "department", "title"), text(256))),
        **dict.fromkeys(("addresses", "birthday", "emails", "urls"), anything),
    },
)
_LOCATION = record(
    {"latitude": number(-90, 90), "longitude": number(-180, 180)}, {"name": text(1024), "address": text(1024)}
)

KINDS: Mapping[str, Check] = {
    "text": record({"body": text(TEXT_BODY)}, {"preview_url": flag}),
    "image": _IMAGE,
    "interactive": variant("type", {"button": _REPLY_BUTTONS, "list": _LIST}, UNSPOKEN_INTERACTIVE),
    "contacts": array(_CONTACT, fewest=1, most=CONTACTS),
    "location": _LOCATION,
}
