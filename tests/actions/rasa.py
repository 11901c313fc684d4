"""What Rasa does around an action, small: a tracker before it, the words of data/responses after it."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

ROOT = Path(__file__).parents[2]
TURN_ID = "0199-turn"

RESPONSES: dict[str, list[dict[str, Any]]] = {
    name: variations
    for path in sorted(ROOT.glob("data/responses/*.yml"))
    for name, variations in yaml.load(path.read_text(), Loader=yaml.CSafeLoader)["responses"].items()
}


def _domain() -> dict[str, Any]:
    """The files of domain/ as Rasa merges them."""
    merged: dict[str, Any] = {"intents": [], "entities": [], "slots": {}, "forms": {}, "actions": []}
    for path in sorted(ROOT.glob("domain/*.yml")):
        for key, value in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).items():
            if isinstance(merged.get(key), list):
                merged[key] += value
            elif isinstance(merged.get(key), dict):
                merged[key] |= value
    return merged


DOMAIN = _domain()

BUSINESS_SLOTS = {"business_name": "Kimia Express", "support_number": "+242065000001", "default_language": "fr"}
INITIAL_SLOTS = {name: slot.get("initial_value") for name, slot in DOMAIN["slots"].items()}


def said_by_person(
    intent: str = "track_delivery", ranking: Sequence[str] = (), text: str = "…", **entities: str | list[str]
) -> dict[str, Any]:
    """Rasa's parse data of a message: what was understood and found."""
    found = [
        {"entity": name, "value": value}
        for name, values in entities.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": name, "confidence": 0.3} for name in ranking],
        "entities": found,
    }


def said_at(moment: float, message: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a message, as Rasa keeps it; its moment in seconds since 1970."""
    return {"event": "user", "text": message["text"], "timestamp": moment, "parse_data": dict(message)}


def tapped(intent: str, title: str = "…", **entities: str) -> dict[str, Any]:
    """Rasa's parse data of a button or a row."""
    return said_by_person(intent, [intent], title, **entities)


def tracker(
    message: Mapping[str, Any],
    sender: str = "grace",
    language: str = "fr",
    before: Sequence[Any] = (),
    form: str | None = None,
    now: float = 0.0,
    **slots: Any,
) -> Tracker:
    """The conversation as the action server receives it, `now` in seconds since 1970."""
    return Tracker.from_dict(
        {
            "sender_id": sender,
            "slots": INITIAL_SLOTS | BUSINESS_SLOTS | {"language": language} | slots,
            "latest_message": dict(message),
            "events": [*before, said_at(now, message) | {"message_id": TURN_ID}],
            "paused": False,
            "followup_action": None,
            "active_loop": {"name": form} if form else {},
            "latest_action_name": "action_listen",
        }
    )


class Played:
    """What came of an action: what the person reads, and what Rasa remembers."""

    def __init__(self, said: list[dict[str, Any]], events: list[dict[str, Any]]) -> None:
        self.said = said
        self.events = events

    @property
    def text(self) -> str:
        """Everything that was said."""
        return "\n".join(str(each.get("text") or "") for each in self.said)

    @property
    def names(self) -> list[str | None]:
        """The responses that were chosen."""
        return [each["name"] for each in self.said]

    @property
    def titles(self) -> list[str]:
        """The buttons and rows of the last response."""
        return [button["title"] for button in self.said[-1]["buttons"]]

    @property
    def payloads(self) -> list[str]:
        """What the buttons and rows of the last response mean."""
        return [button["payload"] for button in self.said[-1]["buttons"]]

    @property
    def slots(self) -> dict[str, Any]:
        """What is remembered from now on."""
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def next_action(self) -> str | None:
        """What Rasa is asked to do next."""
        return next((event["name"] for event in self.events if event["event"] == "followup"), None)


async def play(action: Action, tracker: Tracker) -> Played:
    """Run an action and put its responses into words, as Rasa does."""
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker, DOMAIN)
    return Played([_worded(message, tracker.slots) for message in dispatcher.messages], events)


def variations(name: str, slots: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The variations of a response among which Rasa would choose."""
    return [
        variation
        for variation in RESPONSES[name]
        if all(slots.get(each["name"]) == each["value"] for each in variation["condition"])
    ]


def fill(template: Any, values: Mapping[str, Any]) -> Any:
    """Rasa's interpolation (rasa/core/nlg/interpolator.py), its oddities included."""
    if isinstance(template, str):
        filled = re.sub(r"{([^\n{}]+?)}", r"{0[\1]}", template).format(values)
        return template.format({}) if "0[" in filled else filled
    if isinstance(template, dict):
        return {key: fill(value, values) for key, value in template.items()}
    return [fill(each, values) for each in template] if isinstance(template, list) else template


def _worded(message: dict[str, Any], slots: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: value for key, value in message.items() if value}
    name = given.pop("response", None)
    if name is None:
        return {"name": None, "buttons": []} | given
    eligible = variations(name, slots)
    assert eligible, f"{name} has no words for {slots['language']}"
    worded = [fill(each, dict(slots) | message) for each in eligible]  # a placeholder left empty fails here
    draft: dict[str, Any] = {"name": name, "buttons": []} | worded[0]
    return draft | given | {"buttons": [*draft["buttons"], *given.get("buttons", [])]}
