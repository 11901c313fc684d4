"""The kind of action that never leaves a person in silence: whatever goes wrong, it apologises."""

import asyncio
from abc import abstractmethod

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.logs import place_of
from actions.people import NumberHidden, PeopleClient, PeopleError
from actions.turn import Event, Turn
from backend import BackendClient, BackendError

# The bot waits 12 s for an action; a second less leaves time for the apology to arrive.
ACTION_TIMEOUT_SECONDS = 11.0

log = structlog.get_logger(__name__)


class SpokenAction(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Says what it found out, or that it could not."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answer the turn; on any failure take back what was said and apologise with a button to try again."""
        turn = Turn(dispatcher, tracker)
        try:
            async with asyncio.timeout(ACTION_TIMEOUT_SECONDS):
                return await self.answer(turn)
        except NumberHidden:
            turn.take_back()
            turn.say("utter_number_hidden")
        except (BackendError, PeopleError, TimeoutError) as error:
            log.warning("an action got no answer", action=self.name(), turn_id=turn.id, reason=type(error).__name__)
            self._apologise(turn)
        except Exception as error:
            log.error(
                "an action broke",
                action=self.name(),
                turn_id=turn.id,
                reason=type(error).__name__,
                place=place_of(error),
            )
            self._apologise(turn)
        return self.forget()

    @abstractmethod
    async def answer(self, turn: Turn) -> list[Event]:
        """Say what there is to say; return what is to be remembered."""

    def again(self, turn: Turn) -> str:
        """The payload that asks the same thing once more; the menu when there is nothing to repeat."""
        return "/help"

    def forget(self) -> list[Event]:
        """What must not be remembered after a failure."""
        return []

    def _apologise(self, turn: Turn) -> None:
        turn.take_back()
        turn.say("utter_apology", again=self.again(turn))


class CustomerAction(SpokenAction):
    """Asks the backend on behalf of whoever writes."""

    def __init__(self, people: PeopleClient, backend: BackendClient) -> None:
        """Learn the customer from `people`, everything else from `backend`."""
        self.people = people
        self.backend = backend
