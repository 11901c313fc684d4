"""A business with plans: reminders, appointments, things held over night, as triggers make them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.tables import messages, notifications
from notifications.triggering import Recipient, Triggered
from notifications.workflows import Workflow
from server.desk.plans.days import today_at
from server.parts import utc_now
from storage.tables import businesses
from storage.types import new_id
from tests.notifications.push_desk import PushDesk, workflow
from tests.server.desk.desk_house import DeskHouse

BRAZZAVILLE = "Africa/Brazzaville"
GRACE = Recipient(phone="+242061234567", name="Grâce Moukoko", timezone=BRAZZAVILLE)
PATRICE = Recipient(phone="+242065550000", name="Patrice Okemba", timezone=BRAZZAVILLE)

REMINDER = workflow(
    "mission-reminder", category="reminders", steps=[{"delay": "3d"}, {"send": "whatsapp"}, {"send": "sms"}]
)
APPOINTMENT = workflow("salon-appointment", category="reminders", steps=[{"delay": {"before": "1d"}}, {"send": "sms"}])
SUMMARY = workflow("daily-summary", steps=[{"digest": {"key": "payload.code", "window": "2d"}}, {"send": "email"}])
OFFER = workflow("promotional-offer", category="marketing", lane="bulk")


async def planner(desk: DeskHouse, business: str = "kimia", also: Sequence[Workflow] = ()) -> PushDesk:
    """Triggers of a business, in the desk's own database."""
    workflows = [REMINDER, APPOINTMENT, SUMMARY, OFFER, *also]
    return PushDesk(desk.parts.database, await desk.business(business), workflows)


async def remind(office: PushDesk, to: Recipient = GRACE, code: str = "A1") -> Triggered:
    """A reminder three days from now."""
    return await office.notify(to, {"code": code}, key="mission-reminder")


async def book(office: PushDesk, days: float, to: Recipient = GRACE, code: str = "RDV-17") -> Triggered:
    """An appointment so many days from now, with a reminder the day before."""
    anchor = {
        "type": "appointment",
        "id": code,
        "starts_at": (utc_now() + timedelta(days=days)).isoformat(),
        "timezone": BRAZZAVILLE,
    }
    return await office.notify(to, {"code": code}, key="salon-appointment", anchor=anchor, cancellation_key=code)


async def quiet_now(office: PushDesk) -> None:
    """It is night at the business, for two hours more."""
    now = datetime.now(ZoneInfo(BRAZZAVILLE))
    begin, end = now - timedelta(hours=1), now + timedelta(hours=2)
    hours = {"times": {"mon-sun": f"{begin:%H:%M}-{end:%H:%M}"}}

    def write(connection: Connection) -> None:
        connection.execute(sa.update(businesses).where(businesses.c.id == office.business_id).values(quiet_hours=hours))

    await office.database.write(write)


async def put_off(office: PushDesk, hours: float, **changes: Any) -> str:
    """A message that leaves so many hours from now."""
    row = {
        "id": new_id(),
        "business_id": office.business_id,
        "channel": "sms",
        "lane": "scheduled",
        "origin": "push",
        "category": "reminders",
        "payload": {"text": "Demain à 10 h"},
        "status": "queued",
        "run_at": utc_now() + timedelta(hours=hours),
        "created_at": utc_now(),
        **changes,
    }
    await office.database.write(lambda connection: connection.execute(sa.insert(messages).values(row)))
    return str(row["id"])


async def many_more(office: PushDesk, like: Triggered, count: int, **changes: Any) -> list[str]:
    """So many notifications like one."""
    row = (await office.notification(like))._asdict()
    rows = [{**row, "trigger_id": new_id(), **changes, "id": new_id()} for _ in range(count)]
    await office.database.write(lambda connection: connection.execute(sa.insert(notifications), rows))
    return [str(each["id"]) for each in rows]


def day_in(days: float) -> str:
    """The day so many days from now, as the business's clock has it."""
    return today_at(BRAZZAVILLE, datetime.now(UTC) + timedelta(days=days)).isoformat()
