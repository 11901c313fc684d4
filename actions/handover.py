"""What the assistant knows of a talk, in words for the human who takes it up."""

from collections.abc import Iterator
from typing import Any, Final

from actions.fallback import OFFERED
from actions.questions import REMINDED
from actions.shop.cart import Cart
from actions.turn import LANGUAGES, Turn
from actions.words import compose
from trade.markup import shorten

MAX_WISHES: Final = 5
MAX_ANSWERS: Final = 12
MAX_SHOWN: Final = 300
"""Characters of one answer."""

_SHOWN: Final = {"delivery": "shown_delivery", "order": "shown_order", "claim": "shown_claim"}
"""Slots that hold the code of what was last on the screen, by what it is."""

_INNER: Final = ("attempts", "problem", "quote", "confirmed", "created", "summary", "options", "suggested")
"""What a form keeps for itself."""

Summary = dict[str, Any]


def summary_of(turn: Turn) -> Summary:
    """Last wishes, the open form with its answers, the cart, and what was on the screen; in the business's language."""
    language = _language(turn)
    moved = rescheduled(turn)
    return {
        "wishes": [
            *(compose("meaning", language, intent=intent) for intent in _wishes(turn)),
            *([compose("handover_reschedule", language, code=moved)] if moved else []),
        ],
        "doing": compose("handover_form", language, form=turn.form) if turn.form else None,
        "answers": list(_answers(turn, language))[:MAX_ANSWERS],
        "about": [
            *dict.fromkeys(str(code) for code in (moved, *map(turn.slot, _SHOWN.values())) if code),
            *_cart(turn),
        ],
        "codes": {what: str(code) for what, slot in _SHOWN.items() if (code := turn.slot(slot))},
    }


def rescheduled(turn: Turn) -> str | None:
    """The code of the delivery whose hour does not suit, where that was the answer to its reminder."""
    return turn.entity("delivery_code") if turn.entity(REMINDED) == "reschedule" else None


def _language(turn: Turn) -> str:
    """The team reads the business's, whatever the person writes."""
    default = turn.slot("default_language")
    return str(default) if default in LANGUAGES else LANGUAGES[0]


def _wishes(turn: Turn) -> list[str]:
    """What was asked for lately, each once, the newest last."""
    said = [event for event in turn.events if event.get("event") == "user"]
    intents = [((each.get("parse_data") or {}).get("intent") or {}).get("name") for each in said]
    wishes = [intent for intent in intents if intent in OFFERED and intent != "human_agent"]
    newest_first = dict.fromkeys(reversed(wishes))
    return list(newest_first)[:MAX_WISHES][::-1]


def _answers(turn: Turn, language: str) -> Iterator[str]:
    """Of the open form alone: its slots begin with its name."""
    if turn.form is None:
        return
    prefix = f"{turn.form.removesuffix('_form')}_"
    for name, value in turn.slots.items():
        field = name.removeprefix(prefix)
        if field == name or field in _INNER or value in (None, "", [], {}):
            continue
        yield f"{compose('handover_field', language, field=field)}: {shorten(_shown(value), MAX_SHOWN)}"


def _shown(value: Any) -> str:
    match value:
        case {"address": str(address)}:
            return address
        case {"latitude": latitude, "longitude": longitude}:
            return f"{latitude}, {longitude}"
        case {"method": method, "provider": provider}:
            return str(provider or method)
        case [*several]:
            return str(len(several))
        case _:
            return " ".join(str(value).split())


def _cart(turn: Turn) -> list[str]:
    cart = Cart.of(turn)
    lines = [f"{line.quantity} × {line.name}" + (f" ({line.note})" if line.note else "") for line in cart.lines]
    return [*lines, *([cart.note] if cart.note else [])]
