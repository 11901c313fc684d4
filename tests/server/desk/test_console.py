"""The console's pages show what is so, to those who may see it, and what is done there is done."""

import html
import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from channels.whatsapp.error_codes import look_up
from notifications.outages import Kind, Outages
from notifications.plans.plan import State
from notifications.tables import api_keys, messages, notifications, workflow_versions
from server.parts import utc_now
from staff import Role
from staff.audit import Deed
from staff.tables import staff_audit
from storage.tables import subscribers
from storage.types import new_id
from tests.server.desk.desk_house import DeskHouse
from tests.waiting import until

WHY = "(131049) This message was not delivered to maintain healthy ecosystem engagement."


async def failed_message(desk: DeskHouse, business: str = "kimia", **changes: Any) -> str:
    """A message that failed for good."""
    row = {
        "id": new_id(),
        "business_id": await desk.business(business),
        "channel": "whatsapp",
        "lane": "immediate",
        "origin": "push",
        "category": "transactional",
        "payload": {"type": "text", "text": {"body": "Votre colis est livré"}},
        "status": "failed",
        "run_at": utc_now(),
        "failures": 3,
        "error_code": 131049,
        "error": WHY,
        "created_at": utc_now(),
        **changes,
    }
    await desk.parts.database.write(lambda connection: connection.execute(sa.insert(messages).values(row)))
    return str(row["id"])


async def notification(desk: DeskHouse, count: int = 1, state: str = "done") -> list[str]:
    """Notifications of one workflow for one person."""
    business, now = await desk.business(), utc_now()
    version, person = new_id(), new_id()
    rows = [
        {
            "id": new_id(),
            "business_id": business,
            "version_id": version,
            "workflow": "mission-delivered",
            "subscriber_id": person,
            "trigger_id": new_id(),
            "source": "api",
            "category": "transactional",
            "lane": "immediate",
            "payload": {},
            "state": state,
            "progress": {},
            "created_at": now,
        }
        for _ in range(count)
    ]

    def write(connection: sa.Connection) -> None:
        connection.execute(
            sa.insert(workflow_versions).values(
                id=version, business_id=business, key="mission-delivered", version=new_id()[-12:], definition={},
                created_at=now,
            )
        )  # fmt: skip
        connection.execute(
            sa.insert(subscribers).values(id=person, business_id=business, role="client", name="Grâce", created_at=now)
        )
        connection.execute(sa.insert(notifications).values(rows))

    await desk.parts.database.write(write)
    return [str(row["id"]) for row in rows]


async def test_a_dead_letter_says_why_is_sent_again_and_its_page_tells_the_story(desk_house: DeskHouse) -> None:
    manager = await desk_house.as_role(Role.MANAGER, "kimia")
    letter = await failed_message(desk_house)
    assert look_up(131049) is not None
    page = (await manager.get("/failed")).text
    assert WHY in html.unescape(page)

    done = await manager.post("/failed", {"act": "replay", "ids": [letter]})

    assert done.headers["location"] == "/desk/failed?done=console.done.replay"
    rows = await desk_house.house.rows(messages)
    assert [row.status for row in rows] == ["failed", "queued"]
    assert rows[1].replay_of == letter
    assert "Nothing failed" in (await manager.get("/failed")).text
    shown = html.unescape((await manager.get(f"/messages/{letter}")).text)
    assert "Votre colis est livré" in shown
    assert "Somebody sent it again" in shown
    deeds = [(row.deed, row.subject_id) for row in await desk_house.house.rows(staff_audit)]
    assert deeds == [(Deed.MESSAGE_REPLAYED, letter), (Deed.MESSAGE_OPENED, letter)]


async def test_a_replayed_letter_really_leaves(desk_house: DeskHouse) -> None:
    house = desk_house.house
    house.start()
    await house.says("bonjour")
    await house.heard(1)
    await house.quiet()
    (sent,) = await house.rows(messages)
    letter = await failed_message(
        desk_house, conversation_id=sent.conversation_id, subscriber_id=sent.subscriber_id, noted=True
    )
    manager = await desk_house.as_role(Role.MANAGER, "kimia")

    await manager.post("/failed", {"act": "replay", "ids": [letter]})

    async def arrived() -> bool:
        return "Votre colis est livré" in house.whatsapp.texts()

    await until(arrived)
    await house.settled()


async def test_several_are_given_up_at_once_and_twice_is_once(desk_house: DeskHouse) -> None:
    manager = await desk_house.as_role(Role.MANAGER)
    letters = [await failed_message(desk_house) for _ in range(3)]

    await manager.post("/failed", {"act": "drop", "ids": letters[:2]})
    again = await manager.post("/failed", {"act": "drop", "ids": letters[:2]})

    assert again.headers["location"].endswith("console.done.nothing")
    page = (await manager.get("/failed")).text
    assert [letter for letter in letters if letter in page] == letters[2:]


async def test_letters_of_another_business_are_neither_seen_nor_touched(desk_house: DeskHouse) -> None:
    manager = await desk_house.as_role(Role.MANAGER, "kimia")
    ours, theirs = await failed_message(desk_house), await failed_message(desk_house, "jasmin")

    page = (await manager.get("/failed")).text
    assert ours in page
    assert theirs not in page
    assert (await manager.get(f"/messages/{theirs}")).status_code == 403
    assert (await manager.post("/failed", {"act": "replay", "ids": [ours, theirs]})).status_code == 403
    assert all(row.closed_at is None for row in await desk_house.house.rows(messages)), "nor is half of it done"


async def test_an_agent_sees_what_failed_and_cannot_mend_it(desk_house: DeskHouse) -> None:
    agent = await desk_house.as_role(Role.AGENT, "kimia")
    letter = await failed_message(desk_house)
    page = (await agent.get("/failed")).text
    assert letter in page
    assert "Send again" not in page
    assert (await agent.post("/failed", {"act": "replay", "ids": [letter]})).status_code == 403


async def test_the_feed_goes_on_page_by_page(desk_house: DeskHouse) -> None:
    made = await notification(desk_house, 60)
    manager = await desk_house.as_role(Role.MANAGER, "kimia")

    first = (await manager.get("/notifications?state=done")).text
    following = html.unescape(re.findall(r'href="/desk(/notifications\?[^"]*before=[^"]+)"', first)[0])
    second = (await manager.get(following)).text

    seen = [re.findall(r'"/desk/notifications/([\w-]{36})"', page) for page in (first, second)]
    assert [*seen[0], *seen[1]] == list(reversed(made))
    assert "No such notification" in (await manager.get("/notifications?state=active")).text
    assert "was set off" in (await manager.get(f"/notifications/{made[0]}")).text


async def test_what_waits_and_what_is_under_way_is_listed_lane_by_lane(desk_house: DeskHouse) -> None:
    manager = await desk_house.as_role(Role.MANAGER, "kimia")
    bulk = await failed_message(desk_house, status="queued", lane="bulk")
    critical = await failed_message(desk_house, status="queued", lane="critical")
    flying = await failed_message(desk_house, status="unknown", lease_until=utc_now())
    theirs = await failed_message(desk_house, "jasmin", status="queued")

    def listed(page: str) -> list[str]:
        return re.findall(r'"/desk/messages/([\w-]{36})"', page)

    assert listed((await manager.get("/messages?which=queued")).text) == [critical, bulk]
    assert listed((await manager.get("/messages?which=queued&lane=bulk")).text) == [bulk]
    assert listed((await manager.get("/messages?which=underway")).text) == [flying]
    assert listed((await manager.get("/messages")).text) == [flying, critical, bulk]
    assert theirs not in (await manager.get("/messages")).text


@pytest.mark.parametrize("state", [each for each in State if each not in (State.ACTIVE, State.DONE)])
async def test_a_rare_state_is_found_without_reading_past_the_others(small_desk: DeskHouse, state: State) -> None:
    (made,) = await notification(small_desk, state=state)
    manager = await small_desk.as_role(Role.MANAGER)
    asked: list[str] = []

    def remember(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM notifications" in statement and "LIMIT" in statement:
            asked.append(statement)

    sa.event.listen(Engine, "before_cursor_execute", remember)
    try:
        page = (await manager.get(f"/notifications?state={state}")).text
    finally:
        sa.event.remove(Engine, "before_cursor_execute", remember)
    assert made in page
    assert "ix_notifications_astray" in await small_desk.parts.database.read(_plan_of, asked[0], state)


def _plan_of(connection: sa.Connection, statement: str, state: State) -> str:
    values = (state.value, 50, 0)[: statement.count("?")]
    return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())


async def test_health_shows_what_waits_and_leads_to_it(desk_house: DeskHouse) -> None:
    manager = await desk_house.as_role(Role.MANAGER, "kimia")
    await failed_message(desk_house)
    for path in ("/health", "/health/now"):
        page = html.unescape((await manager.get(path)).text)
        assert re.search(r'href="/desk/failed"><span>Messages that failed</span><b>1</b>', page)
        assert "+242 06 500 00 01" in page
        assert "+216 71 000 002" not in page, "another business's number"


async def test_health_shows_who_is_left_alone_and_why(desk_house: DeskHouse) -> None:
    manager = await desk_house.as_role(Role.MANAGER, "kimia")
    assert "Left alone" not in (await manager.get("/health")).text
    elsewhere = Outages(lambda: 0.0)
    elsewhere.of(Kind.REFUSED, "twilio").failed("The account is suspended.")
    await desk_house.parts.database.write(elsewhere.share)

    page = html.unescape((await manager.get("/health/now")).text)
    assert "Left alone for now" in page
    assert "Twilio</b>" in page
    assert "The account is suspended." in page


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_workflow_reads_in_both_languages_on_every_channel(small_desk: DeskHouse, language: str) -> None:
    reviewer = await small_desk.as_role(Role.REVIEWER, "kimia")
    listed = (await reviewer.get("/workflows")).text
    paths = re.findall(r'href="/desk(/workflows/kimia/[\w-]+)"', listed)
    assert len(paths) >= 15
    for path in paths:
        answer = await reviewer.get(f"{path}?language={language}")
        assert answer.status_code == 200
        assert 'class="bubble"' in answer.text
    assert (await reviewer.get("/workflows/jasmin/mission-delivered")).status_code == 403
    assert (await reviewer.get("/workflows/kimia/no-such")).status_code == 404


async def test_templates_are_listed_with_what_meta_says(desk_house: DeskHouse) -> None:
    reviewer = await desk_house.as_role(Role.REVIEWER, "kimia")
    page = (await reviewer.get("/templates")).text
    assert "mission_reminder" in page
    assert "not at Meta" in page


async def test_a_key_is_made_shown_once_replaced_and_revoked(desk_house: DeskHouse) -> None:
    admin = await desk_house.as_role(Role.ADMIN, "kimia")
    made = await admin.post("/keys", {"business": "kimia", "name": "shop", "scopes": ["messages:read"]})
    secret = key_in(made.text)
    api = desk_house.stranger().client
    asked = {"Authorization": f"Bearer {secret}"}
    assert (await api.get("/v1/messages", headers=asked)).status_code == 200
    listed = (await admin.get("/keys")).text
    assert secret not in listed
    (key,) = re.findall(r"/keys/([\w-]{36})/rotate", listed)

    fresh = key_in((await admin.post(f"/keys/{key}/rotate")).text)
    assert fresh != secret
    assert (await api.get("/v1/messages", headers=asked)).status_code == 200, "the old one opens for a day"
    await admin.post(f"/keys/{key}/revoke")
    kept = {row.id: row.revoked_at for row in await desk_house.house.rows(api_keys)}
    assert [each for each in kept if kept[each] is not None] == [key]

    assert (await admin.post("/keys", {"business": "kimia", "name": "x"})).status_code == 422
    assert (await admin.post("/keys", {"business": "jasmin", "name": "x", "scopes": ["admin"]})).status_code == 403
    deeds = [row.deed for row in await desk_house.house.rows(staff_audit)]
    assert deeds == [Deed.KEY_MADE, Deed.KEY_ROTATED, Deed.KEY_REVOKED]


async def test_nobody_touches_the_keys_of_another_business(desk_house: DeskHouse) -> None:
    chief = await desk_house.as_role(Role.ADMIN)
    await chief.post("/keys", {"business": "jasmin", "name": "theirs", "scopes": ["admin"]})
    (key,) = re.findall(r"/keys/([\w-]{36})/rotate", (await chief.get("/keys")).text)
    admin = await desk_house.as_role(Role.ADMIN, "kimia")

    assert key not in (await admin.get("/keys")).text
    for act in ("rotate", "revoke"):
        assert (await admin.post(f"/keys/{key}/{act}")).status_code == 403


def key_in(page: str) -> str:
    (secret,) = re.findall(r"rk_live_\w+", page)
    return str(secret)
