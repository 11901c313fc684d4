"""A talk at the desk becomes a test: the part that is chosen, without what tells who it was."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.engine import URL

from server.transcripts.script import MARK
from staff import Role
from staff.tables import staff_audit
from tests.conversations.review.events import action, slot, user
from tests.house import PATRICK, text_of
from tests.server.desk.desk_house import DeskHouse, open_desk
from tests.server.desk.inbox.test_talks import at_rest, talk_of

TAP = {"title": "Suivre", "payload": "/track_delivery"}
REAL = {
    "whatsapp_base_url": "https://graph.facebook.com",
    "whatsapp_token": "a-real-token-of-theirs",
    "relais_secret": "a-real-secret-of-theirs-and-long-enough",
}


async def understand(asked: dict[str, Any]) -> dict[str, Any]:
    text = text_of(asked)
    events = [user(text, "track_delivery", 0.91, code="COUR-20250127-061"), slot("shown", "COUR-20250127-061")]
    said = "*Votre colis est en route*\nAvec Jean Malonga, au 06 987 65 43.\nArrivée à 12:40.\n*Total : 8 000 FCFA*"
    return {"responses": [{"text": said, "buttons": [TAP]}], "events": [*events, action("action_track")]}


async def talk(desk: DeskHouse) -> str:
    """Patrick asks for a parcel, says where he is, and taps; the id of the talk."""
    house = desk.house
    house.bot.answer = understand
    house.start()
    await house.says("Où est COUR-20250127-061 ? C'est pour Paul Ibara, appelez le 06 612 34 99", PATRICK)
    await house.says("", PATRICK, type="location", location={"latitude": -4.1, "longitude": 15.1})
    await house.says("", PATRICK, type="interactive", interactive=tapped())
    await at_rest(desk)
    return await talk_of(desk, "Paul Ibara")


def tapped() -> dict[str, Any]:
    return {"type": "button_reply", "button_reply": {"id": "a-token", "title": "Suivre"}}


@pytest.fixture(params=["the emulator", "the real WhatsApp"])
async def desk(request: pytest.FixtureRequest, sqlite_address: URL, tmp_path: Path) -> AsyncIterator[DeskHouse]:
    opened = open_desk(sqlite_address, tmp_path, **(REAL if request.param == "the real WhatsApp" else {}))
    yield opened
    await opened.house.stop()


async def saved(desk: DeskHouse, talk_id: str, query: str = "", form: str = "script") -> str:
    browser = await desk.as_role(Role.MANAGER, "kimia")
    answer = await browser.get(f"/talks/{talk_id}/test/{form}.yml?{query}")
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return str(answer.text)


async def test_nobody_can_be_recognised_in_it(desk: DeskHouse) -> None:
    written = await saved(desk, await talk(desk))
    (script,) = yaml.safe_load(written)
    story = await saved(desk, await talk_of(desk, "Paul Ibara"), form="story")

    assert not re.search(r"06 612|06 987|Malonga|12:40", written + story)
    assert script["turns"][0]["expect"][0] == "*Votre colis est en route*"
    assert script["turns"][-1] == {"tap": "Suivre"} | {"expect": script["turns"][-1]["expect"]}
    if desk.parts.settings.uses_emulator:
        # The demo's own people and codes are everybody's.
        assert script["phone"] == f"+{PATRICK}"
        assert "COUR-20250127-061" in script["turns"][0]["say"]
        assert script["turns"][1]["location"] == [-4.1, 15.1]
    else:
        assert not re.search(r"COUR-2025|Ibara|-4\.1\b", written + story)
        assert script["phone"] != f"+{PATRICK}"
        assert "<code-a>" in script["turns"][0]["say"]
        assert [each["name"] for each in script["given"]] == ["code-a"]
        assert written.count(MARK) == 2, "the parcel, and where they are"


async def test_a_part_is_chosen_and_named_and_that_is_kept_in_the_audit(small_desk: DeskHouse) -> None:
    talk_id = await talk(small_desk)
    (script,) = yaml.safe_load(await saved(small_desk, talk_id, "first=3&last=3&name=A:+test+[of]+%22ours%22"))
    assert script["name"] == 'A: test [of] "ours"'
    assert [sorted(turn) for turn in script["turns"]] == [["expect", "tap"]]
    browser = await small_desk.as_role(Role.MANAGER, "kimia")
    assert (await browser.get(f"/talks/{talk_id}/test?first=9&last=9")).status_code == 404
    deeds = [row.deed for row in await small_desk.house.rows(staff_audit) if row.subject_id == talk_id]
    assert deeds == ["talk-exported"]


async def test_who_may_not_teach_gets_none_and_sees_no_button(small_desk: DeskHouse) -> None:
    talk_id = await talk(small_desk)
    for role, business, status in ((Role.REVIEWER, "kimia", 403), (Role.MANAGER, "jasmin", 404)):
        browser = await small_desk.as_role(role, business)
        assert (await browser.get(f"/talks/{talk_id}/test")).status_code == status
    reviewer = await (await small_desk.as_role(Role.REVIEWER, "kimia")).get(f"/talks/{talk_id}")
    manager = await (await small_desk.as_role(Role.MANAGER, "kimia")).get(f"/talks/{talk_id}")
    assert ("/test" in reviewer.text, "/test" in manager.text) == (False, True)


async def test_it_is_read_the_same_from_both_databases(desk_house: DeskHouse) -> None:
    written = await saved(desk_house, await talk(desk_house))
    assert [next(iter(turn)) for turn in yaml.safe_load(written)[0]["turns"]] == ["say", "location", "tap"]
