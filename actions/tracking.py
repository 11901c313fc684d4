"""Where is my delivery: by code, by list, or by asking for the code."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.claims.status import ShowClaimStatus
from actions.delays import explain_delay
from actions.deliveries import delivery_rows, show_delivery, under_way
from actions.orders.details import names_order, show_named
from actions.people import PeopleClient
from actions.spoken import CustomerAction
from actions.team import HumanAgent
from actions.turn import Event, Turn, payload
from actions.validating import TRIES_UNTIL_HUMAN, ValidateAnswers, tried_again
from actions.whereabouts import WhereIsCourier
from backend import BackendClient, Customer, NotFound
from trade.missions import Mission, is_late

MAX_CODES_AT_ONCE = 3  # in one message; more would fill the screen

FORM = "tracking_form"
LATE = "delivery_delay"


class TrackDelivery(CustomerAction):
    """Shows a timeline; lets the person choose among several; asks for a code when there is none."""

    def __init__(
        self, people: PeopleClient, backend: BackendClient, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Tell by `clock` what is late."""
        super().__init__(people, backend)
        self._clock = clock

    def name(self) -> str:
        """As in the domain."""
        return "action_track_delivery"

    async def answer(self, turn: Turn) -> list[Event]:
        """Take the code of the form, else those of the message, else the person's own deliveries."""
        if turn.entity("whereabouts"):
            return [*self.forget(), *await WhereIsCourier(self.people, self.backend).answer(turn)]
        if names_order(turn):
            return [*self.forget(), *await show_named(turn, self.people, self.backend, self._clock())]
        if turn.entity("claim_id"):
            return [*self.forget(), *await ShowClaimStatus(self.people, self.backend).answer(turn)]
        customer = await self.people.customer(turn.sender_id)
        if asked_for := turn.slot("delivery_code"):
            return await self._show_asked_for(turn, customer, asked_for)
        if codes := turn.entities("delivery_code"):
            shown = await self._show_each(turn, customer, codes[:MAX_CODES_AT_ONCE])
            if left_out := codes[MAX_CODES_AT_ONCE:]:
                turn.say("utter_codes_left_out", code=left_out[0])
            return shown
        return await self._show_own(turn, customer)

    def again(self, turn: Turn) -> str:
        """The same code, or the same question."""
        intent = _intent(turn)
        if order := turn.entity("order_code"):
            return payload(intent, order_code=order)
        code = turn.slot("delivery_code") or turn.entity("delivery_code")
        return payload(intent, delivery_code=code) if code else payload(intent)

    def forget(self) -> list[Event]:
        """The form starts afresh next time."""
        return [SlotSet("delivery_code", None), SlotSet("code_problem", "none"), SlotSet("code_attempts", 0)]

    async def _show_asked_for(self, turn: Turn, customer: Customer, code: str) -> list[Event]:
        mission = await self._find(customer, code)
        if mission is not None:
            return [*self.forget(), await self._show(turn, mission)]
        attempts = tried_again(turn, "code_attempts", "utter_code_stuck")
        if attempts >= TRIES_UNTIL_HUMAN:
            await HumanAgent(self.people).hand_over(turn, payload("track_delivery"))
            return self.forget()
        return [
            SlotSet("delivery_code", None),
            SlotSet("code_problem", "unknown"),
            SlotSet("code_attempts", attempts),
            FollowupAction(FORM),
        ]

    async def _show_each(self, turn: Turn, customer: Customer, codes: tuple[str, ...]) -> list[Event]:
        missions = await asyncio.gather(*(self._find(customer, code) for code in codes))
        remembered = []
        for code, mission in zip(codes, missions, strict=True):
            if mission is None:
                turn.say("utter_delivery_not_found", code=code)
            else:
                remembered.append(await self._show(turn, mission))
        return remembered

    async def _show_own(self, turn: Turn, customer: Customer) -> list[Event]:
        missions = await self.backend.missions(customer)
        if turn.intent == LATE:  # what has arrived is not late; where one alone is, that one is meant
            missions = under_way(missions) or missions
            late = tuple(mission for mission in missions if is_late(mission, self._clock()))
            missions = late if len(late) == 1 else missions
        match missions:
            case () if turn.form not in (None, FORM):  # the questions of another form wait for their answers
                turn.say("utter_no_deliveries")
                return []
            case ():
                return [*self.forget(), FollowupAction(FORM)]
            case (only,):
                return [await self._show(turn, only)]
            case _:
                turn.say("utter_choose_delivery", buttons=delivery_rows(missions, _intent(turn), turn.language))
                return []

    async def _show(self, turn: Turn, mission: Mission) -> Event:
        timezone = (await self.people.person(turn.sender_id)).timezone
        if turn.intent == LATE:
            explain_delay(turn, mission, timezone, self._clock())
        return show_delivery(turn, mission, timezone)

    async def _find(self, customer: Customer, code: str) -> Mission | None:
        try:
            return await self.backend.mission(customer, code)
        except NotFound:
            return None


class ValidateTrackingForm(ValidateAnswers):
    """Decides whether what was typed is a code at all; whether it exists is asked afterwards."""

    attempts = "code_attempts"

    def again(self, turn: Turn) -> str:
        """The question for the code."""
        return payload("track_delivery")

    def name(self) -> str:
        """As Rasa wants it for tracking_form."""
        return "validate_tracking_form"

    def validate_delivery_code(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Only what the extractor recognised is a code."""
        if value is None:
            return {"delivery_code": None}
        turn = Turn(dispatcher, tracker)
        if names_order(turn):  # no delivery's code, but something to show: the form ends
            return {"delivery_code": None, "code_problem": "none", "requested_slot": None}
        if value in turn.entities("delivery_code"):
            return {"delivery_code": value, "code_problem": "none"}
        if turn.intent != "nlu_fallback" and not any(character.isdigit() for character in value):
            return {"delivery_code": None, "code_problem": "none"}  # the same question again, or its button
        attempts = tried_again(turn, "code_attempts", "utter_code_stuck")
        return {"delivery_code": None, "code_problem": "unreadable", "code_attempts": attempts}


def _intent(turn: Turn) -> str:
    """What a row or the button "try again" means: the same question."""
    return LATE if turn.intent == LATE else "track_delivery"
