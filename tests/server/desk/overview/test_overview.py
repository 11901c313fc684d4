"""The overview shows how much is said, how fast and how well, and each number leads to the rows that it counts."""

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from channels.sms import twilio_codes
from channels.whatsapp import error_codes
from notifications.tables import messages
from server.desk.words import Words
from server.parts import utc_now
from staff import Role
from storage.types import new_id
from tests.server.desk.desk_house import Browser, DeskHouse
from tests.server.desk.overview.said import fill
from tests.server.desk.test_console import failed_message

CLOCK = ZoneInfo("Africa/Brazzaville")
"""Kimia's."""


async def table(browser: Browser, key: str, **asked: str) -> list[dict[str, str]]:
    """One of the page's tables, as its file lists it."""
    answer = await browser.get(f"/overview/{key}.csv", params=asked)
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_what_was_said_is_shown_and_every_number_opens_its_rows(desk_house: DeskHouse) -> None:
    await fill(desk_house, days=3)
    manager = await desk_house.as_role(Role.MANAGER, "kimia")

    page = html.unescape((await manager.get("/overview?period=week")).text)

    rows = await desk_house.house.rows(messages)
    (whatsapp,) = [row for row in await table(manager, "channels", period="week") if row["Channel"] == "WhatsApp"]
    assert int(whatsapp["Made"]) == sum(row.channel == "whatsapp" for row in rows)
    failed = [row for row in rows if row.status == "failed"]
    reasons = await table(manager, "failures", period="week")
    assert sum(int(row["Messages"]) for row in reasons) == len(failed)
    assert "Not on WhatsApp, an old version" in reasons[0]["Reason and what to do"]
    (spent,) = await table(manager, "costs", period="week")
    assert float(spent["Amount"]) == pytest.approx(0.0225 * sum(row.price_category == "utility" for row in rows))
    paths = set(re.findall(r'href="/desk(/(?:messages|talks|team)[^"]*)"', page))
    assert len(paths) > 40
    for path in paths:
        opened = await manager.get(path)
        assert opened.status_code == 200, path
        assert "No such messages" not in opened.text, path


async def test_messages_are_found_by_how_they_went_also_when_they_are_rare(desk_house: DeskHouse) -> None:
    await fill(desk_house, days=12)
    manager = await desk_house.as_role(Role.MANAGER, "kimia")
    rows = await desk_house.house.rows(messages)

    async def found(**which: Any) -> set[str]:
        seen: set[str] = set()
        address: str | None = f"/messages?{'&'.join(f'{name}={value}' for name, value in which.items())}"
        while address:
            page = (await manager.get(address)).text
            seen |= set(re.findall(r'<a href="/desk/messages/([0-9a-f-]{36})', page))
            older = re.search(r'href="/desk(/messages\?[^"]*)" data-older', page)
            address = html.unescape(older[1]) if older else None
        return seen

    assert await found(code=132001) == {row.id for row in rows if row.error_code == 132001}
    assert await found(channel="sms") == {row.id for row in rows if row.channel == "sms"}
    done = {row.id for row in rows if row.payload.get("template", {}).get("name") == "delivery_done"}
    assert await found(template="delivery_done") == done
    five = (utc_now() - timedelta(days=5)).astimezone(CLOCK).date()
    there = await found(status="read", since=five, until=five)
    assert there
    assert there == {row.id for row in rows if row.status == "read" and row.created_at.astimezone(CLOCK).date() == five}


async def test_a_business_is_shown_to_those_who_may_alone(desk_house: DeskHouse) -> None:
    await failed_message(desk_house, "jasmin")
    while await desk_house.parts.figures.count_some() is not None:
        pass
    ours = await desk_house.as_role(Role.MANAGER, "kimia")
    house = await desk_house.as_role(Role.MANAGER)

    assert (await ours.get("/overview?business=jasmin")).status_code == 403
    assert (await ours.get("/messages?business=jasmin&status=failed")).status_code == 403
    assert [row["Messages"] for row in await table(house, "failures", business="jasmin")] == ["1"]
    for role in (Role.AGENT, Role.REVIEWER, Role.TESTER):
        assert (await (await desk_house.as_role(role, "kimia")).get("/overview")).status_code == 403


@pytest.mark.parametrize(
    "query",
    ["period=custom&since=2031-01-01", "period=custom&since=1999-01-01", "period=custom&since=&until=", "period=month"],
)
async def test_a_time_that_makes_no_sense_is_one_that_does(small_desk: DeskHouse, query: str) -> None:
    manager = await small_desk.as_role(Role.MANAGER, "kimia")
    assert (await manager.get(f"/overview?{query}")).status_code == 200


async def test_the_page_begins_the_day_and_says_when_nothing_is_counted(small_desk: DeskHouse) -> None:
    manager = await small_desk.as_role(Role.MANAGER, "kimia")
    agent = await small_desk.as_role(Role.AGENT, "kimia")

    assert (await manager.get("/")).headers["location"] == "/desk/overview"
    assert (await agent.get("/")).headers["location"] == "/desk/talks"
    assert "Nothing is counted yet" in (await manager.get("/overview")).text


async def test_a_name_from_outside_is_no_formula_of_a_spreadsheet(small_desk: DeskHouse) -> None:
    name: dict[str, Any] = {"sent_form": "template", "payload": {"template": {"name": "=HYPERLINK(1)"}}, "id": new_id()}
    await failed_message(small_desk, **name)
    while await small_desk.parts.figures.count_some() is not None:
        pass
    manager = await small_desk.as_role(Role.MANAGER, "kimia")
    assert [row["Template"] for row in await table(manager, "templates")] == ["'=HYPERLINK(1)"]


async def test_reasons_are_told_in_the_readers_language(small_desk: DeskHouse) -> None:
    await failed_message(small_desk)
    manager = await small_desk.as_role(Role.MANAGER, "kimia")
    manager.client.headers["Accept-Language"] = "fr"
    page = html.unescape((await manager.get("/failed")).text)
    assert "Meta épargne pour l’instant d’autres publicités à cette personne" in page
    assert "(131049) This message was not delivered" in page, "what the provider said is kept beside it"
    (letter,) = await small_desk.parts.database.read(lambda c: list(c.scalars(sa.select(messages.c.id))))
    assert "Meta épargne" in html.unescape((await manager.get(f"/messages/{letter}")).text)


def test_every_code_of_the_tables_has_words_and_the_english_ones_are_the_tables() -> None:
    known = Words("en")["failures"]
    ranged = {"c200"}
    for channel, rows in (("whatsapp", error_codes.all_rows()), ("sms", twilio_codes.all_rows())):
        advice = {f"c{each.codes}": each.row.advice for each in rows if each.codes.isdigit()}
        assert {name: words for name, words in known[channel].items() if name not in ranged} == advice
