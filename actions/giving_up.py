"""Giving up what may or may not have been made: the backend finds out, and sees that it never is."""

from abc import abstractmethod
from typing import Protocol

from actions.forms import end
from actions.spoken import CustomerAction
from actions.turn import Event, Turn, payload
from backend import BackendUnavailable, Customer, InDoubt, NotFound, write_key


class Doubtful(Protocol):
    """A summary that was confirmed, and whose answer was lost."""

    @property
    def id(self) -> str: ...
    @property
    def key(self) -> str:
        """Of the write that nobody knows about."""
        ...


class GiveUp[D: Doubtful](CustomerAction):
    """Says what became of it: not made and never to be, or made after all."""

    #: What the entity of its buttons and the key of this wish call it: order or parcel.
    thing: str
    #: The form that asks for it.
    form: str
    #: The slot that holds the last one that was made, with the id of its summary.
    made_slot: str
    #: The responses: it was made, as an earlier tap found out; there is no doubt; nobody can tell; nobody tells yet;
    #: it was not made.
    already: str
    no_doubt: str
    doubt_stays: str
    still_in_doubt: str
    dropped: str

    @abstractmethod
    def in_doubt(self, turn: Turn) -> D | None:
        """The one of which nobody knows whether it was made."""

    @abstractmethod
    def forgotten(self) -> list[Event]:
        """What is remembered where it was not made, or where nobody will ever tell."""

    @abstractmethod
    async def found(self, turn: Turn, customer: Customer, doubt: D, code: str) -> list[Event]:
        """It was: the person sees it, and decides whether to call it off."""

    async def answer(self, turn: Turn) -> list[Event]:
        """Ask the backend under the key with which it was, or was not, made."""
        doubt, tapped = self.in_doubt(turn), turn.entity(f"{self.thing}_summary")
        made = turn.slot(self.made_slot) or {}
        if tapped and tapped == made.get("summary"):
            turn.say(self.already, **made)
            return []
        if doubt is None or tapped not in (None, doubt.id):
            turn.say(self.no_doubt)
            return []
        customer = await self.people.customer(turn.sender_id)
        key = write_key(turn.id, f"withdraw_{self.thing}")
        try:
            withdrawn = await self.backend.withdraw(customer, doubt.key, key=key)
        except NotFound:  # who has no such call cannot tell; from here nothing will be tried again
            turn.say(self.doubt_stays)
            return [*self.forgotten(), *end(turn, self.form)]
        except (InDoubt, BackendUnavailable):
            turn.say(self.still_in_doubt, summary=doubt.id)
            return end(turn, self.form)
        if withdrawn.code is None:
            turn.say(self.dropped)
            return [*self.forgotten(), *end(turn, self.form)]
        return [*await self.found(turn, customer, doubt, withdrawn.code), *end(turn, self.form)]

    def again(self, turn: Turn) -> str:
        """The same wish."""
        doubt = self.in_doubt(turn)
        return payload("cancel", **{f"{self.thing}_summary": doubt.id}) if doubt else payload("help")
