"""The team's pages in a real browser: take a talk up with one key, answer, give it back; on a phone and in the dark."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from conversations import handoffs
from conversations.handoffs import canned
from server.parts import utc_now
from staff import Role
from storage.tables import conversations
from storage.types import new_id
from tests.server.desk.browser import PHONE_SIZE, browsing, check, picture
from tests.server.desk.desk_house import DeskHouse
from tests.server.desk.team.test_answering import approve, close_window
from tests.server.desk.team.test_answering import picture as picture_bytes
from tests.waiting import until

pytestmark = pytest.mark.browser

SUMMARY = {
    "wishes": ["Suivre un colis", "Parler à quelqu'un"],
    "doing": "Envoyer un colis",
    "answers": ["Départ : 12 avenue Foch", "Arrivée : marché Total"],
    "about": ["COUR-2026-0042"],
}


async def keep_answers(desk: DeskHouse) -> None:
    """Two."""
    said = {
        "regarde": {"fr": "Bonjour {first_name}, {agent} regarde {claim} tout de suite.", "en": "Hello {first_name}!"},
        "excuse": {"fr": "Toutes nos excuses pour l'attente, {first_name}."},
    }
    business = await desk.business()
    for shortcut, texts in said.items():
        await desk.parts.database.write(canned.keep, business, shortcut, texts, member_id=new_id(), now=utc_now())


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
        await page.locator("li.agent .balloon").wait_for()
        assert (await small_desk.house.heard(4))[3] == "Bonjour Grâce, je regarde tout de suite."
        await small_desk.house.says("merci !")
        # It comes by itself.
        await page.get_by_text("merci !").wait_for()
        await check(page)
        await picture(page, tmp_path / "talk.png")
        await page.get_by_role("button", name="Back to the assistant").click()
        await page.get_by_text("The assistant answers here").wait_for()


async def test_an_answer_is_made_of_a_kept_one_and_a_picture(small_desk: DeskHouse, tmp_path: Path) -> None:
    talk = await waiting_talk(small_desk)
    amina = await small_desk.member(Role.AGENT, "kimia", "Amina")
    await small_desk.parts.database.write(handoffs.take, talk, amina.id, utc_now())
    await keep_answers(small_desk)
    shown = tmp_path / "colis.png"
    shown.write_bytes(picture_bytes())
    async with browsing(small_desk, amina, locale="en-GB") as (page, address):
        await page.goto(f"{address}/team/{talk}")
        box = page.get_by_label("Your answer")
        await box.press_sequentially("/")
        await page.locator("#canned [role=option]").nth(1).wait_for()
        await check(page)
        await picture(page, tmp_path / "canned.png")
        await box.press_sequentially("re")
        await box.press("Enter")
        await expect(box).to_have_value("Bonjour Grâce, Amina regarde {claim} tout de suite.")
        await expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
        await page.get_by_text("Still to be filled in").wait_for()
        await box.fill("Voici votre colis :")
        await page.locator("[data-attach]").set_input_files(shown)
        await page.get_by_text("colis.png").wait_for()
        paste = """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "note.bin"));
            const pasted = new ClipboardEvent("paste", {clipboardData: data, bubbles: true});
            document.querySelector("#text").dispatchEvent(pasted);
        }"""
        await page.evaluate(paste, "\u0000 nothing that WhatsApp takes")
        await page.get_by_text("does not take files of this kind").wait_for()
        await picture(page, tmp_path / "attached.png")
        await check(page)
        await box.press("Control+Enter")
        await page.locator("li.agent img.media").wait_for()
        await check(page)

    async def left() -> bool:
        return small_desk.house.whatsapp.sent[-1].get("image") == {"id": "media1", "caption": "Voici votre colis :"}

    await until(left)


async def test_two_agents_see_each_other_and_the_box_follows_whoever_has_the_talk(small_desk: DeskHouse) -> None:
    talk = await waiting_talk(small_desk)
    amina, ben = [await small_desk.member(Role.AGENT, "kimia", name) for name in ("Amina", "Ben")]
    await small_desk.parts.database.write(handoffs.take, talk, amina.id, utc_now())
    async with (
        browsing(small_desk, amina, locale="en-GB") as (hers, address),
        browsing(small_desk, ben, locale="en-GB") as (his, also),
    ):
        await hers.goto(f"{address}/team/{talk}")
        await his.goto(f"{also}/team/{talk}")
        await hers.get_by_label("Your answer").press_sequentially("Je")
        await his.get_by_text("Amina is typing an answer here").wait_for()
        await his.get_by_role("button", name="Take over from Amina").click()
        await his.get_by_label("Your answer").wait_for()
        await hers.get_by_text("Take the talk up to answer yourself").wait_for()
        await hers.get_by_text("Ben looks at this talk too").wait_for()


async def test_a_template_is_filled_in_once_the_window_is_closed(small_desk: DeskHouse, tmp_path: Path) -> None:
    talk = await waiting_talk(small_desk)
    amina = await small_desk.member(Role.AGENT, "kimia", "Amina")
    await small_desk.parts.database.write(handoffs.take, talk, amina.id, utc_now())
    await approve(small_desk, "delivery_delayed")
    await close_window(small_desk)
    async with browsing(small_desk, amina, locale="en-GB") as (page, address):
        await page.goto(f"{address}/team/{talk}")
        await page.get_by_label("Approved template").select_option("delivery_delayed")
        await page.get_by_label("code").fill("COUR-7")
        await page.get_by_label("reason").fill("la pluie a coupé la route")
        await page.get_by_label("new time").press_sequentially("vers 16 h")
        await page.locator("#template-reads").get_by_text("vers 16 h").wait_for()
        await check(page)
        await picture(page, tmp_path / "template.png")
        await page.get_by_role("button", name="Send the template").click()
        await page.locator("li.agent").get_by_text("vers 16 h").wait_for()
        await small_desk.house.says("merci")
        # They answered: the box is for words again, by itself.
        await page.get_by_label("Your answer").wait_for()


async def test_kept_answers_are_written_at_the_desk(small_desk: DeskHouse, tmp_path: Path) -> None:
    boss = await small_desk.member(Role.MANAGER, "kimia", "Clarisse")
    await keep_answers(small_desk)
    async with browsing(small_desk, boss, locale="fr-FR") as (page, address):
        await page.goto(f"{address}/answers")
        await check(page)
        await page.get_by_role("textbox", name="Raccourci").fill("horaires")
        await page.get_by_label("En français").fill("Nous sommes là de 8 h à 19 h.")
        await page.get_by_role("button", name="Garder").click()
        await page.get_by_role("link", name="/horaires").wait_for()
        await picture(page, tmp_path / "answers.png")


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
