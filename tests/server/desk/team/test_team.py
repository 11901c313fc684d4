"""People who answer in the assistant's place: the queue, taking a talk up, answering, giving it back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from conversations import handoffs
from server.parts import utc_now
from staff import Role
from staff.tables import staff_audit
from storage.tables import conversations
from storage.types import new_id
from tests.house import PATRICK
from tests.server.desk.desk_house import Browser, DeskHouse
from tests.waiting import until

SUMMARY = {"wishes": ["Suivre un colis"], "doing": "Envoyer un colis", "answers": ["départ : ici"], "about": ["COUR-1"]}


@pytest.fixture
async def talk(desk_house: DeskHouse) -> str:
    """Grâce's, with the bot; the worker works."""
    house = desk_house.house
    house.start()
    await house.says("bonjour")
    await house.heard(1)
    await house.quiet()
    (row,) = await house.rows(conversations)
    return str(row.id)


@pytest.fixture
async def amina(desk_house: DeskHouse) -> Browser:
    return await desk_house.as_role(Role.AGENT, "kimia", "Amina")


async def asks(desk: DeskHouse, talk: str) -> None:
    await desk.parts.database.write(
        lambda connection: handoffs.ask(
            connection, talk, turn_id=new_id(), reason="asked", language="fr", summary=SUMMARY, now=utc_now()
        )
    )


async def acts(browser: Browser, talk: str, act: str) -> str:
    """Do it, and read the page one comes to."""
    answer = await browser.post(f"/team/{talk}", {"act": act}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


async def says(browser: Browser, talk: str, text: str) -> str:
    answer = await browser.post(f"/team/{talk}/say", {"text": text}, follow_redirects=True)
    assert answer.status_code in (200, 409)
    return answer.text


async def test_who_waits_is_taken_up_answered_and_given_back(desk_house: DeskHouse, talk: str, amina: Browser) -> None:
    house = desk_house.house
    await asks(desk_house, talk)
    queue = (await amina.get("/team")).text
    assert "Grâce" in queue
    assert "asked for a human" in queue
    assert "Suivre un colis" in queue

    page = await acts(amina, talk, "take")
    assert "The talk is yours" in page
    assert "COUR-1" in page
    await says(amina, talk, "Bonjour, Amina à l'appareil.")
    assert (await house.heard(2))[1] == "Bonjour, Amina à l'appareil."
    assert "Bonjour, Amina à l&#39;appareil." in (await amina.get(f"/team/{talk}/said")).text

    await acts(amina, talk, "back")
    await house.says("merci")
    assert (await house.heard(3))[2] == "you said merci"
    deeds = [row.deed for row in await house.rows(staff_audit)]
    assert deeds.count("talk-taken-over") == deeds.count("talk-handed-back") == 1
    assert "talk-opened" in deeds


async def test_what_somebody_writes_meanwhile_comes_to_the_page(
    desk_house: DeskHouse, talk: str, amina: Browser
) -> None:
    await acts(amina, talk, "take")
    await desk_house.house.says("<b>toujours là ?</b>")

    async def arrived() -> bool:
        return "&lt;b&gt;toujours là ?&lt;/b&gt;" in (await amina.get(f"/team/{talk}/said")).text

    await until(arrived)

    async def waits() -> bool:
        return "waiting" in (await amina.get("/team/lists")).text

    await until(waits)


async def test_two_agents_never_answer_one_person(desk_house: DeskHouse, talk: str, amina: Browser) -> None:
    ben = await desk_house.as_role(Role.AGENT, "kimia", "Ben")
    await acts(amina, talk, "take")

    assert "Amina has this talk" in (await ben.get(f"/team/{talk}")).text
    assert "A colleague has this talk" in await acts(ben, talk, "take")
    assert "A colleague has this talk" in await says(ben, talk, "moi aussi")
    await acts(ben, talk, "take_from")
    await says(ben, talk, "Ben prend la suite.")
    assert (await desk_house.house.heard(2))[1] == "Ben prend la suite."
    assert "A colleague has this talk" in await says(amina, talk, "ah bon ?")


async def test_done_closes_and_may_be_undone(desk_house: DeskHouse, talk: str, amina: Browser) -> None:
    await acts(amina, talk, "take")
    assert "Closing" in await acts(amina, talk, "finish")
    assert "still yours" in await acts(amina, talk, "reopen")


async def test_what_cannot_be_said_says_why(desk_house: DeskHouse, talk: str, amina: Browser) -> None:
    assert "Take the talk up first" in await says(amina, talk, "bonjour")
    await acts(amina, talk, "take")
    assert "1 to 4,096 characters" in await says(amina, talk, "   ")
    assert "1 to 4,096 characters" in await says(amina, talk, "x" * 5000)
    long_ago = {"last_inbound_at": utc_now() - timedelta(hours=25)}
    await desk_house.parts.database.write(lambda c: c.execute(sa.update(conversations).values(long_ago)))
    assert "not written for 24 hours" in await says(amina, talk, "toujours là ?")
    assert 'name="text" rows="3"' not in (await amina.get(f"/team/{talk}")).text
    assert desk_house.house.whatsapp.texts() == ["you said bonjour"]


async def test_talks_of_another_business_are_not_theirs(desk_house: DeskHouse, talk: str) -> None:
    other = await desk_house.as_role(Role.AGENT, "jasmin", "Nour")

    assert "Grâce" not in (await other.get("/team")).text
    assert (await other.get(f"/team/{talk}")).status_code == 403
    assert (await other.post(f"/team/{talk}", {"act": "take"})).status_code == 403
    assert (await other.get(f"/team/{new_id()}")).status_code == 404


async def test_the_talks_of_lately_are_there_to_be_taken_up(desk_house: DeskHouse, talk: str, amina: Browser) -> None:
    await desk_house.house.says("bonsoir", PATRICK)
    await desk_house.house.quiet()

    assert (await amina.get("/team")).text.count(f"/team/{talk}") == 1
    await acts(amina, talk, "take")
    assert "Mine" in (await amina.get("/team")).text
