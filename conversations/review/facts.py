"""What happened in a turn, read from what it answered and from the bot's events. Pure.

Events are Rasa's, of whichever assistant: anything may be missing, nothing here raises over it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

FALLBACK_INTENT: Final = "nlu_fallback"
"""Rasa's name for: not sure enough of any meaning."""

OUT_OF_SCOPE_INTENT: Final = "out_of_scope"
"""The name in this project for: none of our business."""

FALLBACK_ACTIONS: Final = frozenset({"action_default_fallback", "action_two_stage_fallback"})
"""Rasa's names of what is done when nothing was understood."""

_SILENT: Final = frozenset({"action_listen", "action_session_start", "action_extract_slots"})
"""Actions of Rasa's own clockwork, of which nobody reads."""

_FAILED: Final = "relais_failed"
"""Set on the event of an action that failed, by bot/relais_bot."""

type Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One meaning, and how likely it was."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Something that was found in the words."""

    name: str
    value: str = field(repr=False)
    start: int | None
    end: int | None
    extractor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An action that ran."""

    name: str
    policy: str | None
    took_ms: int | None
    """Since what was done before it."""
    failed: str | None
    """The kind of error, where it failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A turn as somebody reads it who looks after the assistant."""

    text: str = field(repr=False)
    intent: str | None = None
    confidence: float | None = None
    """Of the likeliest meaning that is one: the fallback says only that none was likely enough."""
    ranking: Sequence[Guess] = ()
    is_fallback: bool = False
    entities: Sequence[Entity] = ()
    actions: Sequence[Done] = ()
    slots: Sequence[tuple[str, str]] = field(default=(), repr=False)
    """Name and value of each that was set, in order; "" where it was emptied."""
    form: str | None = None
    """The form that was open at the end, where one opened or closed."""
    in_form: bool = False
    """Whether a form asked or listened: the words may be an answer to it, and have no meaning of their own."""
    language: str | None = None
    """In which the bot spoke."""
    line_language: str | None = None
    """In which these very words are, as far as the bot could tell."""

    @property
    def margin(self) -> float | None:
        """How much likelier the likeliest real meaning was than the next; None where there was no next."""
        real = sorted((guess.confidence for guess in self.ranking if guess.intent != FALLBACK_INTENT), reverse=True)
        return real[0] - real[1] if len(real) > 1 else None


def facts_of(turn_input: Mapping[str, Any], events: Sequence[Event]) -> Facts:
    """Read a turn."""
    place = _user_event(events)
    if place is None:
        return Facts(text=said_in(turn_input, ""))
    user, after = events[place], events[place + 1 :]
    parsed = _mapping(user.get("parse_data"))
    ranking = _ranking(parsed)
    intent = _text(_mapping(parsed.get("intent")).get("name")) or None
    actions = list(_actions(after, _moment(user)))
    # In a form the fallback's words may well be the answer: there it is one only where the bot said that it is lost.
    in_form = any(event.get("event") == "active_loop" and event.get("name") for event in after) or any(
        _text(event.get("name")).endswith("_form") for event in after if event.get("event") == "action"
    )
    lost = any(action.name in FALLBACK_ACTIONS for action in actions)
    return Facts(
        text=said_in(turn_input, _text(user.get("text"))),
        intent=intent,
        confidence=next((guess.confidence for guess in ranking if guess.intent != FALLBACK_INTENT), None),
        ranking=ranking,
        is_fallback=lost or (intent == FALLBACK_INTENT and not in_form),
        entities=list(_entities(parsed)),
        actions=actions,
        slots=[(_text(e.get("name")), _text(e.get("value"))) for e in after if e.get("event") == "slot"],
        form=next((_text(e.get("name")) for e in reversed(after) if e.get("event") == "active_loop"), None) or None,
        in_form=in_form,
        language=_language(parsed, events),
        line_language=_text(_mapping(parsed.get("language")).get("name"))[:8] or None,
    )


def said_in(turn_input: Mapping[str, Any], heard: str) -> str:
    """What the person said, as far as it was words; `heard` is how the bot read it."""
    match turn_input.get("kind"):
        case "words":
            return _text(turn_input.get("text"))
        case "reply":
            return _text(turn_input.get("title"))
        case "file":
            return _text(turn_input.get("caption"))
        case "cart":
            return _text(turn_input.get("note"))
        case "voice":
            return heard
        case _:
            return ""


def _user_event(events: Sequence[Event]) -> int | None:
    places = [place for place, event in enumerate(events) if event.get("event") == "user"]
    return places[-1] if places else None


def _ranking(parsed: Event) -> list[Guess]:
    found = parsed.get("intent_ranking")
    listed = found if isinstance(found, list) and found else [parsed.get("intent")]
    guesses = ((_text(_mapping(each).get("name")), _number(_mapping(each).get("confidence"))) for each in listed)
    return [Guess(intent=name, confidence=confidence or 0.0) for name, confidence in guesses if name]


def _entities(parsed: Event) -> Iterable[Entity]:
    found = parsed.get("entities")
    for each in found if isinstance(found, list) else []:
        entity = _mapping(each)
        if name := _text(entity.get("entity")):
            yield Entity(
                name=name,
                value=_text(entity.get("value")),
                start=_whole(entity.get("start")),
                end=_whole(entity.get("end")),
                extractor=_text(entity.get("extractor")) or None,
            )


def _actions(after: Sequence[Event], began: float | None) -> Iterable[Done]:
    before = began
    for event in after:
        now = _moment(event)
        if event.get("event") == "action" and (name := _text(event.get("name"))) not in _SILENT:
            took = None if before is None or now is None else max(0, round((now - before) * 1000))
            failed = _text(_mapping(event.get("metadata")).get(_FAILED)) or None
            yield Done(name=name, policy=_text(event.get("policy")) or None, took_ms=took, failed=failed)
            before = now if now is not None else before


def _language(parsed: Event, events: Sequence[Event]) -> str | None:
    chosen = [e.get("value") for e in events if e.get("event") == "slot" and e.get("name") == "language"]
    named = chosen[-1] if chosen else _mapping(parsed.get("language")).get("name")
    return named[:8] if isinstance(named, str) and named else None


def _mapping(value: object) -> Event:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _moment(event: Event) -> float | None:
    return _number(event.get("timestamp"))
