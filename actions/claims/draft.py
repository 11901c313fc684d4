"""What has been said about a complaint so far: the slots of the form, read as values and written as events."""

from dataclasses import dataclass
from typing import Any, Self

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.claims.photos import Media
from actions.turn import Event, Turn
from trade.claims import ClaimKind
from trade.claims import Media as SentMedia

FORM = "claim_form"
#: What may be changed, in the order of the questions; each is the slot `claim_<field>`.
FIELDS = ("about", "kind", "description", "photos")
#: What stands in the slot of a question that was passed over, or that need not be asked.
SKIPPED = ""
#: Of these a photo shows something.
SHOWN_BY_PHOTO = frozenset({ClaimKind.DAMAGED, ClaimKind.MISSING, ClaimKind.WRONG_ITEM, ClaimKind.OTHER})

_NO_PROBLEM = {"claim_problem": "none", "claim_attempts": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDraft:
    """A complaint whose every question is answered."""

    about: str
    kind: str
    description: str | None
    media: tuple[SentMedia, ...]

    @classmethod
    def of(cls, turn: Turn) -> Self | None:
        """As the slots tell it; None where something is still missing."""
        if not (turn.slot("claim_about") and turn.slot("claim_kind")):
            return None
        return cls(
            about=turn.slot("claim_about"),
            kind=turn.slot("claim_kind"),
            description=turn.slot("claim_description") or None,
            media=tuple(SentMedia(id=file["id"], mime_type=file["mime_type"] or None) for file in media_so_far(turn)),
        )


def media_so_far(turn: Turn) -> list[Media]:
    """The files of this complaint, oldest first."""
    return list(turn.slot("claim_media") or [])


def accepted(field: str, value: Any) -> dict[str, Any]:
    """The slots after a good answer: the summary before it says something else."""
    return {f"claim_{field}": value, "claim_summary_shown": None, **_NO_PROBLEM}


def of_kind(kind: str) -> dict[str, Any]:
    """The slots once the kind is known: where a photo shows nothing, nobody asks for one."""
    photos = {} if kind in SHOWN_BY_PHOTO else {"claim_photos": SKIPPED}
    return {**accepted("kind", kind), **photos}


def asked_again(field: str) -> list[Event]:
    """The form puts this question next; photos that came stay."""
    return events(accepted(field, None))


def forgotten() -> list[Event]:
    """Nothing of the complaint stays in the conversation."""
    slots = [*(f"claim_{field}" for field in FIELDS), "claim_media", "claim_confirmed", "claim_summary_shown"]
    return events(dict.fromkeys(slots) | _NO_PROBLEM)


def left_the_form() -> list[Event]:
    """No question is being put any more."""
    return [ActiveLoop(None), SlotSet("requested_slot", None)]


def events(slots: dict[str, Any]) -> list[Event]:
    """The same slots as events."""
    return [SlotSet(name, value) for name, value in slots.items()]
