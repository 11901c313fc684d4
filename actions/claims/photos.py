"""Photos, films and documents: which came, and one answer for an album of ten."""

from collections.abc import Iterator
from typing import Any

from actions.spoken import SpokenAction
from actions.turn import Event, Turn, payload

ALBUM_SECONDS = 60.0
"""What comes within this time of the photo before belongs to it; as the texts of the services are not repeated."""

KEPT_IN_MIND = 30 * 60.0
"""Seconds for which a photo belongs to the complaint that follows it."""

MAX_MEDIA = 10
"""Files of one claim, as the contract has it (docs/backend.md)."""

Media = dict[str, str]  # id, and mime_type where it is known


class TakeMedia(SpokenAction):
    """Thanks for a photo that nobody asked for, and offers what it may be about."""

    def name(self) -> str:
        """As in the domain."""
        return "action_take_media"

    async def answer(self, turn: Turn) -> list[Event]:
        """The first of an album; the others are kept like it."""
        if is_more_of_an_album(turn):
            turn.stay_silent()
        else:
            turn.say("utter_media_received")
        return []

    def again(self, turn: Turn) -> str:
        """The photo is kept: what it is about can be said."""
        return payload("claim")


def media_of(turn: Turn) -> tuple[Media, ...]:
    """What came with the message; only the server says so, never what somebody typed."""
    return _media(turn.events_of_people()[-1:])


def is_more_of_an_album(turn: Turn) -> bool:
    """Whether it is a photo without words, and the message a moment before was a photo too."""
    *_, before, now = (None, None, *turn.events_of_people())
    if before is None or now is None or not _media([before]):
        return False
    return _is_bare(now) and _moment(now) - _moment(before) <= ALBUM_SECONDS


def recent_media(turn: Turn, *, since: tuple[str, ...] = ()) -> tuple[Media, ...]:
    """What was shared lately, oldest first, and after the last of the actions named `since`."""
    said = turn.events_of_people()
    if not said:
        return ()
    recent: list[Event] = []
    for event in reversed(turn.events):
        if event.get("event") == "action" and event.get("name") in since:
            break
        if event.get("event") == "user" and _moment(said[-1]) - _moment(event) <= KEPT_IN_MIND:
            recent.append(event)
    return _media(reversed(recent))[-MAX_MEDIA:]


def _media(said: Any) -> tuple[Media, ...]:
    return tuple(file for event in said for file in _files(event))


def _files(event: Event) -> Iterator[Media]:
    entities = (event.get("parse_data") or {}).get("entities") or ()
    found = {str(entity.get("entity")): str(entity.get("value") or "") for entity in entities}
    if found.get("media_id"):
        yield {"id": found["media_id"], "mime_type": found.get("media_type", "")}


def _is_bare(event: Event) -> bool:
    return ((event.get("parse_data") or {}).get("intent") or {}).get("name") == "share_media"


def _moment(event: Event) -> float:
    return float(event.get("timestamp") or 0.0)
