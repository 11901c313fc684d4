"""Another answer to a question that was answered before, a photo in between, or no complaint after all."""

from rasa_sdk.events import FollowupAction

from actions.claims.answering import with_photos, words_under
from actions.claims.draft import FIELDS, FORM, asked_again, events, forgotten, media_so_far
from actions.claims.photos import is_more_of_an_album
from actions.spoken import SpokenAction
from actions.turn import Event, Row, Turn, payload
from actions.words import compose
from channels.whatsapp.limits import MAX_ROW_DESCRIPTION
from trade.markup import plain, shorten


class ChangeClaim(SpokenAction):
    """Puts one question again: the one chosen from a list."""

    def name(self) -> str:
        """As in the domain."""
        return "action_change_claim"

    async def answer(self, turn: Turn) -> list[Event]:
        """What has been answered so far; before anything was, the question stays."""
        rows = [_row(turn, field) for field in FIELDS if turn.slot(f"claim_{field}") is not None]
        if not rows:
            return [FollowupAction(FORM)]
        turn.say("utter_claim_change_what", buttons=rows)
        return [FollowupAction("action_listen")]


class HelpWithClaim(SpokenAction):
    """The question before, for who wants to go back; else the menu, and then the same question."""

    def name(self) -> str:
        """As in the domain."""
        return "action_help_with_claim"

    async def answer(self, turn: Turn) -> list[Event]:
        """Before the first question there is only the menu."""
        asked = str(turn.slot("requested_slot") or "").removeprefix("claim_")
        before = FIELDS[: FIELDS.index(asked)] if asked in FIELDS else FIELDS
        if turn.entity("step_back") and before:
            return [*asked_again(before[-1]), FollowupAction(FORM)]
        turn.say("utter_help")
        return [FollowupAction(FORM)]


class KeepClaimPhoto(SpokenAction):
    """Takes a photo that comes while another question is open, and puts that question again."""

    def name(self) -> str:
        """As in the domain."""
        return "action_keep_claim_photo"

    async def answer(self, turn: Turn) -> list[Event]:
        """The other photos of an album are taken in silence."""
        taken = {**with_photos(turn), **words_under(turn)}
        sent = {"claim_photos": "sent"} if turn.slot("claim_photos") is not None else {}
        if is_more_of_an_album(turn):
            turn.stay_silent()
            # The first of them made the summary another one; these belong to that.
            kept = {name: value for name, value in taken.items() if name != "claim_summary_shown"}
            return [*events({**kept, **sent}), FollowupAction("action_listen")]
        turn.say("utter_claim_photo_kept")
        return [*events({**taken, **sent}), FollowupAction(FORM)]


class LeaveClaim(SpokenAction):
    """Forgets the complaint that was being told."""

    def name(self) -> str:
        """As in the domain."""
        return "action_leave_claim"

    async def answer(self, turn: Turn) -> list[Event]:
        """Nothing was sent, so nothing is to be undone."""
        turn.say("utter_claim_left")
        return forgotten()


def _row(turn: Turn, field: str) -> Row:
    return {
        "title": compose("claim_field", turn.language, field=field),
        "description": shorten(_shown(turn, field), MAX_ROW_DESCRIPTION),
        "payload": payload("claim", claim_field=field),
    }


def _shown(turn: Turn, field: str) -> str:
    """What was answered."""
    value = turn.slot(f"claim_{field}")
    match field:
        case "kind":
            return compose("claim_kind", turn.language, kind=value)
        case "photos":
            return str(len(media_so_far(turn)))
        case _:
            return plain(str(value).replace("\n", " ")) or "–"
