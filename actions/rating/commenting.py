"""A word about a delivery that was rated: as it was said, or none."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.rating.draft import LOW_SCORE, SKIPPED, Rated, forgotten, score_of
from actions.spoken import CustomerAction
from actions.turn import Event, Turn, payload
from backend import write_key
from trade.markup import shorten

MAX_COMMENT = 1000  # characters, as the contract has it (docs/backend.md)


class ValidateCommentForm(FormValidationAction):  # type: ignore[misc]  # rasa_sdk has no types
    """Takes any words, or none."""

    def name(self) -> str:
        """As Rasa wants it for comment_form."""
        return "validate_comment_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Nothing was said before the question."""
        if Turn(dispatcher, tracker).slot("requested_slot") is None:
            return []
        return await super().run(dispatcher, tracker, domain)  # type: ignore[no-any-return]

    def validate_rating_comment(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """A question is none: it is answered by its rule."""
        if value is None or "?" in value:
            return {"rating_comment": None}
        turn = Turn(dispatcher, tracker)
        is_skipped = turn.intent == "deny" and not (turn.entity("story") or turn.entity("opinion"))
        if is_skipped or turn.entity("skipping"):
            return {"rating_comment": SKIPPED}
        return {"rating_comment": shorten(" ".join((turn.text or value).split()), MAX_COMMENT)}


class SendComment(CustomerAction):
    """Rates again with the same stars and the words."""

    def name(self) -> str:
        """As in the domain."""
        return "action_send_comment"

    async def answer(self, turn: Turn) -> list[Event]:
        """Who was unhappy is offered more than thanks."""
        about, score, comment = Rated.of(turn), score_of(str(turn.slot("rating_score"))), turn.slot("rating_comment")
        if about is None or score is None or not comment:
            turn.say("utter_rating_kept")
            return forgotten()
        customer = await self.people.customer(turn.sender_id)
        await self.backend.rate(customer, about.code, score, comment=comment, key=write_key(turn.id, "comment"))
        if score <= LOW_SCORE:
            turn.say("utter_comment_sent_low", code=about.code, entity=about.entity)
        else:
            turn.say("utter_comment_sent")
        return forgotten()

    def again(self, turn: Turn) -> str:
        """The stars again, then the question for a word."""
        about = Rated.of(turn)
        return payload("rate", **{about.entity: about.code}) if about else payload("rate")

    def forget(self) -> list[Event]:
        """The stars were given; the words must be said again."""
        return forgotten()
