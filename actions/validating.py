"""The kind of form that looks at its answers: the second that does not do offers buttons, the third a human."""

from abc import abstractmethod

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import ActionExecutionRejected, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.people import PeopleClient
from actions.questions import answers_another
from actions.team import HumanAgent
from actions.turn import Event, Turn

#: Answers in a row that did not do.
TRIES_UNTIL_BUTTONS, TRIES_UNTIL_HUMAN = 2, 3
REJECTED = "action_execution_rejected"


class ValidateAnswers(FormValidationAction):  # type: ignore[misc]  # rasa_sdk has no types
    """Takes what answers the questions of a form. Who cannot answer is handed over, and may take it up again."""

    #: The slot that counts the answers in a row that did not do.
    attempts: str
    #: The entity that the button of its summary carries, if it has one.
    summary: str | None = None

    def __init__(self, people: PeopleClient) -> None:
        """Ask for the human through `people`."""
        self._people = people

    @abstractmethod
    def again(self, turn: Turn) -> str:
        """The payload that takes the form up again, with the answers so far."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """What was answered before the form was left was taken then; Rasa asks about it again as the form begins.

        A button of another question has its own rule, after which Rasa asks here again: then this one is put again.
        """
        turn = Turn(dispatcher, tracker)
        asked = turn.slot("requested_slot")
        if asked is None:
            return []
        if answers_another(turn, self.summary):
            is_served = any(each.get("event") == REJECTED for each in turn.events_of_turn())
            return [] if is_served else [SlotSet(asked, None), ActionExecutionRejected(turn.form)]
        events: list[Event] = await super().run(dispatcher, tracker, domain)
        tries = next((each["value"] for each in reversed(events) if each.get("name") == self.attempts), 0)
        if int(tries or 0) < TRIES_UNTIL_HUMAN:
            return events
        await HumanAgent(self._people).hand_over(turn, self.again(turn))
        # The form is over without being done: what follows on its end is not to be.
        left = [SlotSet(self.attempts, 0), SlotSet("requested_slot", None), FollowupAction("action_listen")]
        return [*events, *left]


def tried_again(turn: Turn, attempts: str, stuck: str) -> int:
    """How many answers in a row, this one included, did not do; the second says what is `stuck`, with its buttons."""
    tries = int(turn.slot(attempts) or 0) + 1
    if tries == TRIES_UNTIL_BUTTONS:
        turn.say(stuck)
    return tries
