"""Which answer is one: what a complaint is about, its kind, what happened, photos."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.claims.draft import SKIPPED, accepted, events, media_so_far, of_kind
from actions.claims.photos import MAX_MEDIA, media_of
from actions.claims.starting import may_be_claimed
from actions.people import PeopleClient, PeopleError
from actions.subjects import Subject, Unknown, code_of_message, named_subject
from actions.turn import Event, Turn, payload
from actions.validating import ValidateAnswers, tried_again
from backend import BackendClient, BackendError
from trade.claims import ClaimKind
from trade.markup import shorten

MAX_DESCRIPTION = 1000  # characters, as the contract has it (docs/backend.md)
FEWEST_LETTERS = 4  # "ok" tells nobody what happened
WORDS_OF_A_STORY = 3
WORDS_BESIDE_A_CODE = 5  # "c'est au sujet de la CMD-…" is no story yet

Slots = dict[str, Any]


class ValidateClaimForm(ValidateAnswers):
    """Takes what answers the question, and says what was wrong with what does not. Photos are taken at any time."""

    attempts, summary = "claim_attempts", "claim_summary"

    def __init__(self, people: PeopleClient, backend: BackendClient) -> None:
        """Ask `backend` whether what was chosen is the person's."""
        super().__init__(people)
        self._backend = backend

    def name(self) -> str:
        """As Rasa wants it for claim_form."""
        return "validate_claim_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Beside the answer, the photos of the message."""
        taken = await super().run(dispatcher, tracker, domain)
        return [*taken, *events(with_photos(Turn(dispatcher, tracker)))] if taken else taken

    def again(self, turn: Turn) -> str:
        """The question that is open."""
        return payload("claim")

    async def validate_claim_about(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """A code of theirs, or the last one. Where the backend is away, it says so when the complaint is made."""
        if value is None:
            return {"claim_about": None}
        turn = Turn(dispatcher, tracker)
        try:
            subject = await named_subject(turn, self._backend, await self._people.customer(turn.sender_id))
        except (BackendError, PeopleError):
            codes = code_of_message(turn)
            return accepted("about", value) if value in codes.values() else {"claim_about": None}
        if subject is None:
            return _refused("about", turn)
        return _if_claimable(subject, turn) or {"claim_about": None}

    async def validate_claim_kind(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """One of ours, by a row or in words; a whole sentence that names none tells what happened."""
        if value is None:
            return {"claim_kind": None}
        turn = Turn(dispatcher, tracker)
        about = await self._about_beside(turn)
        if about is None:
            return {"claim_kind": None}
        if value in ClaimKind:
            return {**about, **of_kind(value), **_story_beside(turn)}
        if about and _tells_no_more_than_the_code(turn):
            return {**about, "claim_kind": None}
        if len(value.split()) >= WORDS_OF_A_STORY and "?" not in value:
            return {**about, **of_kind(ClaimKind.OTHER), "claim_description": _told(value)}
        return _refused("kind", turn)

    async def validate_claim_description(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """In their own words."""
        if value is None:
            return {"claim_description": None}
        turn = Turn(dispatcher, tracker)
        if turn.entity("skipping"):  # of another problem nothing else would be known
            is_all = turn.slot("claim_kind") == ClaimKind.OTHER
            return _refused("description", turn) if is_all else accepted("description", SKIPPED)
        about = await self._about_beside(turn)
        if about is None:
            return {"claim_description": None}
        if about and _tells_no_more_than_the_code(turn):
            return {**about, "claim_description": None}
        if sum(character.isalpha() for character in value) < FEWEST_LETTERS or "?" in value:
            return _refused("description", turn)
        return {**about, **accepted("description", _told(value))}

    def validate_claim_photos(
        self, value: str | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """Any number, until there is none left to send. Words instead of a photo belong to what happened."""
        if value is None:
            return {"claim_photos": None}
        turn = Turn(dispatcher, tracker)
        if media_of(turn):
            return {"claim_photos": None, "claim_problem": "none", "claim_attempts": 0, **words_under(turn)}
        if value == "done" or turn.entity("skipping"):
            return accepted("photos", "sent" if media_so_far(turn) else SKIPPED)
        said = turn.slot("claim_description")
        return {
            "claim_photos": None,
            **accepted("description", _told(f"{said}\n{value}" if said else value)),
            "claim_problem": "noted",
        }

    def validate_claim_confirmed(
        self, value: bool | None, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Slots:
        """A yes to what is on the screen; the button of an earlier summary is none."""
        if not value:
            return {"claim_confirmed": None}
        turn = Turn(dispatcher, tracker)
        tapped = turn.entity("claim_summary")
        if tapped and tapped != (turn.slot("claim_summary_shown") or {}).get("id"):
            turn.say("utter_claim_summary_replaced")
            return {"claim_confirmed": None}
        return {"claim_confirmed": True}

    async def _about_beside(self, turn: Turn) -> Slots | None:
        """The one that a code in the answer names; None, and it is said why, where that is none to complain about."""
        if not code_of_message(turn):
            return {}
        try:
            subject = await named_subject(turn, self._backend, await self._people.customer(turn.sender_id))
        except (BackendError, PeopleError):
            return {}
        return _if_claimable(subject, turn) if subject else {}


def _if_claimable(subject: Subject | Unknown, turn: Turn) -> Slots | None:
    if isinstance(subject, Unknown):
        turn.say("utter_delivery_not_found", code=subject.code)
        return None
    if not may_be_claimed(subject):
        turn.say("utter_too_late_to_claim", code=subject.code)
        return None
    return accepted("about", subject.code)


def _tells_no_more_than_the_code(turn: Turn) -> bool:
    """ "It is about CMD-…" says which one is meant, and nothing of what happened."""
    return len(turn.text.split()) <= WORDS_BESIDE_A_CODE + 1 and not turn.entity("claim_kind")


def with_photos(turn: Turn) -> Slots:
    """The files of the complaint with those of this message; what was shown before says something else."""
    before = media_so_far(turn)
    new = [file for file in media_of(turn) if file not in before]
    return {"claim_media": [*before, *new][:MAX_MEDIA], "claim_summary_shown": None} if new else {}


def words_under(turn: Turn) -> Slots:
    """What stands under a photo is said about it."""
    if turn.text == "📎":
        return {}
    said = turn.slot("claim_description")
    return {"claim_description": _told(f"{said}\n{turn.text}" if said else turn.text)}


def _story_beside(turn: Turn) -> Slots:
    """Who names the kind in a whole sentence has told what happened."""
    story = turn.entity("story")
    return {"claim_description": _told(story)} if story and not turn.slot("claim_description") else {}


def _told(text: str) -> str:
    return shorten("\n".join(" ".join(line.split()) for line in text.splitlines()), MAX_DESCRIPTION)


def _refused(field: str, turn: Turn) -> Slots:
    """The same question again."""
    attempts = tried_again(turn, "claim_attempts", "utter_claim_stuck")
    return {f"claim_{field}": None, "claim_problem": "unreadable", "claim_attempts": attempts}
