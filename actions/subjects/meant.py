"""Which order or delivery a message is about: by its code, as the last one, as what is on the screen, or chosen."""

from abc import abstractmethod
from dataclasses import dataclass

from actions.spoken import CustomerAction
from actions.subjects.kinds import Subject
from actions.subjects.lists import newest
from actions.subjects.rows import subject_rows
from actions.subjects.screen import is_shown
from actions.turn import Event, Turn, payload
from backend import BackendClient, Customer, NotFound
from trade.missions import Mission
from trade.orders import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The person named a code that is none of theirs."""

    code: str


class SubjectAction(CustomerAction):
    """Does something with one order or delivery; asks which one where several will do."""

    #: What the person wants: the intent of the rows and buttons that lead here again.
    intent: str
    #: The response above the list of those that will do.
    choose: str
    #: The response where none will do.
    nothing: str

    @abstractmethod
    async def about(self, turn: Turn, customer: Customer, subject: Subject) -> list[Event]:
        """Do it with this one, named, shown or the only one: it may still be one that will not do."""

    def will_do(self, subject: Subject) -> bool:
        """Whether it is offered where none was named."""
        return True

    def among(self, turn: Turn, subjects: tuple[Subject, ...]) -> list[Subject]:
        """Those to choose from, of the newest that there are."""
        return [each for each in subjects if self.will_do(each)]

    def carried(self, turn: Turn) -> dict[str, str]:
        """What the rows of the choice and "try again" carry beside the code."""
        return {}

    async def answer(self, turn: Turn) -> list[Event]:
        """The one that was named, else the one on the screen, else the only one, else the one chosen from a list."""
        customer = await self.people.customer(turn.sender_id)
        match await named_subject(turn, self.backend, customer):
            case Unknown(code=code):
                turn.say("utter_delivery_not_found", code=code)
                return []
            case None:
                pass
            case subject:
                return await self.about(turn, customer, subject)
        candidates = self.among(turn, await newest(self.backend, customer))
        shown = [each for each in candidates if is_shown(turn, each)]
        match shown or candidates:
            case []:
                turn.say(self.nothing)
                return []
            case [only]:
                return await self.about(turn, customer, only)
            case several:
                turn.say(self.choose, buttons=subject_rows(several, self.intent, turn.language, **self.carried(turn)))
                return []

    def again(self, turn: Turn) -> str:
        """The same thing with the same one."""
        return payload(self.intent, **code_of_message(turn), **self.carried(turn))


async def named_subject(turn: Turn, backend: BackendClient, customer: Customer) -> Subject | Unknown | None:
    """By the code in the message, or as "my last order"; None where the message names none."""
    if code := turn.entity("order_code") or turn.entity("delivery_code"):
        try:
            return await subject_by_code(backend, customer, code, is_order=bool(turn.entity("order_code")))
        except NotFound:
            return Unknown(code=code)
    kind = {"order": Order, "delivery": Mission}.get(turn.entity("latest") or "")
    if kind is None:
        return None
    subjects = await newest(backend, customer)
    return next((each for each in subjects if isinstance(each, kind)), next(iter(subjects), None))


async def subject_by_code(backend: BackendClient, customer: Customer, code: str, *, is_order: bool) -> Subject:
    """The order or the delivery; the order in place of the delivery that brings it. Raises NotFound."""
    if is_order:
        return await backend.order(customer, code)
    mission = await backend.mission(customer, code)
    return await backend.order(customer, mission.order_code) if mission.order_code else mission


async def named_delivery(turn: Turn, backend: BackendClient, customer: Customer) -> Mission | Unknown | None:
    """The delivery that the message names, by its own code or by that of the order it brings; None without a code."""
    codes = code_of_message(turn)
    code = codes.get("delivery_code")
    try:
        if order := codes.get("order_code"):
            code = (await backend.order(customer, order)).mission_code
        return await backend.mission(customer, code) if code else None
    except NotFound:
        return Unknown(code=next(iter(codes.values())))


def code_of_message(turn: Turn) -> dict[str, str]:
    """The code that the message names, under its name; empty without one."""
    codes = {name: turn.entity(name) for name in ("order_code", "delivery_code")}
    return {name: code for name, code in codes.items() if code}
