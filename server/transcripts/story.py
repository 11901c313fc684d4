"""Writes a talk as an end-to-end story of Rasa 3, for `rasa test`. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from server.transcripts.exchange import Talk
from server.transcripts.veil import Veil

_CLOCKWORK: Final = frozenset({"action_listen", "action_session_start", "action_extract_slots"})
_OF_THE_TALK: Final = frozenset({"language", "language_chosen", "requested_slot"})
"""Slots that Relais or Rasa itself keeps."""

type Event = Mapping[str, Any]


def write_story(talk: Talk, name: str, *, is_demo: bool) -> str:
    """A file with this one story."""
    veil = Veil(is_demo=is_demo, own_name=talk.name or "")
    steps = [line for exchange in talk.exchanges for line in _steps(exchange.events, veil)]
    head = ['version: "3.1"', "stories:", f"- story: {json.dumps(name, ensure_ascii=False)}"]
    return "\n".join([*head, "  steps:" if steps else "  steps: []", *steps]) + "\n"


def _steps(events: Sequence[Event], veil: Veil) -> Iterator[str]:
    places = [place for place, event in enumerate(events) if event.get("event") == "user"]
    if not places:
        return
    user, after = events[places[-1]], events[places[-1] + 1 :]
    yield from _user(user, veil)
    for event in after:
        name = event.get("name")
        match event.get("event"):
            case "action" if isinstance(name, str) and name not in _CLOCKWORK:
                yield f"  - action: {name}"
            case "active_loop":
                yield f"  - active_loop: {json.dumps(name)}"
            case "slot" if isinstance(name, str) and name not in _OF_THE_TALK:
                yield "  - slot_was_set:"
                yield f"    - {_slot(name, event.get('value'), veil)}"


def _user(event: Event, veil: Veil) -> Iterator[str]:
    parsed = event.get("parse_data")
    parsed = parsed if isinstance(parsed, Mapping) else {}
    intent = (parsed.get("intent") or {}).get("name")
    found = [each for each in parsed.get("entities") or [] if isinstance(each, Mapping)]
    text = event.get("text") or ""
    # A tap has no words that stand for its meaning; Rasa reads what a button says it means.
    is_tap = any(each.get("start") is None for each in found) or not parsed.get("intent_ranking")
    if is_tap and intent:
        values = {str(each.get("entity")): _veiled(each.get("value"), veil) for each in found}
        said = f"/{intent}" + (json.dumps(values, ensure_ascii=False) if values else "")
    else:
        said = _annotated(text, found, veil)
    yield "  - user: |"
    yield from (f"      {line}" for line in said.splitlines() or [""])
    if intent:
        yield f"    intent: {intent}"


def _annotated(text: str, entities: Sequence[Event], veil: Veil) -> str:
    """The words with what was found in them, as training data writes it."""
    written, at = "", 0
    for each in sorted(entities, key=lambda each: (each["start"], each["end"])):
        start, end = each["start"], each["end"]
        if start < at or not text[start:end]:
            # Two of them share words: the first is written.
            continue
        words, value = veil.said(text[start:end]), _veiled(each.get("value"), veil)
        meant = {"entity": each.get("entity")} | ({} if value == words else {"value": value})
        written += veil.said(text[at:start]) + f"[{words}]{json.dumps(meant, ensure_ascii=False)}"
        at = end
    return written + veil.said(text[at:])


def _slot(name: str, value: Any, veil: Veil) -> str:
    """With its value where that says nothing of anybody; else that it was set."""
    if value is None or isinstance(value, bool | int | float):
        return f"{name}: {json.dumps(value)}"
    if isinstance(value, str) and len(value) <= 40 and veil.said(value) == value:
        return f"{name}: {json.dumps(value, ensure_ascii=False)}"
    return name


def _veiled(value: Any, veil: Veil) -> Any:
    return veil.said(value) if isinstance(value, str) else value
