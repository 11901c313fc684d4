"""Messages one answers with a tap: buttons, lists, a link, a carousel, requests for a place or a contact, flows."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from channels.whatsapp.emulator.graph_errors import GraphError, invalid
from channels.whatsapp.emulator.rules import limits
from channels.whatsapp.emulator.rules.media import ANY_HEADER, CARD_HEADER, ONLY_TEXT_HEADER
from channels.whatsapp.emulator.rules.products import CATALOG, PRODUCT, PRODUCT_LIST
from channels.whatsapp.emulator.rules.sections import sections
from channels.whatsapp.emulator.shapes import (
    Check,
    also,
    anything,
    array,
    as_record,
    link,
    one_of,
    record,
    text,
    variant,
    whole_number,
)

# Kinds Meta takes in a few countries or by invitation, and the emulator does not.
UNSPOKEN = ("order_details", "order_status", "address_message", "call_permission_request", "voice_call")

BODY = record({"text": text(limits.INTERACTIVE_BODY)})
FOOTER = record({"text": text(limits.FOOTER)})


def _message(kind: str, action: Check, optional: Mapping[str, Check] | None = None) -> Check:
    return record({"type": one_of(kind), "body": BODY, "action": action}, optional)


def _named(name: str, parameters: Check) -> Check:
    return record({"name": one_of(name), "parameters": parameters})


def _unique(path: str, values: Iterable[object], what: str) -> None:
    seen = set()
    for value in values:
        if value in seen:
            raise invalid(path, f"has the {what} '{value}' twice")
        seen.add(value)


def _distinct(member: str) -> Check:
    """Buttons whose ids differ, and whose titles differ."""

    def check(path: str, value: object) -> None:
        replies = [button[member] for button in cast(list[dict[str, Any]], value)]
        _unique(path, (reply["id"] for reply in replies), "id")
        _unique(path, (reply["title"] for reply in replies), "title")

    return check


def _tappable(member: str) -> Check:
    """One to three buttons, each `{"type": member, member: {id, title}}`."""
    face = record({"id": text(limits.BUTTON_ID, tight=True), "title": text(limits.BUTTON_TITLE, tight=True)})
    button = record({"type": one_of(member), member: face})
    return also(array(button, fewest=1, most=limits.BUTTONS), _distinct(member))


def _distinct_rows(path: str, value: object) -> None:
    given = cast(list[dict[str, Any]], value)
    _unique(path, (row["id"] for section in given for row in section["rows"]), "row id")


def _few_lines(path: str, value: object) -> None:
    if str(value).count("\n") > limits.CARD_LINE_BREAKS:
        raise invalid(path, f"has too many line breaks. Max: {limits.CARD_LINE_BREAKS}")


def _link_or_replies(path: str, value: object) -> None:
    """What hangs under a card: one link, or quick replies."""
    shape = _QUICK_REPLIES if "buttons" in as_record(path, value) else _LINK_ACTION
    shape(path, value)


def _numbered(path: str, value: object) -> None:
    _unique(path, (card["card_index"] for card in cast(list[dict[str, Any]], value)), "card_index")


def _one_flow(path: str, value: object) -> None:
    parameters = as_record(path, value)
    if ("flow_id" in parameters) == ("flow_name" in parameters):
        raise GraphError(100, f"Param {path} must have either 'flow_id' or 'flow_name'.")


def _some_data(path: str, value: object) -> None:
    if not as_record(path, value):
        raise invalid(path, "must not be empty: leave it out when there is no data")


def _no_payload_on_exchange(path: str, value: object) -> None:
    parameters = as_record(path, value)
    if parameters.get("flow_action") == "data_exchange" and "flow_action_payload" in parameters:
        raise GraphError(100, f"Unexpected key 'flow_action_payload' on param '{path}' with 'data_exchange'.")


_ROW = record(
    {"id": text(limits.ROW_ID, tight=True), "title": text(limits.ROW_TITLE)},
    {"description": text(limits.ROW_DESCRIPTION)},
)
_SECTIONS = also(sections("rows", _ROW, most=limits.ROWS), _distinct_rows)

_LINK_ACTION = _named("cta_url", record({"display_text": text(limits.URL_BUTTON_TITLE), "url": link}))
_QUICK_REPLIES = record({"buttons": _tappable("quick_reply")})
_CARD = record(
    {
        "card_index": whole_number(0, limits.CARDS[1] - 1),
        "type": one_of("cta_url"),  # also with quick replies
        "header": CARD_HEADER,
        "action": _link_or_replies,
    },
    {"body": record({"text": also(text(limits.CARD_BODY), _few_lines)})},
)

_FLOW = also(
    record(
        {"flow_message_version": one_of("3"), "flow_cta": text(limits.FLOW_BUTTON)},
        {
            "flow_id": text(64),
            "flow_name": text(limits.FLOW_NAME),
            "flow_token": text(limits.FLOW_TOKEN),
            "mode": one_of("draft", "published"),
            "flow_action": one_of("navigate", "data_exchange"),
            "flow_action_payload": record({"screen": text(256)}, {"data": also(anything, _some_data)}),
        },
    ),
    _one_flow,
    _no_payload_on_exchange,
)

_AROUND: Mapping[str, Check] = {"header": ANY_HEADER, "footer": FOOTER}

INTERACTIVE = variant(
    "type",
    {
        "button": _message("button", record({"buttons": _tappable("reply")}), _AROUND),
        "list": _message(
            "list",
            record({"button": text(limits.LIST_BUTTON), "sections": _SECTIONS}),
            {"header": ONLY_TEXT_HEADER, "footer": FOOTER},
        ),
        "cta_url": _message("cta_url", _LINK_ACTION, _AROUND),
        "carousel": _message(
            "carousel",
            record({"cards": also(array(_CARD, fewest=limits.CARDS[0], most=limits.CARDS[1]), _numbered)}),
        ),
        "location_request_message": _message("location_request_message", record({"name": one_of("send_location")})),
        "request_contact_info": _message("request_contact_info", record({"name": one_of("request_contact_info")})),
        "flow": _message("flow", _named("flow", _FLOW), _AROUND),
        "product": PRODUCT,
        "product_list": PRODUCT_LIST,
        "catalog_message": CATALOG,
    },
    UNSPOKEN,
)
