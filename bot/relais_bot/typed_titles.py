"""Words that are the title of a button on the screen mean what the button means.

Some phones show no buttons, and some people rather type: "modifier" under a cart is that cart's button, whatever the
word would mean by itself. Only what was said since the person's last message counts; older screens are forgotten.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def meaning_of_title(tracker: DialogueStateTracker, text: str) -> dict[str, Any] | None:
    """What a tap on the button of this title would say, as Rasa's parse data; None where no button, or two, fit."""
    typed = _words(text)
    payloads = {payload for title, payload in _buttons(tracker) if _words(title) == typed}
    return _parse_data(text, payloads.pop()) if typed and len(payloads) == 1 else None


def _buttons(tracker: DialogueStateTracker) -> Iterator[tuple[str, str]]:
    """Title and payload of each button that the last answer showed, those of its cards too."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return
        if isinstance(event, BotUttered):
            data = event.data or {}
            cards = [card for card in data.get("elements") or () if isinstance(card, Mapping)]
            for shown in (data, *cards):
                for button in shown.get("buttons") or ():
                    yield str(button.get("title") or ""), str(button.get("payload") or "")


def _words(title: str) -> str:
    """As people type it: without signs, accents and capitals. Stars alone stay as they are."""
    decomposed = unicodedata.normalize("NFKD", title.casefold().replace("’", "'"))
    kept = "".join(each if each.isalnum() else " " for each in decomposed if not unicodedata.combining(each))
    return " ".join(kept.split()) or title.strip()


def _parse_data(text: str, payload: str) -> dict[str, Any] | None:
    """None for a link, and for words: those are understood like any others."""
    if not payload.startswith("/"):
        return None
    name, brace, rest = payload[1:].partition("{")
    try:
        found = json.loads(brace + rest) if brace else {}
    except ValueError:
        return None
    meant = {"name": name.strip(), "confidence": 1.0}
    entities = [
        {"entity": entity, "value": value}
        for entity, values in found.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return {"text": text, "intent": meant, "intent_ranking": [meant], "entities": entities}
