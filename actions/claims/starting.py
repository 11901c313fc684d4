"""A complaint begins: what it is about, what kind it is and which photos belong to it, as far as that is known."""

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.claims.draft import FIELDS, FORM, accepted, asked_again, events, left_the_form, media_so_far, of_kind
from actions.claims.photos import MAX_MEDIA, recent_media
from actions.spoken import CustomerAction
from actions.subjects import Subject, Unknown, is_shown, named_subject, newest, subject_by_code
from actions.turn import Event, Turn, payload
from backend import Customer, NotFound
from trade.missions import Allowed

Slots = dict[str, Any]

#: What ends a complaint: photos that came before belong to that one.
ENDS = ("action_make_claim", "action_leave_claim")


class StartClaim(CustomerAction):
    """Takes what the message tells, and lets the form ask for the rest. In the form: puts the same question again."""

    def name(self) -> str:
        """As in the domain."""
        return "action_start_claim"

    async def answer(self, turn: Turn) -> list[Event]:
        """A claim that was made already is shown instead."""
        if turn.entity("claim_id"):
            return [FollowupAction("action_claim_status")]
        if (field := turn.entity("claim_field")) in FIELDS:
            anew = [SlotSet("claim_media", None)] if field == "photos" else []
            return [*_begin(turn), *asked_again(str(field)), *anew, FollowupAction(FORM)]
        customer = await self.people.customer(turn.sender_id)
        match await self._about(turn, customer):
            case Unknown(code=code):
                turn.say("utter_delivery_not_found", code=code)
                return [FollowupAction(FORM)] if turn.form == FORM else []
            case None if not (turn.slot("claim_about") or await claimable(self, customer)):
                turn.say("utter_nothing_to_claim")
                return []
            case subject if subject is not None and not may_be_claimed(subject):
                turn.say("utter_too_late_to_claim", code=subject.code)
                return []
            case subject:
                return [*_begin(turn), *events(_known(turn, subject)), FollowupAction(FORM)]

    def again(self, turn: Turn) -> str:
        """The same, about the same one."""
        codes = {name: turn.entity(name) for name in ("order_code", "delivery_code", "claim_kind")}
        return payload("claim", **{name: code for name, code in codes.items() if code})

    async def _about(self, turn: Turn, customer: Customer) -> Subject | Unknown | None:
        """What the message names, else what is on the screen, else the only one there is."""
        named = await named_subject(turn, self.backend, customer)
        if named is not None or turn.form == FORM:
            return named
        if code := turn.slot("shown_delivery"):
            try:
                return await subject_by_code(self.backend, customer, code, is_order=False)
            except NotFound:
                pass
        own = await claimable(self, customer)
        shown = [each for each in own if is_shown(turn, each)]
        match shown or own:
            case [only]:
                return only
        return None


async def claimable(action: CustomerAction, customer: Customer) -> list[Subject]:
    """The newest orders and deliveries that the person may complain about."""
    return [each for each in await newest(action.backend, customer) if may_be_claimed(each)]


def may_be_claimed(subject: Subject) -> bool:
    """The backend says so."""
    return Allowed.CLAIM in subject.allowed


def _begin(turn: Turn) -> list[Event]:
    return [] if turn.form == FORM else left_the_form()


def _known(turn: Turn, subject: Subject | None) -> Slots:
    """What the message tells of the complaint; about another delivery it is another complaint."""
    slots: Slots = {}
    if subject is not None:
        slots |= accepted("about", subject.code)
        if turn.slot("claim_about") not in (None, subject.code):
            slots |= {"claim_kind": None, "claim_description": None, "claim_photos": None, "claim_media": None}
    if kind := turn.entity("claim_kind"):
        slots |= of_kind(kind)
    if turn.form != FORM:
        if kind and (story := turn.entity("story")):
            slots["claim_description"] = story
        before = [] if slots.get("claim_photos", "kept") is None else media_so_far(turn)
        if new := [file for file in recent_media(turn, since=ENDS) if file not in before]:
            media = [*before, *new][:MAX_MEDIA]
            slots |= {"claim_media": media, "claim_photos": "sent", "claim_summary_shown": None}
    return slots
