"""The shape of a template send. What the approved template itself asks for is checked where it is filled in."""

from collections.abc import Mapping

from channels.whatsapp.emulator.graph_errors import invalid, wrong_type
from channels.whatsapp.emulator.rules import limits
from channels.whatsapp.emulator.rules.cards import LOCATION
from channels.whatsapp.emulator.rules.media import by_link_or_id
from channels.whatsapp.emulator.shapes import (
    Check,
    an_object,
    anything,
    array,
    as_record,
    one_of,
    record,
    text,
    variant,
    whole_number,
)

# Names of parameters are Meta's own: letters of either case are taken for `type` and `sub_type`.
_SUB_TYPES = (
    *("quick_reply", "url", "copy_code", "phone_number", "flow", "catalog", "mpm", "spm", "voice_call", "otp"),
    *("order_details", "request_contact_info"),
)


def _any_case(key: str, shape: Check) -> Check:
    """The shape with the word under `key` read in lower case."""

    def check(path: str, value: object) -> None:
        fields = as_record(path, value)
        word = fields.get(key)
        shape(path, {**fields, key: word.lower()} if isinstance(word, str) else fields)

    return check


def _parameter(kind: str, content: Check, named: bool = False) -> Check:
    optional: Mapping[str, Check] = {"parameter_name": text(limits.TEMPLATE_NAME)} if named else {}
    return record({"type": one_of(kind), kind: content}, optional)


def _index(path: str, value: object) -> None:
    """The button's place among all buttons, as a number or as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type(path, "an integer")
    if not 0 <= value < limits.TEMPLATE_BUTTONS:
        raise invalid(path, f"must lie between 0 and {limits.TEMPLATE_BUTTONS - 1}")


def _parameters(kinds: Mapping[str, Check]) -> Check:
    return array(_any_case("type", variant("type", kinds)), fewest=0, most=limits.PARAMETERS)


_TEXT = _parameter("text", text(limits.TEMPLATE_PARAMETER), named=True)
_FALLBACK = record({"fallback_value": text(limits.TEMPLATE_PARAMETER)}, {"code": text(3), "amount_1000": anything})
_DATE = ("calendar", "day_of_month", "day_of_week", "hour", "minute", "month", "timestamp", "year")
_IN_BODY = {
    "text": _TEXT,
    "currency": _parameter("currency", _FALLBACK, named=True),
    "date_time": _parameter(
        "date_time",
        record({"fallback_value": text(limits.TEMPLATE_PARAMETER)}, dict.fromkeys(_DATE, anything)),
        named=True,
    ),
}
_IN_HEADER = {
    "text": _TEXT,
    **{kind: _parameter(kind, by_link_or_id()) for kind in ("image", "video", "gif")},
    "document": _parameter("document", by_link_or_id({"filename": text(limits.FILENAME)})),
    "location": _parameter("location", LOCATION),
    "product": _parameter("product", anything),
}
_ON_BUTTON = {
    "text": _TEXT,
    "payload": _parameter("payload", text(limits.TEMPLATE_PAYLOAD)),
    "coupon_code": _parameter("coupon_code", text(limits.COUPON_CODE)),
    "ttl_minutes": _parameter("ttl_minutes", whole_number(1, limits.CALL_TTL_MINUTES)),
    "action": _parameter("action", an_object),
}
_OFFER = {"limited_time_offer": _parameter("limited_time_offer", an_object)}

_PLAIN_COMPONENTS: Mapping[str, Check] = {
    "header": record({"type": one_of("header"), "parameters": _parameters(_IN_HEADER)}),
    "body": record({"type": one_of("body"), "parameters": _parameters(_IN_BODY)}),
    "button": _any_case(
        "sub_type",
        record(
            {"type": one_of("button"), "sub_type": one_of(*_SUB_TYPES), "index": _index},
            {"parameters": _parameters(_ON_BUTTON)},
        ),
    ),
    "limited_time_offer": record({"type": one_of("limited_time_offer"), "parameters": _parameters(_OFFER)}),
}


def _components(kinds: Mapping[str, Check]) -> Check:
    return array(_any_case("type", variant("type", kinds)), fewest=0, most=limits.COMPONENTS)


_CARD = record({"card_index": whole_number(0, limits.CARDS[1] - 1), "components": _components(_PLAIN_COMPONENTS)})
_CAROUSEL = record({"type": one_of("carousel"), "cards": array(_CARD, fewest=limits.CARDS[0], most=limits.CARDS[1])})

TEMPLATE = record(
    {
        "name": text(limits.TEMPLATE_NAME),
        "language": record({"code": text(limits.LANGUAGE_CODE)}, {"policy": one_of("deterministic")}),
    },
    {"components": _components({**_PLAIN_COMPONENTS, "carousel": _CAROUSEL})},
)
