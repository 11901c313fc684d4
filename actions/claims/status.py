"""What became of a complaint: by its id, the only one, or one of a list."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from actions.spoken import CustomerAction
from actions.turn import Event, Row, Turn, payload
from actions.words import compose
from backend import NotFound
from channels.whatsapp.limits import MAX_ROW_DESCRIPTION, MAX_ROW_TITLE
from trade.claims import Claim
from trade.markup import plain, shorten
from trade.money import format_money

MAX_TEXT_SHOWN = 300  # characters of each of the texts that people wrote: all stays under 1 024


class ShowClaimStatus(CustomerAction):
    """Shows one complaint: what was said, where it stands, the answer, the refund."""

    def name(self) -> str:
        """As in the domain."""
        return "action_claim_status"

    async def answer(self, turn: Turn) -> list[Event]:
        """By the id of the message, else the only one, else one that is chosen."""
        customer = await self.people.customer(turn.sender_id)
        timezone = (await self.people.person(turn.sender_id)).timezone
        if claim_id := turn.entity("claim_id"):
            try:
                _show(turn, await self.backend.claim(customer, claim_id), timezone)
            except NotFound:
                turn.say("utter_claim_not_found", claim=claim_id)
            return []
        match (await self.backend.claims(customer)).items:
            case ():
                turn.say("utter_no_claims")
            case (only,):
                _show(turn, only, timezone)
            case several:
                rows = [_row(each, turn.language) for each in several]
                turn.say("utter_choose_claim", buttons=rows)
        return []

    def again(self, turn: Turn) -> str:
        """The same one."""
        claim_id = turn.entity("claim_id")
        return payload("claim_status", claim_id=claim_id) if claim_id else payload("claim_status")


def _show(turn: Turn, claim: Claim, timezone: str) -> None:
    text = compose(
        "claim_details",
        turn.language,
        id=plain(claim.id),
        about=plain(claim.about),
        kind=compose("claim_kind", turn.language, kind=claim.kind),
        status=_status(claim, turn.language),
        made_on=_day(claim.created_at, timezone, turn.language),
        changed_on=_day(claim.updated_at, timezone, turn.language) if claim.updated_at > claim.created_at else "",
        description=shorten(plain(claim.description or ""), MAX_TEXT_SHOWN),
        photos=len(claim.media),
        answer=shorten(plain(claim.answer or ""), MAX_TEXT_SHOWN),
        refund=format_money(claim.refund, turn.language) if claim.refund else "",
    )
    turn.say("utter_claim_details", text=text)


def _row(claim: Claim, language: str) -> Row:
    parts = (_status(claim, language), compose("claim_kind", language, kind=claim.kind), plain(claim.about))
    return {
        "title": shorten(plain(claim.id), MAX_ROW_TITLE),
        "description": shorten(" · ".join(parts), MAX_ROW_DESCRIPTION),
        "payload": payload("claim_status", claim_id=claim.id),
    }


def _status(claim: Claim, language: str) -> str:
    return compose("claim_state", language, status=claim.status, words=plain(claim.status.replace("_", " ")))


def _day(moment: datetime, timezone: str, language: str) -> str:
    return format_date(moment.astimezone(ZoneInfo(timezone)), "d MMM", locale=language)
