"""After the delivery: complaints about it, and what people think of it."""

import sqlite3
from datetime import datetime
from http import HTTPStatus

from demo.backend.callers import Caller
from demo.backend.contract.aftercare import Claim, NewClaim, NewRating, Rating
from demo.backend.contract.problems import Code
from demo.backend.permissions import may_claim
from demo.backend.problems import Refusal
from demo.backend.records import aftercare, businesses
from demo.backend.sending import todays_code
from demo.backend.subjects import subject

AFTER_DELIVERY = frozenset({"damaged", "missing", "wrong_item"})  # what one sees once it is there


def make_claim(database: sqlite3.Connection, asked: Caller, wanted: NewClaim, now: datetime) -> Claim:
    """Write the claim down; what it says of the contents must wait for the delivery."""
    about = subject(database, asked, wanted.about, now)
    business = businesses.one(database, asked.business)
    if wanted.kind in AFTER_DELIVERY and not about.is_delivered:
        raise Refusal.because(Code.NOT_DELIVERED, "It is not delivered yet.")
    if not may_claim(about.mission.steps.get("delivered"), business.terms.claim_days, now):
        raise Refusal.because(Code.TOO_LATE_TO_CLAIM, f"Claims end {business.terms.claim_days} days after delivery.")
    claim_id = todays_code(database, business, "claims", "RCL", now)
    aftercare.write_claim(database, asked.business, asked.phone, claim_id, about.code, wanted, now)
    return find_claim(database, asked, claim_id)


def find_claim(database: sqlite3.Connection, asked: Caller, claim_id: str) -> Claim:
    """The customer's claim; one of somebody else is as good as none."""
    claim = aftercare.claim(database, asked.business, asked.phone, claim_id)
    if claim is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "This customer has no claim with that id.")
    return claim


def rate(database: sqlite3.Connection, asked: Caller, wanted: NewRating, now: datetime) -> Rating:
    """Keep what they think; they may change their mind."""
    about = subject(database, asked, wanted.about, now)
    if not about.is_delivered:
        raise Refusal.because(Code.NOT_DELIVERED, "It is not delivered yet.")
    rating = Rating(about=about.code, score=wanted.score, comment=wanted.comment, rated_at=now.replace(microsecond=0))
    aftercare.rate(database, asked.business, asked.phone, rating)
    return rating
