"""The team's pages in a real browser: take a talk up with one key, answer, give it back; on a phone and in the dark."""

from pathlib import Path

import pytest

from conversations import handoffs
from server.parts import utc_now
from staff import Role
from storage.tables import conversations
from storage.types import new_id
from tests.server.desk.browser import PHONE_SIZE, browsing, check, picture
from tests.server.desk.desk_house import DeskHouse

pytestmark = pytest.mark.browser

SUMMARY = {
    "wishes": ["Suivre un colis", "Parler à quelqu'un"],
    "doing": "Envoyer un colis",
    "answers": ["Départ : 12 avenue Foch", "Arrivée : marché Total"],
    "about": ["COUR-2026-0042"],
}


async def waiting_talk(desk: DeskHouse) -> str:
    """Grâce asked for a human; the worker works."""
    house = desk.house
    house.start()
    for text in ("bonjour", "mon colis n'est pas arrivé", "je veux parler à quelqu'un"):
        await house.says(text)
    await house.heard(3)
    await house.quiet()
    (row,) = await house.rows(conversations)
    await desk.parts.database.write(
        lambda connection: handoffs.ask(
            connection, row.id, turn_id=new_id(), reason="asked", language="fr", summary=SUMMARY, now=utc_now()
        )
    )
    return str(row.id)


async def test_a_talk_is_taken_up_answered_and_given_back(small_desk: DeskHouse, tmp_path: Path) -> None:
    talk = await waiting_talk(small_desk)
    amina = await small_desk.member(Role.AGENT, "kimia", "Amina")
    async with browsing(small_desk, amina, locale="en-GB") as (page, address):
        await page.goto(f"{address}/team")
        await check(page)
        await page.keyboard.press("j")
        await page.keyboard.press("t")
        await page.wait_for_url(f"**/team/{talk}*")
        await page.get_by_label("Your answer").fill("Bonjour Grâce, je regarde tout de suite.")
        await page.keyboard.press("Control+Enter")
        await page.locator("li.agent .bubble").wait_for()
        assert (await small_desk.house.heard(4))[3] == "Bonjour Grâce, je regarde tout de suite."
        await small_desk.house.says("merci !")
        # It comes by itself.
        await page.get_by_text("merci !").wait_for()
        await check(page)
        await picture(page, tmp_path / "talk.png")
        await page.get_by_role("button", name="Back to the assistant").click()
        await page.get_by_text("The assistant answers here").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_reads_well_on_a_phone(small_desk: DeskHouse, tmp_path: Path, scheme: str) -> None:
    talk = await waiting_talk(small_desk)
    amina = await small_desk.member(Role.AGENT, "kimia", "Amina")
    await small_desk.parts.database.write(handoffs.take, talk, amina.id, utc_now())
    async with browsing(small_desk, amina, size=PHONE_SIZE, locale="fr-FR", color_scheme=scheme) as (page, address):
        for path in ("/team", f"/team/{talk}"):
            await page.goto(address + path)
            await check(page)
        await picture(page, tmp_path / f"phone-{scheme}.png")
