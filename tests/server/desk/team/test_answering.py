"""What agents answer with: kept answers, files, templates once the window is closed; and not beside each other."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from conversations import personal
from conversations.handoffs import canned
from conversations.team_tables import canned_answers, sent_files, talk_watchers
from notifications.tables import messages, templates
from server.parts import utc_now
from staff import Role
from staff.tables import staff_audit
from storage.clock import database_now
from storage.tables import businesses, conversations, subscribers
from storage.types import new_id
from tests.server.desk.desk_house import Browser, DeskHouse
from tests.server.desk.inbox.test_talks import at_rest
from tests.server.desk.team.test_team import acts, amina, asks, says, talk
from tests.waiting import until

__all__ = ["amina", "talk"]


def picture(kind: str = "PNG") -> bytes:
    """A small one."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "#0c7a50").save(file, kind)
    return file.getvalue()


async def attaches(
    browser: Browser, talk: str, name: str, content: bytes, kind: str = "application/octet-stream"
) -> Any:
    return await browser.post(f"/team/{talk}/files", files={"upload": (name, content, kind)})


def file_id(piece: str) -> str:
    found = re.search(r'name="file" value="([^"]+)"', piece)
    assert found, piece
    return found[1]


async def approve(desk: DeskHouse, name: str, language: str = "fr", **values: Any) -> None:
    """Meta has approved one of our templates."""
    row = {"status": "APPROVED", "category": "UTILITY", "waba_id": "200000000000001", **values}
    row |= {"id": new_id(), "business_id": await desk.business(), "name": name, "language": language}
    columns = {column.name for column in templates.c if not column.nullable and column.server_default is None}
    row |= {each: utc_now() for each in columns - row.keys()}
    await desk.parts.database.write(lambda c: c.execute(sa.insert(templates).values(row)))


async def close_window(desk: DeskHouse, by: timedelta = timedelta(hours=25)) -> None:
    values = {"last_inbound_at": utc_now() - by}
    await desk.parts.database.write(lambda c: c.execute(sa.update(conversations).values(values)))


async def test_a_kept_answer_is_found_in_the_persons_language_and_filled_in(
    desk_house: DeskHouse, talk: str, amina: Browser
) -> None:
    boss = await desk_house.as_role(Role.MANAGER, "kimia", "Clarisse Ngoma")
    texts = {"fr": "Bonjour {first_name}, {agent} regarde {delivery}.", "en": "Hello {first_name}, I look."}
    kept = await boss.post("/answers", {"business": "kimia", "shortcut": "/Retard", **texts}, follow_redirects=True)
    assert "The answer is kept." in kept.text
    assert "/retard" in kept.text

    await asks(desk_house, talk)
    found = (await amina.get(f"/team/{talk}/canned?q=ret")).text
    assert "Bonjour Grâce, Amina regarde {delivery}." in found
    assert "without delivery" in found
    values = {"locale": "en"}
    await desk_house.parts.database.write(lambda c: c.execute(sa.update(subscribers).values(values)))
    assert "Hello Grâce, I look." in (await amina.get(f"/team/{talk}/canned?q=REGARDE")).text
    assert "No kept answer" in (await amina.get(f"/team/{talk}/canned?q=xyz")).text


async def test_what_is_not_filled_in_is_not_sent_and_not_lost(desk_house: DeskHouse, talk: str, amina: Browser) -> None:
    await acts(amina, talk, "take")
    page = await says(amina, talk, "Je regarde {delivery} pour {first_name}.")
    assert "Nothing was sent: {delivery}, {first_name} is still to be filled in." in page
    assert "Je regarde {delivery} pour {first_name}.</textarea>" in page
    assert desk_house.house.whatsapp.texts() == ["you said bonjour"]
    await says(amina, talk, "Un prix de {5} francs.")
    assert (await desk_house.house.heard(2))[1] == "Un prix de {5} francs."


async def test_answers_are_written_by_those_who_may_for_their_own_business(desk_house: DeskHouse) -> None:
    boss = await desk_house.as_role(Role.MANAGER, "kimia")
    agent = await desk_house.as_role(Role.AGENT, "kimia")
    other = await desk_house.as_role(Role.MANAGER, "jasmin")
    await boss.post("/answers", {"shortcut": "salut", "fr": "Bonjour !"})
    (row,) = await desk_house.house.rows(canned_answers)

    assert (await agent.get("/answers")).status_code == 403
    assert (await other.post(f"/answers/{row.id}", {"shortcut": "salut", "fr": "Pris"})).status_code == 403
    assert (await other.post(f"/answers/{row.id}/drop")).status_code == 403
    assert "Bonjour" not in (await other.get("/answers")).text
    for wrong, told in (
        ({"shortcut": "Où ?", "fr": "x"}, "small letters"),
        ({"shortcut": "salut", "fr": "x"}, "Another answer has this shortcut"),
        ({"shortcut": "neuf", "fr": " "}, "in one language at least"),
        ({"shortcut": "neuf", "fr": "Bonjour {prenom}"}, "There is no {prenom}"),
        ({"shortcut": "neuf", "fr": "x" * 4097}, "4,096 characters"),
    ):
        refused = await boss.post("/answers", {"business": "kimia", **wrong})
        assert refused.status_code == 422
        assert told in refused.text, wrong
    await boss.post(f"/answers/{row.id}", {"shortcut": "salut", "fr": "Rebonjour !", "en": "Hi again!"})
    (row,) = await desk_house.house.rows(canned_answers)
    assert row.texts == {"fr": "Rebonjour !", "en": "Hi again!"}
    await boss.post(f"/answers/{row.id}/drop")
    assert await desk_house.house.rows(canned_answers) == []


async def test_a_picture_goes_with_its_words_by_the_road_of_everything(
    desk_house: DeskHouse, talk: str, amina: Browser
) -> None:
    house = desk_house.house
    await acts(amina, talk, "take")
    piece = await attaches(amina, talk, "reçu.webp", picture("WEBP"), "image/webp")
    assert piece.status_code == 200
    kept = file_id(piece.text)
    assert (await amina.get(f"/talks/{talk}/sent/{kept}")).headers["content-type"] == "image/jpeg"

    await amina.post(f"/team/{talk}/say", {"text": "Voici le reçu.", "file": kept})

    async def left() -> bool:
        return any(each["type"] == "image" for each in house.whatsapp.sent)

    await until(left)
    (sent,) = [each for each in house.whatsapp.sent if each["type"] == "image"]
    assert sent["image"] == {"id": "media1", "caption": "Voici le reçu."}
    assert b"\xff\xd8\xff" in house.whatsapp.uploads[0]
    page = (await amina.get(f"/team/{talk}")).text
    assert f"/talks/{talk}/sent/{kept}" in page
    assert "Voici le reçu." in page
    other = await desk_house.as_role(Role.AGENT, "jasmin")
    assert (await other.get(f"/talks/{talk}/sent/{kept}")).status_code == 404


async def test_words_stand_before_a_sound_and_a_document_keeps_its_name(
    desk_house: DeskHouse, talk: str, amina: Browser
) -> None:
    house = desk_house.house
    await acts(amina, talk, "take")
    sound = file_id((await attaches(amina, talk, "a.mp3", b"ID3" + bytes(600), "audio/mpeg")).text)
    await amina.post(f"/team/{talk}/say", {"text": "Écoutez :", "file": sound})
    paper = file_id((await attaches(amina, talk, "C:\\facture 12.pdf", b"%PDF-1.7\n" + bytes(90))).text)
    await amina.post(f"/team/{talk}/say", {"file": paper})

    async def left() -> bool:
        return len(house.whatsapp.sent) == 4

    await until(left)
    assert [each["type"] for each in house.whatsapp.sent[1:]] == ["text", "audio", "document"]
    assert house.whatsapp.sent[3]["document"]["filename"] == "facture 12.pdf"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("virus.exe", b"MZ" + bytes(600), "does not take files of this kind"),
        ("leer.pdf", b"", "The file is empty"),
        ("gross.png", picture() + bytes(6 * 1024 * 1024), "5 MB at most"),
    ],
)
async def test_what_whatsapp_does_not_take_is_told_at_once(
    desk_house: DeskHouse, talk: str, amina: Browser, name: str, content: bytes, told: str
) -> None:
    answer = await attaches(amina, talk, name, content)
    assert answer.status_code == 422
    assert told in answer.text
    assert await desk_house.house.rows(sent_files) == []


async def test_once_the_window_is_closed_an_approved_template_goes_and_an_answer_opens_it_again(
    desk_house: DeskHouse, talk: str, amina: Browser
) -> None:
    await approve(desk_house, "delivery_delayed", "fr")
    await approve(desk_house, "delivery_delayed", "en")
    await approve(desk_house, "mission_delivered", "fr", status="REJECTED")
    await asks(desk_house, talk)
    await acts(amina, talk, "take")
    await close_window(desk_house)

    page = (await amina.get(f"/team/{talk}")).text
    assert "The 24 hours are over." in page
    assert "delivery delayed · fr · about an order or a delivery" in page
    assert "mission delivered" not in page
    form = (await amina.get(f"/team/{talk}/template?template=delivery_delayed")).text
    assert 'value="Grâce"' in form
    assert "costs about" in form
    missing = await amina.post(f"/team/{talk}/template", {"template": "delivery_delayed", "v.first_name": "Grâce"})
    assert missing.status_code == 409
    assert "reason" in missing.text
    filled = {"first_name": "Grâce", "code": "COUR-1", "reason": "la pluie", "new_time": "vers 16 h"}
    sent = {f"v.{name}": value for name, value in filled.items()}
    answer = await amina.post(f"/team/{talk}/template", {"template": "delivery_delayed", **sent})
    assert answer.status_code == 303

    async def left() -> bool:
        return any(each["type"] == "template" for each in desk_house.house.whatsapp.sent)

    await until(left)
    (row,) = await desk_house.house.rows(messages, messages.c.origin == "agent")
    assert "COUR-1" in row.said
    assert row.author_id == amina.member.id  # type: ignore[union-attr]
    assert "la pluie" in (await amina.get(f"/team/{talk}/said")).text

    await desk_house.house.says("merci")

    async def is_open() -> bool:
        return 'id="text" name="text"' in (await amina.get(f"/team/{talk}/answer")).text

    await until(is_open)


async def test_a_template_that_is_not_approved_does_not_go(desk_house: DeskHouse, talk: str, amina: Browser) -> None:
    await acts(amina, talk, "take")
    await close_window(desk_house)
    assert "No template is approved" in (await amina.get(f"/team/{talk}")).text
    refused = await amina.post(f"/team/{talk}/template", {"template": "delivery_delayed"})
    assert refused.status_code == 409
    assert await desk_house.house.rows(messages, messages.c.origin == "agent") == []


async def test_who_looks_and_who_types_is_seen_by_colleagues_for_a_while(
    desk_house: DeskHouse, talk: str, amina: Browser
) -> None:
    ben = await desk_house.as_role(Role.AGENT, "kimia", "Ben")
    here = f"/team/{talk}/here"
    assert "Ben" not in (await amina.post(here)).text
    assert "Amina looks at this talk too" in (await ben.post(here, {"typing": "yes"})).text
    assert "Ben is typing an answer here" in (await amina.post(here)).text
    # Their page was closed: a quarter of a minute later nobody is there any more.
    gone = {"seen_at": database_now(-15), "typed_at": database_now(-15)}
    await desk_house.parts.database.write(lambda c: c.execute(sa.update(talk_watchers).values(gone)))
    assert "Ben" not in (await amina.post(here)).text


async def test_a_talk_is_noted_given_to_a_colleague_and_put_first(
    desk_house: DeskHouse, talk: str, amina: Browser
) -> None:
    ben = await desk_house.as_role(Role.AGENT, "kimia", "Ben")
    boss = await desk_house.as_role(Role.MANAGER, "kimia", "Clarisse")
    await amina.post(f"/team/{talk}/note", {"text": "Cliente fidèle, <b>soyez doux</b>"})
    assert "Cliente fidèle, &lt;b&gt;soyez doux&lt;/b&gt;" in (await ben.get(f"/team/{talk}")).text
    await at_rest(desk_house)
    assert "Cliente fidèle" in (await boss.get(f"/talks/{talk}")).text

    await asks(desk_house, talk)
    await ben.post(f"/team/{talk}/priority", {"priority": "2"})
    assert "urgent" in (await amina.get("/team")).text
    assert (await ben.post(f"/team/{talk}/assign", {"to": amina.member.id})).status_code == 403  # type: ignore[union-attr]
    await boss.post(f"/team/{talk}/assign", {"to": ben.member.id})  # type: ignore[union-attr]
    assert "Ben has this talk" in (await amina.get(f"/team/{talk}")).text
    stranger = await desk_house.member(Role.AGENT, "jasmin", "Nour")
    assert (await ben.post(f"/team/{talk}/assign", {"to": stranger.id})).status_code == 422
    await ben.post(f"/team/{talk}/assign", {"to": amina.member.id})  # type: ignore[union-attr]
    await says(amina, talk, "Amina ici.")
    assert (await desk_house.house.heard(2))[1] == "Amina ici."
    assert [row.deed for row in await desk_house.house.rows(staff_audit)].count("talk-assigned") == 2


async def test_outside_of_the_hours_the_queue_says_when_people_are_told_the_team_is_back(
    desk_house: DeskHouse, talk: str, amina: Browser
) -> None:
    await asks(desk_house, talk)

    async def open_at(hours: dict[str, str]) -> str:
        await desk_house.parts.database.write(lambda c: c.execute(sa.update(businesses).values(hours=hours)))
        return (await amina.get("/team")).text

    assert "is closed" not in await open_at({"mon-sun": "00:00-24:00"})
    day = (utc_now() + timedelta(days=3)).strftime("%a").lower()
    page = await open_at({day: "08:00-12:00"})
    assert "Kimia Express is closed" in page
    assert re.search(r"keeps their place here: <time [^>]+>[^<]*08:00</time>", page)
    assert "Grâce" in page


async def test_all_of_it_goes_with_the_person(desk_house: DeskHouse, talk: str, amina: Browser) -> None:
    await acts(amina, talk, "take")
    kept = file_id((await attaches(amina, talk, "a.png", picture(), "image/png")).text)
    await amina.post(f"/team/{talk}/here")
    (row,) = await desk_house.house.rows(sent_files)
    (person,) = await desk_house.house.rows(subscribers)
    assert row.storage_key in await desk_house.parts.database.read(personal.file_keys, [talk])
    told = await desk_house.parts.database.read(personal.told, person.id)
    assert told["files_sent"][0]["filename"] == "a.png"
    await desk_house.parts.database.write(personal.erase, person.id)
    assert await desk_house.house.rows(sent_files) == await desk_house.house.rows(talk_watchers) == []
    assert (await amina.get(f"/talks/{talk}/sent/{kept}")).status_code == 404


def test_a_placeholder_is_filled_in_or_stands() -> None:
    values = {"first_name": "Grâce", "delivery": None}
    assert canned.fill("{first_name} {delivery} {x} {", values) == "Grâce {delivery} {x} {"
    assert canned.left_open("{delivery} {x} {delivery} {agent}") == ["delivery", "agent"]
