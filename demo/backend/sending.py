"""Sending a parcel: what it costs, and asking for it, calling it off, bringing it elsewhere."""

import sqlite3
from datetime import datetime, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from demo.backend.billing import agree, bill, change_amount, check_payment, options
from demo.backend.callers import Caller
from demo.backend.contract.missions import Mission, MissionQuote, MissionWanted, NewDropoff, NewMission
from demo.backend.contract.problems import Code
from demo.backend.contract.values import Money
from demo.backend.distances import Road, road
from demo.backend.journey import minutes_from_now
from demo.backend.problems import Refusal
from demo.backend.progress import call_off
from demo.backend.records import businesses, missions
from demo.backend.records.businesses import Business


def quote(database: sqlite3.Connection, asked: Caller, wanted: MissionWanted, now: datetime) -> MissionQuote:
    """What it would cost, and when it would arrive, if it were asked for now."""
    business = businesses.one(database, asked.business)
    way = _road(business, wanted)
    return MissionQuote(
        total=Money(amount=way.fee, currency=business.currency),
        expected_at=arrival(now, way.minutes, 0),
        distance_km=way.km,
        payment_options=options(business),
    )


def create(database: sqlite3.Connection, asked: Caller, wanted: NewMission, now: datetime) -> Mission:
    """Write the mission at the price the customer agreed to."""
    business = businesses.one(database, asked.business)
    way = _road(business, wanted)
    agree(wanted.expected_total, way.fee, business.currency)
    check_payment(database, business, wanted.payment)
    code = todays_code(database, business, "missions", "COUR", now)
    businesses.know_customer(database, asked.business, asked.phone)
    missions.write(
        database,
        missions.NewMissionRow(
            code=code,
            business=asked.business,
            customer_phone=asked.phone,
            created_at=now,
            pickup=wanted.pickup,
            dropoff=wanted.dropoff,
            recipient_name=wanted.recipient.name,
            recipient_phone=wanted.recipient.phone,
            value=wanted.value.amount if wanted.value else None,
            note=wanted.note,
            price=way.fee,
            road=way,
        ),
    )
    bill(database, asked, code, way.fee, wanted.payment)
    return find(database, asked, code, now)


def cancel(database: sqlite3.Connection, asked: Caller, code: str, now: datetime) -> Mission:
    """Call it off, while nobody has the parcel."""
    mission = find(database, asked, code, now)
    if "cancel" not in mission.allowed:
        raise Refusal.because(Code.TOO_LATE_TO_CANCEL, f"A mission that is {mission.status} cannot be cancelled here.")
    call_off(database, code, now)
    return find(database, asked, code, now)


def change_dropoff(
    database: sqlite3.Connection, asked: Caller, code: str, wanted: NewDropoff, now: datetime
) -> Mission:
    """Bring it elsewhere, at the price the customer agreed to."""
    mission = find(database, asked, code, now)
    if "change_dropoff" not in mission.allowed:
        raise Refusal.because(Code.TOO_LATE_TO_CHANGE, f"A mission that is {mission.status} keeps its address.")
    business = businesses.one(database, asked.business)
    way = road(business.terms, mission.pickup, wanted.dropoff)
    agree(wanted.expected_total, way.fee, business.currency)
    change_amount(database, code, way.fee)
    missions.move_dropoff(database, code, wanted.dropoff, way.fee, way)
    return find(database, asked, code, now)


def find(database: sqlite3.Connection, asked: Caller, code: str, now: datetime) -> Mission:
    """The customer's mission; one of somebody else is as good as none."""
    mission = missions.find(database, asked.business, asked.phone, code, now)
    if mission is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "This customer has no mission with that code.")
    return mission


def todays_code(database: sqlite3.Connection, business: Business, table: str, prefix: str, now: datetime) -> str:
    """The next code of the day, by the calendar of the business."""
    today = now.astimezone(ZoneInfo(business.timezone))
    return missions.next_code(database, table, f"{prefix}-{today:%Y%m%d}-")


def arrival(now: datetime, road_minutes: int, ready_minutes: int) -> datetime:
    """When something asked for now arrives."""
    return (now + timedelta(minutes=minutes_from_now(road_minutes, ready_minutes))).replace(microsecond=0)


def _road(business: Business, wanted: MissionWanted) -> Road:
    if wanted.value is not None and wanted.value.currency != business.currency:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"value.currency in the body is wrong: use {business.currency}.")
    return road(business.terms, wanted.pickup, wanted.dropoff)
