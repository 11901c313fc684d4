"""A yes or a no: to the button of a summary, to the question put just before, or to nothing at all."""

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.checkout import GiveReference, PlaceOrder
from actions.checkout.starting import StartCheckout
from actions.claims import MakeClaim
from actions.fallback import HUMAN_OFFERED
from actions.moving import MoveDropoff
from actions.orders import CancelOrder
from actions.parcel.creating import CreateParcel
from actions.parcel.offered import OFFERED_WAY, SendParcel
from actions.people import PeopleClient
from actions.privacy import DELETION, DeleteMyData, keep_data
from actions.questions import REMINDED, put_before
from actions.reminded import ConfirmReminder
from actions.shop import ShowCart
from actions.spoken import CustomerAction, SpokenAction
from actions.subjects import code_of_message
from actions.team import HumanAgent
from actions.turn import Event, Turn
from backend import BackendClient

#: The entity in the payload of a button that says yes, and what does what was meant. Each answers for itself a button
#: that is stale, was tapped twice, or was tapped while its form asks something (`Turn.form` tells).
CONFIRMED: dict[str, type[CustomerAction]] = {
    "claim_summary": MakeClaim,
    "dropoff_summary": MoveDropoff,
    "order_summary": PlaceOrder,
    "parcel_summary": CreateParcel,
    "payment_reference": GiveReference,
    REMINDED: ConfirmReminder,
}
#: The topic of a question put outside of any form, and what takes the yes that follows.
ASKED: dict[str, type[CustomerAction]] = {
    "cancel": CancelOrder,
    "cart": StartCheckout,
    DELETION: DeleteMyData,
    "empty_cart": ShowCart,
}


class Affirm(SpokenAction):
    """A yes that no form was waiting for."""

    def __init__(self, people: PeopleClient, backend: BackendClient) -> None:
        """Make what the table names, with what each needs to ask."""
        self._confirmed = {entity: action(people, backend) for entity, action in CONFIRMED.items()}
        self._asked: dict[str, SpokenAction] = {topic: action(people, backend) for topic, action in ASKED.items()}
        self._asked |= {HUMAN_OFFERED: HumanAgent(people), OFFERED_WAY: SendParcel()}

    def name(self) -> str:
        """As in the domain."""
        return "action_affirm"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Hand it to whoever does what the button stands under: its apologies, too, are theirs."""
        turn = Turn(dispatcher, tracker)
        for entity, action in self._confirmed.items():
            if turn.entity(entity):
                return await action.run(dispatcher, tracker, domain)
        topic = put_before(turn).get("topic")
        if topic in self._asked and turn.form is None and not _answers_a_push(turn):
            return await self._asked[topic].run(dispatcher, tracker, domain)
        return await super().run(dispatcher, tracker, domain)

    async def answer(self, turn: Turn) -> list[Event]:
        """While there are questions left, put the next one."""
        if turn.form:
            return [FollowupAction(turn.form)]
        turn.say("utter_affirm")
        return []


def _answers_a_push(turn: Turn) -> bool:
    """Whether it says yes to a notification, which names what it is about: the question before it is still open."""
    return turn.is_tapped and bool(code_of_message(turn))


class Deny(SpokenAction):
    """A no that no form was waiting for."""

    def name(self) -> str:
        """As in the domain."""
        return "action_deny"

    async def answer(self, turn: Turn) -> list[Event]:
        """Who was asked whether everything may go reads that nothing did."""
        if put_before(turn).get("topic") == DELETION:
            return keep_data(turn)
        turn.say("utter_deny")
        return []
