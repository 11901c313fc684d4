"""What we know of a person, as a file in the chat; and its end, after two questions."""

from datetime import datetime
from typing import Final

from babel.dates import format_date
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.people import KeptByLaw, PeopleClient, PeopleUnavailable, WishRefused
from actions.questions import put
from actions.spoken import CustomerAction, SpokenAction
from actions.turn import Event, Turn, payload
from actions.words import compose
from channels.whatsapp.messages import Document
from trade.markup import plain
from trade.problems import ProblemCode

SLOT: Final = "deletion_asked"
"""The wish: `id` is that of the turn which asked first, `step` the question it is at."""

DELETION: Final = "deletion"
"""The topic of both questions."""

SURE, FINAL, DONE = "sure", "final", "done"
KEEP: Final = "keep"


class ExportMyData(SpokenAction):
    """Sends the person everything that is known of them. The chat itself is their identity: it goes nowhere else."""

    def __init__(self, people: PeopleClient) -> None:
        """Have the server make the file through `people`."""
        self._people = people

    def name(self) -> str:
        """As in the domain."""
        return "action_export_my_data"

    async def answer(self, turn: Turn) -> list[Event]:
        """What it is, then the file."""
        file = await self._people.personal_file(turn.sender_id)
        turn.say("utter_my_data")
        turn.send(Document(id=file.media_id, filename=file.filename))
        return []

    def again(self, turn: Turn) -> str:
        """The same file."""
        return payload("export_my_data")


class DeleteMyData(CustomerAction):
    """Asks twice, then has the person forgotten: by the server, which asks the backend itself."""

    def name(self) -> str:
        """As in the domain."""
        return "action_delete_my_data"

    async def answer(self, turn: Turn) -> list[Event]:
        """A button counts for the wish it was made for; a typed yes leads to the last question, and not past it."""
        asked, tapped = turn.slot(SLOT) or {}, turn.entity("deletion_step")
        if turn.intent == "affirm" and asked:
            return _last_question(turn, asked["id"])
        if tapped is None:
            turn.say("utter_delete_sure", wish=turn.id)
            return [SlotSet(SLOT, {"id": turn.id, "step": SURE}), put(turn, DELETION)]
        if turn.entity("deletion") != asked.get("id"):
            turn.say("utter_delete_stale")
            return []
        if asked["step"] == DONE:
            turn.say("utter_delete_noted")
            return []
        if tapped == KEEP:
            return keep_data(turn)
        if tapped == FINAL and asked["step"] == FINAL:
            return await self._delete(turn, asked["id"])
        return _last_question(turn, asked["id"])

    async def _delete(self, turn: Turn, wish: str) -> list[Event]:
        try:
            kept = await self.people.erase(turn.sender_id, wish)
        except WishRefused as refused:
            under_way = refused.code == ProblemCode.DELIVERY_UNDER_WAY
            turn.say("utter_delete_under_way" if under_way else "utter_delete_refused")
            return [SlotSet(SLOT, None)]
        except PeopleUnavailable:
            turn.say("utter_delete_in_doubt", wish=wish)
            return []
        turn.say("utter_delete_done", text=compose("deleted", turn.language, kept=_kept(turn, kept)))
        # Nothing that was begun goes on; the bot's own memory of the talk follows.
        done = SlotSet(SLOT, {"id": wish, "step": DONE})
        return [ActiveLoop(None), SlotSet("requested_slot", None), done, FollowupAction("action_listen")]


def keep_data(turn: Turn) -> list[Event]:
    """The wish is taken back."""
    turn.say("utter_delete_kept")
    return [SlotSet(SLOT, None)]


def _last_question(turn: Turn, wish: str) -> list[Event]:
    turn.say("utter_delete_final", wish=wish)
    return [SlotSet(SLOT, {"id": wish, "step": FINAL}), put(turn, DELETION)]


def _kept(turn: Turn, kept: tuple[KeptByLaw, ...]) -> list[tuple[str, str | None]]:
    return [(plain(each.what), _day(each.until, turn.language)) for each in kept]


def _day(moment: datetime | None, language: str) -> str | None:
    return None if moment is None else str(format_date(moment, "d MMMM y", locale=language))
