"""The page of a person shows all that is known of them, to those who may; what is changed there is kept."""

import html
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from conversations.tables import erasures
from notifications.tables import consents
from server.parts import utc_now
from server.private import private_app
from staff import Role
from staff.audit import Deed
from staff.tables import staff_audit
from storage.insert import insert_all
from storage.tables import subscribers
from storage.types import new_id
from tests.house import GRACE, PATRICK, open_house, settings_for
from tests.server.desk.browser import PHONE_SIZE, browsing, check
from tests.server.desk.desk_house import Browser, DeskHouse
from tests.waiting import until


async def grace(desk: DeskHouse) -> str:
    """Somebody who wrote to Kimia."""
    desk.house.start()
    await desk.house.says("bonjour")
    await desk.house.quiet()
    (row,) = await desk.house.rows(subscribers)
    return str(row.id)


async def found(browser: Browser, asked: str) -> set[str]:
    page = (await browser.get("/people", params={"q": asked})).text
    return set(re.findall(r'href="/desk/people/([0-9a-f-]{36})"', page))


async def deeds(desk: DeskHouse) -> list[str]:
    return [row.deed for row in await desk.house.rows(staff_audit)]


async def test_people_are_found_by_name_number_and_id_at_ones_own_business(desk_house: DeskHouse) -> None:
    person = await grace(desk_house)
    agent = await desk_house.as_role(Role.AGENT, "kimia")
    other = await desk_house.as_role(Role.AGENT, "jasmin")

    for asked in ("grâce", "Grâ", f"+{GRACE}", GRACE[:6], "+242 06 12", person):
        assert await found(agent, asked) == {person}, asked
        assert await found(other, asked) == set(), asked
    for asked in (PATRICK, "personne", "%"):
        assert await found(agent, asked) == set(), asked
    assert (await other.get(f"/people/{person}")).status_code == 403
    rows = await desk_house.house.rows(staff_audit)
    assert {row.deed for row in rows} == {Deed.PEOPLE_SEARCHED}
    assert not any(GRACE in str(row) or "râce" in str(row) for row in rows), "nor is what was searched kept there"


async def test_a_name_is_found_by_how_its_words_begin_with_or_without_accents(desk_house: DeskHouse) -> None:
    agent = await desk_house.as_role(Role.AGENT, "kimia")
    admin = await desk_house.as_role(Role.ADMIN)
    business = await desk_house.business()
    people = {name: new_id() for name in ("Éric Mabiala-Ngoma", "Erica Samba", "ÉRIC O'Brien", "Zoé")}
    row = {"business_id": business, "role": "client", "created_at": utc_now()}
    rows = [row | {"id": person, "name": name} for name, person in people.items()]
    await desk_house.parts.database.write(insert_all, subscribers, rows)

    async def names(asked: str) -> set[str]:
        theirs, everywhere = await found(agent, asked), await found(admin, asked)
        assert theirs == everywhere
        return {name for name, person in people.items() if person in theirs}

    assert await names("eric") == {"Éric Mabiala-Ngoma", "Erica Samba", "ÉRIC O'Brien"}
    assert await names("Éric mab") == {"Éric Mabiala-Ngoma"}
    assert await names("ngo ERI") == {"Éric Mabiala-Ngoma"}
    assert await names("o'bri") == {"ÉRIC O'Brien"}
    assert await names("biala") == set(), "the middle of a word is none of its beginnings"
    assert await names('"zo* OR') == set()

    await desk_house.parts.database.write(
        lambda c: c.execute(sa.update(subscribers).where(subscribers.c.id == people["Zoé"]).values(name="Aline"))
    )
    await desk_house.parts.database.write(
        lambda c: c.execute(sa.update(subscribers).where(subscribers.c.id == people["Erica Samba"]).values(name=None))
    )
    await desk_house.parts.database.write(
        lambda c: c.execute(sa.delete(subscribers).where(subscribers.c.id == people["ÉRIC O'Brien"]))
    )
    assert await names("zoe") == set()
    assert await names("aline") == {"Zoé"}, "by the name that they have now"
    assert await names("eric") == {"Éric Mabiala-Ngoma"}


async def test_a_page_shows_what_is_known_and_is_kept_in_the_audit(desk_house: DeskHouse) -> None:
    person = await grace(desk_house)
    agent = await desk_house.as_role(Role.AGENT, "kimia")

    page = html.unescape((await agent.get(f"/people/{person}")).text)

    assert f"+{GRACE}" in page
    assert re.search(r'href="/desk/talks/[0-9a-f-]{36}"', page)
    assert "Forget this person" not in page, "that is the administrators'"
    assert await deeds(desk_house) == [Deed.PERSON_OPENED]
    piece = await agent.htmx("GET", f"/people/{person}/business")
    assert "It knows of none" in piece.text
    for path in (f"/people/{person}/export",):
        assert (await agent.get(path)).status_code == 403
    assert (await agent.post(f"/people/{person}/erase", {"typed": "FORGET"})).status_code == 403


async def test_what_a_person_told_the_staff_is_kept_as_that_and_their_own_no_stays_theirs(
    desk_house: DeskHouse,
) -> None:
    person = await grace(desk_house)
    agent = await desk_house.as_role(Role.AGENT, "kimia")
    wish = {"category": "reminders", "channel": "sms"}

    await agent.post(f"/people/{person}/decisions", {**wish, "granted": "false"})
    again = await agent.post(f"/people/{person}/decisions", {**wish, "granted": "false"})
    await desk_house.house.says("STOP")
    await desk_house.house.quiet()
    refused = {"category": "marketing", "channel": "whatsapp", "granted": "true"}
    theirs = await agent.post(f"/people/{person}/decisions", refused)

    assert again.headers["location"].endswith("people.done.same")
    assert theirs.headers["location"].endswith("people.done.own_word")
    rows = [(row.category, row.channel, row.granted, row.source) for row in await desk_house.house.rows(consents)]
    assert rows == [("reminders", "sms", False, "staff"), ("marketing", "whatsapp", False, "keyword")]
    assert (await deeds(desk_house)).count(Deed.PREFERENCES_CHANGED) == 1
    page = html.unescape((await agent.get(f"/people/{person}")).text)
    assert "told somebody who works here" in page
    assert "by a word such as STOP" in page


async def away(request: Request) -> Response:
    return Response(status_code=503)


@pytest.fixture
async def lonely_desk(sqlite_address: URL, tmp_path: Path) -> AsyncIterator[DeskHouse]:
    """A desk whose business's system is away."""
    app = Starlette(routes=[Route("/{path:path}", away, methods=["GET", "POST", "DELETE"])])
    backend = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://backend")
    house = open_house(settings_for(sqlite_address, tmp_path), backend=backend)
    opened = DeskHouse(house, private_app(house.parts))
    yield opened
    await opened.close()


async def test_nothing_is_handed_out_or_forgotten_while_the_business_does_not_answer(lonely_desk: DeskHouse) -> None:
    person = await grace(lonely_desk)
    admin = await lonely_desk.as_role(Role.ADMIN, "kimia")

    piece = await admin.htmx("GET", f"/people/{person}/business")
    export = await admin.get(f"/people/{person}/export")
    erased = await admin.post(f"/people/{person}/erase", {"typed": "forget"})

    assert "does not answer now" in html.unescape(piece.text)
    assert (export.status_code, erased.status_code) == (422, 422)
    assert await lonely_desk.house.rows(erasures) == []
    assert not {Deed.PERSON_EXPORTED, Deed.PERSON_ERASED} & set(await deeds(lonely_desk))


async def test_a_person_is_handed_out_and_forgotten_once_the_word_is_typed(desk_house: DeskHouse) -> None:
    person = await grace(desk_house)
    admin = await desk_house.as_role(Role.ADMIN, "kimia")

    export = await admin.get(f"/people/{person}/export")
    unsure = await admin.post(f"/people/{person}/erase", {"typed": "yes"})
    assert await desk_house.house.rows(erasures) == []
    erased = await admin.post(f"/people/{person}/erase", {"typed": "forget"})

    assert "attachment" in export.headers["content-disposition"]
    assert "bonjour" in json.dumps(json.loads(export.text)["assistant"]["received"])
    assert unsure.status_code == 422
    assert "type FORGET" in html.unescape(unsure.text)
    assert "It has begun" in erased.text

    async def gone() -> bool:
        return "Forgotten" in (await admin.get(f"/people/{person}")).text

    await until(gone)
    assert [row.asked_by for row in await desk_house.house.rows(erasures)] == ["operator"]
    assert {Deed.PERSON_EXPORTED, Deed.PERSON_ERASED} <= set(await deeds(desk_house))


@pytest.mark.browser
async def test_a_person_is_found_and_read_on_a_phone(small_desk: DeskHouse) -> None:
    person = await grace(small_desk)
    admin = await small_desk.member(Role.ADMIN, "kimia")
    async with browsing(small_desk, admin, size=PHONE_SIZE, locale="fr-FR", color_scheme="dark") as (page, address):
        await page.goto(f"{address}/people")
        await page.fill("#q", "grâce")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/people?q=*")
        await check(page)
        await page.click(f'a[href$="{person}"]')
        await page.wait_for_selector("text=Il n’en connaît aucune")
        await check(page)
        await page.click('button[aria-label*="Publicité, SMS"]')
        await page.wait_for_selector(".toast")
        await page.click("summary:has-text('Tout ce qui a été décidé')")
        await check(page)
