"""The yes: the complaint is made, once, however often its button is tapped."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.claims.draft import FORM, ClaimDraft, forgotten
from actions.spoken import CustomerAction
from actions.turn import Event, Turn, payload
from backend import InDoubt, NotFound, Refused, write_key
from trade.problems import ProblemCode


class MakeClaim(CustomerAction):
    """Hands the complaint to the backend, under the id of the summary that was confirmed."""

    def name(self) -> str:
        """As in the domain."""
        return "action_make_claim"

    async def answer(self, turn: Turn) -> list[Event]:
        """Make what the summary says; tell what became of an earlier tap."""
        shown, tapped = (turn.slot("claim_summary_shown") or {}).get("id"), turn.entity("claim_summary")
        made = turn.slot("claim_made") or {}
        if tapped and tapped == made.get("summary"):
            turn.say("utter_claim_already_made", claim=made["id"])
            return _back_to_the_form(turn)
        if tapped and tapped != shown and turn.form == FORM:
            turn.say("utter_claim_summary_replaced")
            return _back_to_the_form(turn)
        draft = ClaimDraft.of(turn)
        if draft is None or shown is None or (tapped and tapped != shown):
            turn.say("utter_claim_summary_gone")
            return []
        customer = await self.people.customer(turn.sender_id)
        try:
            claim = await self.backend.make_claim(
                customer,
                draft.about,
                draft.kind,
                description=draft.description,
                media=draft.media,
                key=write_key(shown, "make_claim"),
            )
        except InDoubt:
            turn.say("utter_claim_in_doubt", summary=shown)
            return self.forget()
        except NotFound:
            turn.say("utter_delivery_not_found", code=draft.about)
            return forgotten()
        except Refused as refused:
            if refused.code == ProblemCode.NOT_DELIVERED:  # as a delay it may be told now, in the same words
                turn.say("utter_claim_before_delivery", code=draft.about)
                return [*self.forget(), SlotSet("claim_summary_shown", None)]
            _tell(turn, draft, refused)
            return forgotten()
        turn.say("utter_claim_made", claim=claim.id)
        return [*forgotten(), SlotSet("claim_made", {"summary": shown, "id": claim.id})]

    def again(self, turn: Turn) -> str:
        """The same summary, so the same key."""
        shown = (turn.slot("claim_summary_shown") or {}).get("id")
        return payload("affirm", claim_summary=shown) if shown else payload("claim")

    def forget(self) -> list[Event]:
        """The yes alone: what was said stays for the next try."""
        return [SlotSet("claim_confirmed", None)]


def _tell(turn: Turn, draft: ClaimDraft, refused: Refused) -> None:
    if refused.code == ProblemCode.TOO_LATE_TO_CLAIM:
        turn.say("utter_too_late_to_claim", code=draft.about)
    else:
        turn.say("utter_claim_refused")


def _back_to_the_form(turn: Turn) -> list[Event]:
    return [FollowupAction(FORM)] if turn.form == FORM else []
