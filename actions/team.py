"""A human, and the language to speak: what needs no delivery and no product."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from rasa_sdk.events import FollowupAction, SlotSet

from actions.fallback import HUMAN_OFFERED
from actions.handover import rescheduled, summary_of
from actions.people import PeopleClient, PeopleError
from actions.questions import put_before
from actions.spoken import SpokenAction
from actions.turn import LANGUAGES, Event, Turn, payload
from actions.words import compose
from trade.hours import opening
from trade.markup import plain

TIME, DAY, DATE = "HH:mm", "EEEE", "d MMMM"
DAYS_BY_NAME = 7


def utc_now() -> datetime:
    """The clock of the action server."""
    return datetime.now(UTC)


class HumanAgent(SpokenAction):
    """Lets the team know, with a summary of the talk; tells how to reach it, and no more than is known."""

    def __init__(self, people: PeopleClient, clock: Callable[[], datetime] = utc_now) -> None:
        """Ask for the human, and learn the hours, through `people`."""
        self._people = people
        self._clock = clock

    def name(self) -> str:
        """As in the domain."""
        return "action_human_agent"

    async def answer(self, turn: Turn) -> list[Event]:
        """For who asks, and for whom the assistant did not understand three times."""
        is_asked = turn.intent == "human_agent" or put_before(turn).get("topic") == HUMAN_OFFERED
        turn.say("utter_human_agent", text=await self._text(turn, is_lost=not is_asked))
        spoken_of = [SlotSet("shown_delivery", code)] if (code := rescheduled(turn)) else []
        return spoken_of if is_asked else [FollowupAction(turn.form or "action_listen")]

    async def hand_over(self, turn: Turn, again: str) -> None:
        """For whose answers to a form are not understood: `again` is the payload that takes the form up with them."""
        turn.say("utter_handed_over", text=await self._text(turn, is_lost=True, is_kept=True), again=again)

    def again(self, turn: Turn) -> str:
        """The same question."""
        return payload("human_agent")

    async def _text(self, turn: Turn, *, is_lost: bool, is_kept: bool = False) -> str:
        told = await self._asked(turn, "lost" if is_lost else "asked") | await self._hours(turn)
        return compose(
            "human_agent",
            turn.language,
            is_lost=is_lost,
            is_kept=is_kept,
            rescheduled=plain(rescheduled(turn) or ""),
            business=turn.slot("business_name"),
            number=turn.slot("support_number"),
            **told,
        )

    async def _asked(self, turn: Turn, reason: str) -> dict[str, Any]:
        """Whether the team knows; where it does not, nothing of the kind is claimed."""
        try:
            asked_at, is_new = await self._people.ask_for_human(
                turn.sender_id, turn.id, reason=reason, language=turn.language, summary=summary_of(turn)
            )
            zone = ZoneInfo((await self._people.person(turn.sender_id)).timezone)
        except PeopleError:
            return {"is_noted": False, "since": None}
        return {"is_noted": True, "since": None if is_new else _moment(asked_at, self._clock(), zone, turn.language)}

    async def _hours(self, turn: Turn) -> dict[str, Any]:
        try:
            person = await self._people.person(turn.sender_id)
        except PeopleError:
            return {"hours": "", "until": None, "opens": None}  # the number alone helps more than an apology
        zone, now = ZoneInfo(person.timezone), self._clock()
        found = opening(person.support_hours, now.astimezone(zone))
        return {
            "hours": compose("hours", turn.language, hours=person.support_hours),
            "until": found.until and _moment(found.until, now, zone, turn.language),
            "opens": found.opens_at and _moment(found.opens_at, now, zone, turn.language),
        }


def _moment(moment: datetime, now: datetime, zone: ZoneInfo, language: str) -> dict[str, Any]:
    """The time, and the day where it is not today: by its name in the days around, else by its date."""
    there, today = moment.astimezone(zone), now.astimezone(zone).date()
    is_near = abs((there.date() - today).days) < DAYS_BY_NAME
    shape = DAY if is_near else DATE
    return {
        "time": format_datetime(there, TIME, tzinfo=zone, locale=language),
        "is_date": not is_near,
        "day": None if there.date() == today else format_datetime(there, shape, tzinfo=zone, locale=language),
    }


class ChangeLanguage(SpokenAction):
    """Confirms the language; asks which one when none that we speak was named."""

    def name(self) -> str:
        """As in the domain."""
        return "action_change_language"

    async def answer(self, turn: Turn) -> list[Event]:
        """The turn channel has set the slot before: the confirmation already speaks the new language."""
        wanted = turn.entity("language")
        turn.say("utter_language_changed" if wanted in LANGUAGES else "utter_ask_language")
        return []
