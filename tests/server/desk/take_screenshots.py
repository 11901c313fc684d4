"""Takes the pictures of docs/desk.md: `python -m tests.server.desk.take_screenshots`, about a minute."""

import asyncio
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from conversations import handoffs
from conversations.review.tables import review_turns
from server import businesses
from server.parts import utc_now
from server.settings import ROOT
from staff import Member, Role, links, members
from storage.database import database_url, open_database
from storage.migrate import upgrade
from storage.tables import conversations
from tests.house import PATRICK
from tests.server.desk.browser import PHONE_SIZE, browsing, picture
from tests.server.desk.desk_house import DeskHouse, open_desk
from tests.server.desk.inbox.test_talks import at_rest
from tests.server.desk.learning.schoolhouse import puzzled
from tests.server.desk.models_shown import keep_comparison, promoted_once, with_models
from tests.server.desk.overview.said import fill
from tests.server.desk.plans.planning import PATRICE as OKEMBA
from tests.server.desk.plans.planning import book, day_in, many_more, planner, remind
from tests.server.desk.team.test_team_in_browser import waiting_talk
from tests.server.desk.test_console import failed_message, notification
from tests.server.models.model_house import BETTER

FOLDER: Final = ROOT / "docs/images"
WIDE: Final = {"width": 1180, "height": 760}
TALL: Final = {"width": 1180, "height": 1180}
PHONE: Final = {"width": PHONE_SIZE["width"], "height": 760}

REASONS: Final = (
    "(131026) Message undeliverable. The person may not be on WhatsApp, or has an old version: try another channel.",
    "(131049) This message was not delivered to maintain healthy ecosystem engagement. Try again in a day or later.",
    "(132001) Template name does not exist in the translation. Push the template in this language.",
)


ALINE: Final = "242066667777"
"""Nobody has her talk, so that the assistant answers it."""
PUZZLING: Final = (
    ("wapi colis na ngai kasi, 06 123 45 67", ALINE),
    ("WAPI colis na ngai kasi ?", PATRICK),
    ("le livreur il tourne en rond depuis 1h devant Pharmacie Mampassi", PATRICK),
    ("pk c cher comme ca pour Talangai", ALINE),
    ("driver no dey pick call o", PATRICK),
    ("je peu payé kan le colis arrive ?", ALINE),
    ("vous vendez des pneus ?", PATRICK),
)


async def main() -> None:
    """Fill a desk, open its pages, take the pictures."""
    folder = Path(tempfile.mkdtemp())
    url = database_url("", folder / "relais.db")
    database = open_database(url)
    await database.write(upgrade)
    await database.write(businesses.write, businesses.read(ROOT / "business.yml"))
    await database.close()
    desk = open_desk(url, folder)
    try:
        awa = await _filled(desk)
        link = await desk.parts.database.write(links.invite, email="sami@example.com", roles={None: Role.AGENT},
                                               made_by=awa.id, now=utc_now())  # fmt: skip
        await _take(desk, None, {"desk-welcome": f"/links/{link}"}, WIDE)
        await _take(desk, awa, {"desk-health": "/health", "desk-failed": "/failed"}, WIDE)
        await _take(desk, awa, {"desk-workflow": "/workflows/kimia/mission-delivered?language=en"}, WIDE)
        await _take(desk, awa, {"desk-staff": "/staff"}, WIDE)
        await _take(desk, awa, {"desk-failed-dark": "/failed"}, WIDE, color_scheme="dark")
        await _take(desk, awa, {"desk-phone": "/failed"}, PHONE)
        desk.house.bot.answer = _helpful
        talk = await waiting_talk(desk)
        await _take(desk, awa, {"desk-team": "/team"}, WIDE)
        await desk.parts.database.write(handoffs.take, talk, awa.id, utc_now())
        await _take(desk, awa, {"desk-talk": f"/team/{talk}"}, WIDE)
        await _take_plans(desk, awa)
        await _take_learning(desk, awa)
        await _take_models(desk, awa, folder)
        (person, *_) = await desk.parts.database.read(_people)
        await _take(desk, awa, {"desk-person": f"/people/{person}"}, TALL)
        await fill(desk)
        month, week = "/overview?business=kimia&period=month", "/overview?business=kimia&period=week"
        await _take(desk, awa, {"desk-overview": month}, TALL)
        await _take(desk, awa, {"desk-overview-dark": week}, TALL, color_scheme="dark")
        await _take(desk, awa, {"desk-overview-phone": week}, PHONE)
    finally:
        await desk.close()
    sys.stdout.write(f"The pictures are in {FOLDER.relative_to(ROOT)}; look at them before you commit them.\n")


async def _take_plans(desk: DeskHouse, awa: Member) -> None:
    """A month of reminders and appointments, and one of its days."""
    office = await planner(desk)
    likes = [await remind(office), await book(office, 4, OKEMBA), await book(office, 5)]
    for day in range(1, 38):
        for count, like in enumerate(likes):
            when = utc_now() + timedelta(days=day, minutes=37 * (day + count) % 480)
            if (day + count) % 6:
                await many_more(office, like, (7 * day + 5 * count) % 11 + 1, next_at=when)
    month, day_of = f"/plans?business=kimia&day={day_in(12)}", f"/plans/days/{day_in(3)}?business=kimia"
    await _take(desk, awa, {"desk-plans": month, "desk-plans-day": day_of}, WIDE)
    await _take(desk, awa, {"desk-plans-phone": month}, PHONE)


async def _take_learning(desk: DeskHouse, awa: Member) -> None:
    """What was not understood, one line of it in its talk, and what the decisions about others would change."""
    desk.house.bot.answer = puzzled
    for text, sender in PUZZLING:
        await desk.house.says(text, sender)
    await at_rest(desk)
    await _take(desk, awa, {"desk-learning": "/learning"}, WIDE)
    async with browsing(desk, awa, size=WIDE, device_scale_factor=1.5, locale="en-GB") as (page, address):
        await page.goto(f"{address}/learning")
        await page.locator(".said a", has_text="pk c cher").click()
        await page.locator(".here [data-correct]").click()
        await page.locator("[data-panel]").wait_for()
        await page.evaluate("document.activeElement.blur()")
        await picture(page, FOLDER / "desk-correct.png")
        await page.goto(f"{address}/learning")
        for _ in range(3):
            await page.locator(".unclear .guess").first.click()
            await page.locator(".unclear.at").wait_for()
        await page.goto(f"{address}/learning/changes")
        await picture(page, FOLDER / "desk-changes.png")


async def _take_models(desk: DeskHouse, awa: Member, folder: Path) -> None:
    """The models, and one of them beside the one that answers."""
    with_models(desk, folder)
    question = sa.select(review_turns.c.turn_id)
    said = await desk.parts.database.read(lambda connection: connection.scalars(question).all())
    keep_comparison(desk, list(said))
    await promoted_once(desk, awa.id)
    await _take(desk, awa, {"desk-models": "/models", "desk-model": f"/models/{BETTER}"}, WIDE)


async def _helpful(asked: dict[str, Any]) -> dict[str, Any]:
    """What a bot might have said."""
    said = {
        "bonjour": "👋 Bonjour Grâce ! Que puis-je faire pour vous ?",
        "mon colis n'est pas arrivé": "📦 COUR-2026-0042 est en route ; livraison prévue vers 14:30.",
    }
    text = said.get(str(asked.get("text")), "🙋 L'équipe est prévenue, quelqu'un vous répond ici.")
    return {"responses": [{"text": text}], "events": []}


async def _filled(desk: DeskHouse) -> Member:
    """A desk with something to see; its administrator."""
    awa = await desk.member(Role.ADMIN, name="Awa Diallo")
    await desk.parts.database.write(members.prefer, awa.id, name=awa.name, language="en", theme="auto")
    for role, business, name in (
        (Role.MANAGER, "kimia", "Clarisse Ngoma"),
        (Role.AGENT, "kimia", "Jean Malonga"),
        (Role.REVIEWER, "jasmin", "Sami Trabelsi"),
    ):
        await desk.member(role, business, name)
    (pushed,) = await notification(desk)
    for count, reason in enumerate(REASONS * 2):
        await failed_message(desk, "jasmin" if count == 2 else "kimia", error=reason, failures=count % 3 + 1,
                             notification_id=None if count % 2 else pushed, plan_key=str(count),
                             provider="whatsapp")  # fmt: skip
    return awa


def _people(connection: sa.Connection) -> list[str]:
    """Those who wrote."""
    wrote = sa.select(conversations.c.subscriber_id).order_by(conversations.c.id)
    return list(connection.scalars(wrote))


async def _take(
    desk: DeskHouse, member: Member | None, pages: dict[str, str], size: dict[str, int], **context: Any
) -> None:
    async with browsing(desk, member, size=size, device_scale_factor=1.5, locale="en-GB", **context) as (page, address):
        for name, path in pages.items():
            await page.goto(address + path)
            await picture(page, FOLDER / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
