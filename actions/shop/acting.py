"""The kind of action the shop has: it ends its turn itself, since it may follow another action as well as a rule."""

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.spoken import CustomerAction
from actions.turn import Event, Turn


class ShopAction(CustomerAction):
    """Says what comes next: the question of a form that waits, else the person."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """As every action, and then the next step, where it does not say one."""
        events = await super().run(dispatcher, tracker, domain)
        if any(event["event"] == "followup" for event in events):
            return events
        return [*events, FollowupAction(Turn(dispatcher, tracker).form or "action_listen")]
