"""What is wrong stands at the desk until it is over; somebody says that they are on it, and all see who."""

import html
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.async_api import expect

from server.alerts.tables import alert_notices, alerts
from server.parts import utc_now
from server.token_age.tables import access_tokens
from staff import Role
from staff.audit import Deed
from staff.tables import staff_audit
from storage.types import new_id
from tests.house import KIMIA
from tests.server.desk.browser import PHONE_SIZE, browsing, check
from tests.server.desk.desk_house import DeskHouse


async def alert(desk: DeskHouse, rule: str = "RelaisPartAway", subject: str = "bot", **changes: Any) -> str:
    """One that was raised."""
    now = utc_now()
    row = {
        "id": new_id(),
        "rule": rule,
        "subject": subject,
        "value": 1,
        "began_at": now - timedelta(minutes=7),
        "seen_at": now,
        "raised_at": now - timedelta(minutes=5),
        "said_at": now - timedelta(minutes=5),
        **changes,
    }
    await desk.parts.database.write(lambda connection: connection.execute(sa.insert(alerts).values(row)))
    return str(row["id"])


async def untold(desk: DeskHouse, alert_id: str) -> None:
    """Its webhook did not get through."""
    row = {
        "id": new_id(),
        "alert_id": alert_id,
        "what": "raised",
        "way": "webhook",
        "recipient": "",
        "created_at": utc_now(),
        "next_at": utc_now(),
        "tries": 3,
        "problem": "The webhook answered 500.",
    }
    await desk.parts.database.write(lambda connection: connection.execute(sa.insert(alert_notices).values(row)))


async def token(desk: DeskHouse, **facts: Any) -> None:
    """What Meta told of Kimia's token."""
    now = utc_now()
    row = {
        "phone_number_id": KIMIA,
        "business_id": await desk.business(),
        "fingerprint": "f",
        "is_valid": True,
        "issued_at": now - timedelta(days=40),
        "first_seen_at": now,
        "asked_at": now,
        "ask_at": now + timedelta(days=1),
        **facts,
    }
    await desk.parts.database.write(lambda connection: connection.execute(sa.insert(access_tokens).values(row)))


async def test_somebody_takes_on_what_is_wrong_and_everybody_sees_who(desk_house: DeskHouse) -> None:
    manager = await desk_house.as_role(Role.MANAGER, "kimia", "Awa Diallo")
    standing = await alert(desk_house)
    await untold(desk_house, standing)
    page = html.unescape((await manager.get("/health")).text)
    assert "A part does not answer: Bot" in page
    assert "Nobody is on it yet" in page
    assert "The webhook answered 500." in page
    assert (await manager.get("/health/count")).text == "1"

    done = await manager.post(f"/health/alerts/{standing}/take")

    assert done.headers["location"] == "/desk/health?done=alerts.done.taken"
    shown = (await manager.get("/health")).text
    assert "Awa Diallo is on it" in shown
    assert "/take" not in shown
    again = await manager.post(f"/health/alerts/{standing}/take")
    assert again.headers["location"] == "/desk/health?done=alerts.done.gone"
    deeds = [(row.deed, row.subject_id) for row in await desk_house.house.rows(staff_audit)]
    assert deeds == [(Deed.ALERT_ACKNOWLEDGED, standing)]


async def test_what_is_over_is_history_and_what_was_never_raised_is_nothing(small_desk: DeskHouse) -> None:
    manager = await small_desk.as_role(Role.MANAGER, "kimia")
    await alert(small_desk, over_at=utc_now())
    await alert(small_desk, "RelaisStopped", "", raised_at=None, said_at=None)

    assert "Nothing is wrong." in (await manager.get("/health")).text
    assert (await manager.get("/health/count")).text == ""
    page = (await manager.get("/health/alerts")).text
    assert "A part does not answer: Bot" in page
    assert "refused everything" not in page


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "Access token: <time"),
        ({}, "never ends"),
        ({"ends_at": utc_now() + timedelta(days=3)}, "Ends soon"),
        ({"is_valid": False, "problem": "Session has expired."}, "Session has expired."),
    ],
)
async def test_a_token_says_its_age_and_its_end(small_desk: DeskHouse, facts: dict[str, Any], told: str) -> None:
    manager = await small_desk.as_role(Role.MANAGER, "kimia")
    await token(small_desk, **facts)
    assert told in (await manager.get("/health")).text


@pytest.mark.browser
@pytest.mark.parametrize(("language", "says"), [("en-GB", "I am on it"), ("fr-FR", "Je m’en occupe")])
async def test_one_click_says_that_somebody_is_on_it(small_desk: DeskHouse, language: str, says: str) -> None:
    await token(small_desk)
    await untold(small_desk, await alert(small_desk))
    await alert(small_desk, "RelaisTokenEnds", "", value=3 * 86400.0)
    manager = await small_desk.member(Role.MANAGER, "kimia", "Awa Diallo")
    async with browsing(small_desk, manager, locale=language) as (page, desk):
        await page.goto(f"{desk}/health")
        await expect(page.locator(".menu .count").filter(has_text="2")).to_be_visible()
        await check(page)
        await page.get_by_role("button", name=says).first.click()
        await expect(
            page.get_by_text("Awa Diallo", exact=False).filter(has_text="occupe" if "fr" in language else "is on it")
        ).to_be_visible()
        await expect(page.get_by_role("button", name=says)).to_have_count(1)
        await page.set_viewport_size({"width": PHONE_SIZE["width"], "height": PHONE_SIZE["height"]})
        await check(page)
        await page.goto(f"{desk}/health/alerts")
        await check(page)
