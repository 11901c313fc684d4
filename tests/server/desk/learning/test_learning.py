"""Saying what lines mean: by those who may, of their own businesses; kept with who said it, undone, exported."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from conversations.review.tables import review_corrections
from staff import Role
from staff.tables import staff_audit
from tests.server.desk.desk_house import Browser, DeskHouse
from tests.server.desk.learning.schoolhouse import open_school, small_project


@pytest.fixture
async def school(sqlite_address: URL, tmp_path: Path) -> AsyncIterator[DeskHouse]:
    desk = await open_school(sqlite_address, tmp_path, small_project(tmp_path / "project"))
    yield desk
    await desk.close()


async def read(browser: Browser, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def rows(page: str) -> list[str]:
    """The ids of each row's lines, joined."""
    return re.findall(r'name="chosen" value="([^"]+)"', page)


def said(page: str) -> list[str]:
    return re.findall(r'class="said"><a [^>]+>([^<]*)<', page)


async def kept(school: DeskHouse) -> list[Any]:
    found = await school.house.rows(review_corrections, review_corrections.c.state == "standing")
    return sorted(found, key=lambda row: row.id)


async def test_lines_that_were_not_understood_wait_folded_and_without_numbers(school: DeskHouse) -> None:
    reviewer = await school.as_role(Role.REVIEWER, "kimia")
    page = await read(reviewer, "/learning")

    assert len(rows(page)) == 2
    assert [len(each.split(",")) for each in rows(page)] == [2, 1] or "pk c cher" in said(page)[0]
    assert "06 123 45 67" not in page
    assert "1 line nearly the same" in page
    assert "bonjour" not in said(page)
    assert "tika" not in page
    assert (await reviewer.get("/learning/count")).text == "3"
    assert (await reviewer.get("/learning?business=jasmin")).status_code == 403
    assert "06 123 45 67" in await read(await school.as_role(Role.MANAGER, "kimia"), "/learning")


async def test_what_is_said_of_a_line_is_said_of_those_like_it_and_can_be_undone(school: DeskHouse) -> None:
    reviewer = await school.as_role(Role.REVIEWER, "kimia", "Sami Trabelsi")
    (both,) = [each for each in rows(await read(reviewer, "/learning")) if "," in each]

    done = await reviewer.htmx("POST", "/learning/decide", data={"turns": both, "meaning": "track_delivery"})
    assert "track_delivery" in done.text
    assert done.headers["HX-Trigger"] == "counted"
    found = await kept(school)
    assert {(row.intent, row.verdict, row.author) for row in found} == {("track_delivery", "meaning", "Sami Trabelsi")}
    assert {row.line for row in found} == {"wapi colis na ngai kasi, 00 000 00 00", "WAPI colis na ngai kasi"}
    audit = await school.house.rows(staff_audit, staff_audit.c.deed == "talk-corrected")
    assert {row.subject_id for row in audit} == {row.conversation_id for row in found}
    assert (await reviewer.get("/learning/count")).text == "1"

    (undo,) = re.findall(r'name="corrections" value="([^"]+)"', done.text)
    row = await reviewer.htmx("POST", "/learning/undo", data={"corrections": undo})
    assert rows(row.text) == [both]
    assert await kept(school) == []
    assert (await reviewer.htmx("POST", "/learning/undo", data={"corrections": undo})).status_code == 404


async def test_several_are_chosen_and_nobody_is_asked_again(school: DeskHouse) -> None:
    reviewer = await school.as_role(Role.REVIEWER, "kimia")
    every = rows(await read(reviewer, "/learning"))

    await reviewer.post("/learning/decide-chosen", {"act": "skipped", "chosen": every[:1]})
    answer = await reviewer.post("/learning/decide-chosen", {"act": "meaning", "chosen": every[1:], "meaning": ""})
    assert "done=learning.done.nothing" in answer.headers["location"]
    await reviewer.post("/learning/decide-chosen", {"act": "meaning", "chosen": every[1:], "meaning": "ask_price"})
    assert "Nothing to explain" in await read(reviewer, "/learning")
    assert {row.verdict for row in await kept(school)} == {"skipped", "meaning"}


async def test_a_line_is_corrected_in_its_talk(school: DeskHouse) -> None:
    reviewer = await school.as_role(Role.REVIEWER, "kimia", "Sami")
    (row,) = [each for each in rows(await read(reviewer, "/learning")) if "," not in each]
    panel = (await reviewer.htmx("GET", f"/learning/turns/{row}")).text
    assert "pk c cher" in panel
    assert "Entities are found by code here" in panel
    assert "Right as it is" not in panel

    remarks = '[{"entity": "price", "start": 0, "end": 2}]'
    data = {"guess": "greet", "line": "pk c si cher Jean", "language": "en", "remarks": remarks}
    assert "greet, said by Sami" in (await reviewer.htmx("POST", f"/learning/turns/{row}", data=data)).text
    (correction,) = await kept(school)
    assert (correction.intent, correction.language, correction.line) == ("greet", "en", "pk c si cher X")
    page = await read(reviewer, f"/talks/{correction.conversation_id}")
    assert "greet, said by Sami" in page
    assert "price" in await read(reviewer, "/learning/remarks")

    await reviewer.htmx("POST", f"/learning/turns/{row}", data={"verdict": "remark", "remarks": "[]"})
    (correction,) = await kept(school)
    assert (correction.intent, correction.line, correction.remarks) == ("greet", "pk c si cher X", [])
    assert (await reviewer.htmx("POST", f"/learning/turns/{row}/undo")).status_code == 200
    assert await kept(school) == []
    for data, why in (({"meaning": "No Name"}, "small letters"), ({"verdict": "right"}, "say what it means")):
        answer = await reviewer.htmx("POST", f"/learning/turns/{row}", data=data)
        assert answer.status_code == 204
        assert why in answer.headers["HX-Trigger"]


async def test_a_line_that_was_understood_is_confirmed(school: DeskHouse) -> None:
    reviewer = await school.as_role(Role.REVIEWER, "kimia")
    (row,) = [each for each in rows(await read(reviewer, "/learning")) if "," not in each]
    (talk,) = re.findall(r'href="/desk/talks/([0-9a-f-]+)\?turn=' + row, await read(reviewer, "/learning"))
    turns = re.findall(r'hx-get="/desk/learning/turns/([0-9a-f-]+)"', await read(reviewer, f"/talks/{talk}"))
    panels = {each: (await reviewer.htmx("GET", f"/learning/turns/{each}")).text for each in turns}
    (greeting,) = [each for each, panel in panels.items() if "Right as it is: greet" in panel]
    await reviewer.htmx("POST", f"/learning/turns/{greeting}", data={"verdict": "right"})
    (correction,) = await kept(school)
    assert (correction.verdict, correction.intent, correction.line) == ("right", "greet", "bonjour")


async def test_nobody_judges_lines_of_another_business(school: DeskHouse) -> None:
    admin, reviewer = await school.as_role(Role.ADMIN), await school.as_role(Role.REVIEWER, "kimia")
    (theirs,) = rows(await read(admin, "/learning?business=jasmin"))

    assert (
        await reviewer.htmx("POST", "/learning/decide", data={"turns": theirs, "meaning": "x_y"})
    ).status_code == 403
    chosen = {"act": "skipped", "chosen": [theirs]}
    assert (await reviewer.post("/learning/decide-chosen", chosen)).status_code == 403
    assert (await reviewer.htmx("GET", f"/learning/turns/{theirs}")).status_code == 404
    assert (await reviewer.htmx("POST", f"/learning/turns/{theirs}", data={"guess": "greet"})).status_code == 403
    await admin.htmx("POST", "/learning/decide", data={"turns": theirs, "meaning": "greet"})
    (correction,) = await kept(school)
    undone = await reviewer.htmx("POST", "/learning/undo", data={"corrections": correction.id})
    assert undone.status_code == 404
    manager = await school.as_role(Role.MANAGER, "kimia")
    assert "tika" not in await read(manager, "/learning/changes")
    assert "tika" in await read(admin, "/learning/changes")
    assert (await reviewer.get("/learning/changes")).status_code == 403


async def test_a_temporary_meaning_waits_until_it_is_merged(school: DeskHouse) -> None:
    manager = await school.as_role(Role.MANAGER, "kimia")
    (row,) = [each for each in rows(await read(manager, "/learning")) if "," not in each]
    await manager.htmx("POST", "/learning/decide", data={"turns": row, "meaning": "ask_price"})

    assert "1 line waits for its meaning to exist." in await read(manager, "/learning/changes")
    assert "ask_price" in await read(manager, "/learning/meanings")
    answer = await manager.post("/learning/meanings", {"old": "ask_price", "new": "Not a name"})
    assert "bad_name" in answer.headers["location"]
    await manager.post("/learning/meanings", {"old": "ask_price", "new": "out_of_scope"})
    assert "No temporary meanings" in await read(manager, "/learning/meanings")
    assert "pk c cher" in await read(manager, "/learning/changes")


async def test_changes_are_taken_as_a_patch_where_there_is_no_repository(school: DeskHouse) -> None:
    manager = await school.as_role(Role.MANAGER, "kimia")
    (both,) = [each for each in rows(await read(manager, "/learning")) if "," in each]
    await manager.htmx("POST", "/learning/decide", data={"turns": both, "meaning": "track_delivery"})

    page = await read(manager, "/learning/changes")
    assert "The project is not a checkout of git here." in page
    patch = await manager.get("/learning/changes/patch")
    assert "relais-reviewed-" in patch.headers["content-disposition"]
    assert '+  - {text: "wapi colis na ngai kasi, 00 000 00 00", metadata: {correction: ' in patch.text
    assert "06 123" not in patch.text
    assert await school.house.rows(staff_audit, staff_audit.c.deed == "corrections-taught")

    (digest,) = set(re.findall(r'name="digest" value="([0-9a-f]+)"', page))
    stale = await manager.htmx("POST", "/learning/changes/check", data={"digest": "0"})
    assert "The changes are others by now." in stale.text
    found = await manager.htmx("POST", "/learning/changes/commit", data={"digest": digest})
    assert re.search(r"finds \d+ problems, so nothing is committed", found.text)

    drops = re.findall(r'action="/desk(/learning/changes/[0-9a-f-]+/drop)"', page)
    for drop in drops:
        await manager.post(drop)
    assert "Nothing to change" in await read(manager, "/learning/changes")
