"""One turn as an action sees it: what the person asked, and the means to answer."""

import json
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from channels.whatsapp.messages import Message, to_payload

Event = dict[str, Any]  # as Rasa writes it in JSON; made with rasa_sdk.events
Row = dict[str, str]  # title, payload and, in a list, description
Element = dict[str, Any]  # one of several things: title, subtitle, image_url, buttons

LANGUAGES = ("fr", "en")
UNKNOWN_TURN = "unknown"


class Turn:
    """The tracker read and the dispatcher written in our words."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """Look at one call of Rasa; nothing is kept after it."""
        self._dispatcher = dispatcher
        self._tracker = tracker

    @property
    def id(self) -> str:
        """The id the server gave to the message being answered."""
        return turn_id(self._tracker.events)

    @property
    def sender_id(self) -> str:
        """Who asks, as an opaque id."""
        return str(self._tracker.sender_id)

    @property
    def language(self) -> str:
        """The language to answer in: the person's, else the business's, else French."""
        wanted = (self.slot("language"), self.slot("default_language"), LANGUAGES[0])
        return next(str(language) for language in wanted if language in LANGUAGES)

    @property
    def intent(self) -> str | None:
        """What the message was taken to mean."""
        return (self._tracker.latest_message.get("intent") or {}).get("name")

    @property
    def text(self) -> str:
        """What was written, or the title of what was tapped."""
        return str(self._tracker.latest_message.get("text") or "")

    @property
    def is_tapped(self) -> bool:
        """Whether it is a button or a row: what is written has several meanings, or none."""
        return self.meanings == (self.intent,) and self.intent != "nlu_fallback"

    @property
    def form(self) -> str | None:
        """The form whose questions are being answered."""
        return (self._tracker.active_loop or {}).get("name")

    @property
    def meanings(self) -> tuple[str, ...]:
        """What the message may mean, likeliest first."""
        ranking = self._tracker.latest_message.get("intent_ranking") or ()
        return tuple(str(guess["name"]) for guess in ranking)

    @property
    def events(self) -> list[Event]:
        """The session so far, oldest first."""
        return list(self._tracker.events)

    def events_of_turn(self) -> list[Event]:
        """What has come of the message so far, the message itself first."""
        events = self.events
        said = [place for place, event in enumerate(events) if event.get("event") == "user"]
        return events[said[-1] :] if said else []

    def events_of_people(self) -> list[Event]:
        """What the person said in the session, oldest first."""
        return [event for event in self._tracker.events if event.get("event") == "user"]

    @property
    def slots(self) -> dict[str, Any]:
        """Everything that is remembered."""
        return dict(self._tracker.slots)

    def slot(self, name: str) -> Any:
        """What is remembered under this name, or None."""
        return self._tracker.slots.get(name)

    def entities(self, name: str) -> tuple[str, ...]:
        """The different values found in the message, in the order they were written."""
        found = (value for value in self._tracker.get_latest_entity_values(name) if value)
        return tuple(dict.fromkeys(str(value) for value in found))

    @property
    def entity_names(self) -> frozenset[str]:
        """What kinds of thing were found in the message."""
        found = self._tracker.latest_message.get("entities") or ()
        return frozenset(str(each["entity"]) for each in found)

    def entity(self, name: str) -> str | None:
        """The first value found in the message."""
        return next(iter(self.entities(name)), None)

    def say(self, response: str, **values: Any) -> None:
        """Answer with a response of data/responses, its placeholders filled.

        A `text` takes the place of the response's own, an `image`, `buttons` and `elements` come beside it.
        """
        self._dispatcher.utter_message(response=response, **{name: _guarded(value) for name, value in values.items()})

    def say_text(self, text: str) -> None:
        """Answer with a text that needs no response around it."""
        self._dispatcher.utter_message(text=text)

    def send(self, message: Message) -> None:
        """Answer with a kind of message that Rasa has no words for."""
        self._dispatcher.utter_message(json_message={"whatsapp": to_payload(message)})

    def stay_silent(self) -> None:
        """Answer nothing, on purpose: without this the server takes silence for a failure, and apologises."""
        self._dispatcher.utter_message(json_message={"silence": True})

    def take_back(self) -> None:
        """Forget what was said so far in this action."""
        self._dispatcher.messages.clear()


def turn_id(events: list[Event]) -> str:
    """The message id of the last thing the person said."""
    said = (event.get("message_id") for event in reversed(events) if event.get("event") == "user")
    return str(next(said, None) or UNKNOWN_TURN)


def payload(intent: str, **entities: str) -> str:
    """What a button or row means: `/intent{"entity": "value"}`."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"


def _guarded(value: Any) -> Any:
    """Rasa takes "0[" in a filled text for a placeholder left unfilled, and shows the bare response instead."""
    return value.replace("0[", "0\u2060[") if isinstance(value, str) else value
