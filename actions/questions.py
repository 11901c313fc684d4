"""Which question a yes answers: the one under whose button it stands, else one put in the message just before."""

from rasa_sdk.events import SlotSet

from actions.turn import Event, Turn, turn_id

SLOT = "question"
#: What the button of a summary names in its payload; and that of a payment whose answer was lost.
CONFIRMING = frozenset({"claim_summary", "dropoff_summary", "order_summary", "parcel_summary", "payment_reference"})
REMINDED = "reminder_reply"  # the entity of an answer to a pushed reminder: confirm or reschedule


def put(turn: Turn, topic: str, **about: str) -> Event:
    """Remember what was asked in this turn."""
    return SlotSet(SLOT, {"turn": turn.id, "topic": topic, **about})  # type: ignore[no-any-return]


def put_before(turn: Turn) -> dict[str, str]:
    """What was asked in answer to the person's message before this one, with its `topic`; empty if nothing."""
    question: dict[str, str] = turn.slot(SLOT) or {}
    return question if question.get("turn") == _turn_before(turn.events) else {}


def answers_another(turn: Turn, own: str | None = None) -> bool:
    """Whether the button of another question was tapped: that of a reminder, or a yes to what its payload names.

    `own` is the entity by which the buttons of this question name what they are a yes to.
    """
    names = turn.entity_names
    is_another_yes = turn.intent == "affirm" and bool(names & CONFIRMING - {own})
    return turn.is_tapped and (REMINDED in names or is_another_yes)


def _turn_before(events: list[Event]) -> str | None:
    said = [place for place, event in enumerate(events) if event.get("event") == "user"]
    return turn_id(events[: said[-1]]) if len(said) > 1 else None
