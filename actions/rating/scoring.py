"""One to five stars: for what was named, what is on the screen, or what was delivered last. Later ones replace them."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.rating.draft import COMMENT_FORM, LOW_SCORE, RATING_FORM, Rated, forgotten, left_the_forms, score_of
from actions.spoken import CustomerAction, SpokenAction
from actions.subjects import Subject, Unknown, is_shown, named_subject, newest
from actions.turn import Event, Row, Turn, payload
from actions.validating import TRIES_UNTIL_BUTTONS, ValidateAnswers, tried_again
from actions.words import compose
from backend import Customer, NotFound, Refused, write_key
from trade.claims import HIGHEST_SCORE, LOWEST_SCORE
from trade.missions import Allowed
from trade.problems import ProblemCode

STAR = "⭐"


class StartRating(CustomerAction):
    """Finds out what is to be rated; where the stars are known as well, gives them."""

    def name(self) -> str:
        """As in the domain."""
        return "action_start_rating"

    async def answer(self, turn: Turn) -> list[Event]:
        """Asks for the stars where the message has none."""
        customer = await self.people.customer(turn.sender_id)
        match await named_subject(turn, self.backend, customer) or await self._meant(turn, customer):
            case Unknown(code=code):
                turn.say("utter_delivery_not_found", code=code)
                return []
            case None:
                turn.say("utter_nothing_to_rate")
                return []
            case subject if Allowed.RATE not in subject.allowed:
                turn.say("utter_not_delivered_yet", code=subject.code)
                return []
            case subject:
                score = score_of(turn.entity("score"))
                begun = [*left_the_forms(), *forgotten(), Rated.about(subject).event()]
                if score is None:
                    return [*begun, FollowupAction(RATING_FORM)]
                return [*begun, SlotSet("rating_score", score), FollowupAction("action_send_rating")]

    def again(self, turn: Turn) -> str:
        """The same stars for the same one."""
        return _again(Rated.named(turn), score_of(turn.entity("score")))

    async def _meant(self, turn: Turn, customer: Customer) -> Subject | None:
        """What is on the screen, be it rateable or not; else the newest that may be rated, unrated ones first."""
        own = await newest(self.backend, customer)
        shown = next((each for each in own if is_shown(turn, each)), None)
        delivered = [each for each in own if Allowed.RATE in each.allowed]
        unrated = [each for each in delivered if each.rating is None]
        return shown or next(iter([*unrated, *delivered]), None) or next(iter(own), None)


class AskScore(SpokenAction):
    """Shows five rows of stars, each of which says what is rated."""

    def name(self) -> str:
        """As Rasa wants it for rating_form."""
        return "action_ask_rating_form_rating_score"

    async def answer(self, turn: Turn) -> list[Event]:
        """The best first."""
        about = Rated.of(turn)
        if about is None:
            return [*left_the_forms(), FollowupAction("action_start_rating")]
        rows = [_row(turn, about, score) for score in range(HIGHEST_SCORE, LOWEST_SCORE - 1, -1)]
        turn.say("utter_how_many_stars", code=about.code, buttons=rows)
        return []


class ValidateRatingForm(ValidateAnswers):
    """Takes a number of stars, by a row or in words."""

    attempts = "rating_attempts"

    def name(self) -> str:
        """As Rasa wants it for rating_form."""
        return "validate_rating_form"

    def again(self, turn: Turn) -> str:
        """The stars for the same one."""
        return _again(Rated.of(turn), None)

    def validate_rating_score(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """One to five. A row of an earlier list names what it rates."""
        if value is None:
            return {"rating_score": None}
        turn = Turn(dispatcher, tracker)
        score = score_of(str(value))
        if score is None:
            attempts = tried_again(turn, "rating_attempts", "utter_rating_stuck")
            if attempts < TRIES_UNTIL_BUTTONS:
                turn.say("utter_only_five_stars")
            return {"rating_score": None, "rating_attempts": attempts}
        named = Rated.named(turn)
        about = {"rating_about": named.event()["value"]} if named else {}
        return {"rating_score": score, "rating_attempts": 0, **about}


class SendRating(CustomerAction):
    """Gives the stars, then asks for a word about it."""

    def name(self) -> str:
        """As in the domain."""
        return "action_send_rating"

    async def answer(self, turn: Turn) -> list[Event]:
        """At once: who says no more has rated all the same."""
        about, score = Rated.of(turn), score_of(str(turn.slot("rating_score")))
        if about is None or score is None:
            return [*forgotten(), FollowupAction("action_start_rating")]
        customer = await self.people.customer(turn.sender_id)
        try:
            await self.backend.rate(customer, about.code, score, key=write_key(turn.id, "rate"))
        except NotFound:
            turn.say("utter_delivery_not_found", code=about.code)
            return forgotten()
        except Refused as refused:
            if refused.code != ProblemCode.NOT_DELIVERED:
                raise
            turn.say("utter_not_delivered_yet", code=about.code)
            return forgotten()
        response = "utter_rated_low" if score <= LOW_SCORE else "utter_rated"
        turn.say(response, code=about.code, stars=STAR * score, entity=about.entity)
        return [SlotSet("rating_comment", None), FollowupAction(COMMENT_FORM)]

    def again(self, turn: Turn) -> str:
        """The same stars for the same one: rated twice is rated once."""
        return _again(Rated.of(turn), score_of(str(turn.slot("rating_score"))))

    def forget(self) -> list[Event]:
        """The button tells it again."""
        return forgotten()


def _row(turn: Turn, about: Rated, score: int) -> Row:
    return {
        "title": STAR * score,
        "description": compose("score", turn.language, score=score),
        "payload": _again(about, score),
    }


def _again(about: Rated | None, score: int | None) -> str:
    entities = {about.entity: about.code} if about else {}
    return payload("rate", **entities, **({"score": str(score)} if score else {}))
