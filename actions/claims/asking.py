"""The questions of a complaint whose words depend on what is known: which delivery, photos, is it right so."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.claims.draft import FORM, ClaimDraft, asked_again, media_so_far
from actions.claims.photos import is_more_of_an_album
from actions.claims.starting import claimable
from actions.spoken import CustomerAction, SpokenAction
from actions.subjects import subject_rows
from actions.turn import Event, Turn, payload
from actions.words import compose
from backend import Customer
from trade.claims import Claim, ClaimStatus
from trade.markup import plain, shorten

MAX_DESCRIPTION_SHOWN = 500  # the summary stays under the 1 024 characters of a message with buttons

CLOSED = frozenset({ClaimStatus.ACCEPTED, ClaimStatus.REJECTED})


class AskClaimAbout(CustomerAction):
    """Shows what the person ordered and sent lately, to choose from."""

    def name(self) -> str:
        """As Rasa wants it for claim_about of claim_form."""
        return "action_ask_claim_form_claim_about"

    async def answer(self, turn: Turn) -> list[Event]:
        """A code may be typed as well."""
        customer = await self.people.customer(turn.sender_id)
        rows = subject_rows(await claimable(self, customer), "claim", turn.language)
        if rows:
            turn.say("utter_claim_about_what", buttons=rows)
        else:
            turn.say("utter_nothing_to_claim")
        return []

    def again(self, turn: Turn) -> str:
        """The same question."""
        return payload("claim")


class AskClaimPhotos(SpokenAction):
    """Asks for photos, then for more of them; the other photos of an album are taken in silence."""

    def name(self) -> str:
        """As Rasa wants it for claim_photos of claim_form."""
        return "action_ask_claim_form_claim_photos"

    async def answer(self, turn: Turn) -> list[Event]:
        """The number that came so far is told."""
        count = len(media_so_far(turn))
        if turn.slot("claim_problem") == "noted":
            turn.say("utter_claim_words_noted")
            return [SlotSet("claim_problem", "none")]
        if count and is_more_of_an_album(turn):
            turn.stay_silent()
        elif count:
            turn.say("utter_claim_photo_taken", count=count)
        else:
            turn.say("utter_claim_photos_wanted")
        return []


class AskClaimConfirmation(CustomerAction):
    """Shows everything that was said, and whether there is a complaint about the same thing already."""

    def name(self) -> str:
        """As Rasa wants it for the last slot of claim_form."""
        return "action_ask_claim_form_claim_confirmed"

    async def answer(self, turn: Turn) -> list[Event]:
        """The id of the turn that first showed it names the wish: whoever confirms it twice complains once."""
        draft = ClaimDraft.of(turn)
        if draft is None:
            return [*asked_again("about"), FollowupAction(FORM)]
        if is_more_of_an_album(turn) and turn.slot("claim_summary_shown"):
            turn.stay_silent()
            return []
        customer = await self.people.customer(turn.sender_id)
        earlier = await self._earlier(customer, draft.about)
        summary = (turn.slot("claim_summary_shown") or {}).get("id") or turn.id
        text = compose(
            "claim_summary",
            turn.language,
            about=draft.about,
            kind=compose("claim_kind", turn.language, kind=draft.kind),
            description=shorten(plain((draft.description or "").replace("\n", " · ")), MAX_DESCRIPTION_SHOWN),
            photos=len(draft.media),
            earlier=earlier.id if earlier else "",
        )
        turn.say("utter_claim_summary", text=text, summary=summary)
        return [SlotSet("claim_summary_shown", {"id": summary})]

    def again(self, turn: Turn) -> str:
        """The same question."""
        return payload("claim")

    async def _earlier(self, customer: Customer, about: str) -> Claim | None:
        claims = (await self.backend.claims(customer)).items
        return next((each for each in claims if each.about == about and each.status not in CLOSED), None)
