"""Talks at the desk: found, read as the person saw them, marked; each shown only to those who may see it."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from conversations.review import projection
from conversations.review.tables import review_pending, review_turns
from server.desk.inbox.asked import Asked
from staff import Role
from staff.tables import staff_audit
from storage.tables import conversations
from tests.conversations.review.events import action, slot, user
from tests.house import GRACE, JASMIN, PATRICK, text_of
from tests.server.desk.desk_house import Browser, DeskHouse, open_desk
from tests.waiting import until

TAP = {"title": "Suivre", "payload": "/track_delivery"}


async def understand(asked: dict[str, Any]) -> dict[str, Any]:
    text = text_of(asked)
    if "hm" in text:
        events = [user(text, "nlu_fallback", 0.5, others={"greet": 0.31}), action("action_default_fallback")]
        return {"responses": [{"text": "Je n’ai pas compris <b>."}], "events": events}
    events = [user(text, "track_delivery", 0.91, code="COUR-1"), slot("shown", "COUR-1"), action("action_track")]
    return {"responses": [{"text": "Votre colis est en route.", "buttons": [TAP]}], "events": events}


async def live(desk: DeskHouse) -> None:
    """Grâce and Patrick write to Kimia, somebody else to Jasmin, and it is all in the lists."""
    house = desk.house
    house.bot.answer = understand
    house.start()
    await house.says("Où est mon colis COUR-20250127-061 ? Appelez le 06 123 45 67")
    await house.says("hm ?", PATRICK)
    await house.post(house.message("bonsoir"), number=JASMIN)
    await at_rest(desk)


async def at_rest(desk: DeskHouse) -> None:
    """Wait until everything is answered, and all of it is in the lists."""
    await desk.house.quiet()

    async def listed() -> bool:
        return not await desk.house.rows(review_pending)

    await until(listed)


@pytest.fixture
async def living(sqlite_address: URL, tmp_path: Any) -> AsyncIterator[DeskHouse]:
    desk = open_desk(sqlite_address, tmp_path)
    await live(desk)
    yield desk
    await desk.house.stop()


async def talk_of(desk: DeskHouse, words: str) -> str:
    (turn,) = [row for row in await desk.house.rows(review_turns) if words in row.text]
    return str(turn.conversation_id)


async def read(browser: Browser, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def rows_of(page: str) -> list[str]:
    return re.findall(r'id="row-([0-9a-f-]+)"', page)


async def test_a_list_is_narrowed_by_what_happened(living: DeskHouse) -> None:
    browser = await living.as_role(Role.MANAGER, "kimia")
    grace, patrick = [await talk_of(living, words) for words in ("colis", "hm")]

    assert rows_of(await read(browser, "/talks")) == [patrick, grace]
    for query, found in {
        "intent=track_delivery": [grace],
        "fallback=true": [patrick],
        "below=50": [patrick],
        "entity=code": [grace],
        "action=action_default_fallback": [patrick],
        "slot=shown": [grace],
        "q=COLIS cour": [grace],
        "q=zzz": [],
        "intent=&below=&q=": [patrick, grace],
        "since=2020-01-01&until=2020-01-02": [],
        "least=2": [],
        "view=saved": [],
        "view=all&language=fr": [patrick, grace],
        "failed=true": [],
        "human=true": [],
        "parked=true": [],
    }.items():
        assert rows_of(await read(browser, f"/talks?{query}")) == found, query


@pytest.mark.parametrize("query", ["below=many", "since=yesterday", "view=pink", "least=0", "tag=x"])
async def test_what_our_pages_do_not_ask_is_refused(living: DeskHouse, query: str) -> None:
    browser = await living.as_role(Role.MANAGER, "kimia")
    assert (await browser.get(f"/talks?{query}")).status_code == 422


async def test_a_talk_reads_as_the_person_saw_it_with_what_was_understood(living: DeskHouse) -> None:
    browser = await living.as_role(Role.AGENT, "kimia")
    grace = await talk_of(living, "colis")

    page = await read(browser, f"/talks/{grace}")
    for shown in ("Votre colis est en route.", "Suivre", "06 123 45 67", "Grâce", "track_delivery", "91 %", "COUR-1"):
        assert shown in page
    said = re.findall(r'hx-get="/desk(/talks/[^"]+/messages/[^"]+)"', page)
    story = await browser.htmx("GET", said[0])
    assert "Said by the bot" in story.text
    other = await talk_of(living, "hm")
    assert (await browser.htmx("GET", said[0].replace(grace, other))).status_code == 404
    assert "Je n’ai pas compris &lt;b&gt;." in await read(browser, f"/talks/{other}")


async def test_who_opened_a_talk_is_kept(living: DeskHouse) -> None:
    browser = await living.as_role(Role.REVIEWER, "kimia")
    grace = await talk_of(living, "colis")
    await read(browser, f"/talks/{grace}")
    await browser.htmx("GET", f"/talks/{grace}/now")

    kept = await living.house.rows(staff_audit, staff_audit.c.deed == "talk-opened")
    assert [(row.subject_kind, row.subject_id, row.member_id) for row in kept] == [
        ("talk", grace, browser.member.id if browser.member else "")
    ]


async def test_who_need_not_know_people_sees_neither_names_nor_numbers_in_a_list(living: DeskHouse) -> None:
    reviewer = await read(await living.as_role(Role.REVIEWER, "kimia"), "/talks")
    agent = await read(await living.as_role(Role.AGENT, "kimia"), "/talks")

    assert "Grâce" in agent
    assert "06 123 45 67" in agent
    assert "Grâce" not in reviewer
    assert "06 123 45 67" not in reviewer
    assert "20250127" not in reviewer
    assert "mon colis" in reviewer


async def test_nobody_sees_talks_of_another_business(living: DeskHouse) -> None:
    browser = await living.as_role(Role.MANAGER, "kimia")
    jasmin = await talk_of(living, "bonsoir")

    assert jasmin not in await read(browser, "/talks?view=all")
    assert (await browser.get("/talks?business=jasmin")).status_code == 403
    for path in (f"/talks/{jasmin}", f"/talks/{jasmin}/now"):
        assert (await browser.get(path)).status_code == 404
    for path in ("status", "flag", "tags", "notes"):
        assert (await browser.post(f"/talks/{jasmin}/{path}", {"status": "saved", "name": "x"})).status_code == 404
    assert rows_of(await read(await living.as_role(Role.ADMIN), "/talks?business=jasmin")) == [jasmin]


async def test_a_talk_is_marked_and_unmarked(living: DeskHouse) -> None:
    browser = await living.as_role(Role.REVIEWER, "kimia")
    grace = await talk_of(living, "colis")

    async def act(path: str, **data: str) -> str:
        answer = await browser.htmx("POST", f"/talks/{grace}/{path}", data=data)
        assert answer.status_code == 200, answer.text
        return answer.text

    assert "Unread again" in await act("status", status="reviewed", place="row")
    assert grace in rows_of(await read(browser, "/talks?view=reviewed"))
    await act("status", status="saved")
    assert rows_of(await read(browser, "/talks?view=saved")) == [grace]
    await act("flag", flagged="yes", place="row")
    assert rows_of(await read(browser, "/talks?view=flagged")) == [grace]
    await act("flag", flagged="no")
    assert rows_of(await read(browser, "/talks?view=flagged")) == []
    assert "fâché" in await act("tags", name="fâché", colour="red")
    assert "à rappeler &lt;i&gt;" in await act("notes", text="à rappeler <i>")
    page = await read(browser, "/talks?view=all")
    (tag,) = re.findall(r'<option value="([0-9a-f-]{36})">fâché', page)
    assert rows_of(await read(browser, f"/talks?view=all&tag={tag}")) == [grace]
    assert "fâché" not in re.sub("<datalist.*?</datalist>", "", await act(f"tags/{tag}/drop"))
    for path, data in {"status": {"status": "pink"}, "tags": {"name": " "}, "notes": {"text": ""}}.items():
        assert (await browser.htmx("POST", f"/talks/{grace}/{path}", data=data)).status_code == 422


async def test_a_list_and_a_talk_renew_themselves_only_when_something_is_new(living: DeskHouse) -> None:
    browser = await living.as_role(Role.MANAGER, "kimia")
    grace = await talk_of(living, "colis")
    for path, words in ((f"/talks/{grace}/now", "et maintenant"), ("/talks/list?view=all", "encore une fois")):
        join = "&" if "?" in path else "?"
        await at_rest(living)
        first = (await browser.htmx("GET", path)).text
        (seen,) = re.findall(r"seen=([0-9a-f]{16})", first)
        assert (await browser.htmx("GET", f"{path}{join}seen={seen}")).status_code == 204
        await living.house.says(words)

        async def is_new(address: str = f"{path}{join}seen={seen}", wanted: str = words) -> bool:
            return wanted in (await browser.htmx("GET", address)).text

        await until(is_new)


async def test_a_member_keeps_a_filter(living: DeskHouse) -> None:
    browser = await living.as_role(Role.AGENT, "kimia")

    kept = await browser.post("/talks/filters", {"name": "unsure", "address": "below=50&view=all"})
    assert kept.status_code == 303
    page = await read(browser, "/talks")
    assert "unsure" in page
    assert "below=50" in page
    (drop,) = re.findall(r'action="/desk(/talks/filters/[^"]+/drop)"', page)
    await browser.post(drop)
    assert "unsure" not in await read(browser, "/talks")
    assert (await browser.post("/talks/filters", {"name": "", "address": ""})).status_code == 422
    assert (await browser.post("/talks/filters", {"name": "x", "address": "below=many"})).status_code == 422


async def test_the_page_says_when_its_list_is_behind(living: DeskHouse) -> None:
    browser = await living.as_role(Role.MANAGER, "kimia")
    living.parts.review.stop()

    def forget(connection: sa.Connection) -> None:
        talk = connection.scalar(sa.select(conversations.c.id).limit(1))
        projection.moves(connection, str(talk))
        connection.execute(sa.text("UPDATE review_pending SET since = '2026-01-01 00:00:00.000000'"))

    # The worker may take it at once: then the page was right to say nothing, and it is put back.
    async def says_so() -> bool:
        await living.parts.database.write(forget)
        return "behind" in await read(browser, "/talks")

    await until(says_so)


def test_the_address_of_a_list_says_what_differs() -> None:
    asked = Asked.model_validate({"below": "50", "intent": "", "view": "all", "fallback": "true", "before": "7"})

    assert asked.address() == "view=all&below=50&fallback=true"
    assert asked.address(view="saved") == "view=saved&below=50&fallback=true"
    assert GRACE not in asked.address()
