"""Who waits for a human: kept once, listed with what the assistant knew, closed by whoever takes it up."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy.engine import URL

from conversations.tables import handoffs as table
from server.__main__ import relais
from server.commands import database
from server.settings import Settings
from storage.tables import conversations
from tests.house import PATRICK, SECRET, House, open_house, settings_for

OURS = {"Authorization": f"Bearer {SECRET}"}
SUMMARY = {"wishes": ["Suivre un colis"], "doing": "Envoyer un colis", "answers": ["départ: ici"], "about": ["COUR-1"]}


async def asks(house: House, sender_id: str, turn: str | None = None, **changes: Any) -> httpx.Response:
    wanted = {"turn_id": turn or str(uuid4()), "reason": "asked", "language": "fr", "summary": SUMMARY} | changes
    return await house.private.post(f"/internal/people/{sender_id}/handoffs", json=wanted, headers=OURS)


@pytest.fixture
async def grace(house: House) -> str:
    """Her sender id."""
    await house.says("bonjour")
    await house.quiet()
    (talk,) = await house.rows(conversations)
    return str(talk.id)


async def listed(house: House, state: str = "waiting") -> list[dict[str, Any]]:
    answer = await house.private.get("/v1/handoffs", params={"state": state}, headers=OURS)
    return list(answer.json()["data"])


async def test_who_asks_for_a_human_is_listed_with_what_was_known(house: House, grace: str) -> None:
    assert (await asks(house, grace)).json()["is_new"]

    (found,) = await listed(house)
    assert (found["business"], found["person"], found["reason"], found["language"]) == ("kimia", "Grâce", "asked", "fr")
    assert found["summary"] == SUMMARY | {"codes": {}}


async def test_the_same_turn_asks_once(house: House, grace: str) -> None:
    turn = str(uuid4())

    answers = [(await asks(house, grace, turn)).json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(await house.rows(table)) == 1


async def test_who_asks_again_keeps_their_place_with_a_new_summary(house: House, grace: str) -> None:
    first = (await asks(house, grace)).json()
    again = (await asks(house, grace, summary=SUMMARY | {"doing": None})).json()

    assert again == {"asked_at": first["asked_at"], "is_new": False}
    (found,) = await listed(house)
    assert found["summary"]["doing"] is None
    assert found["repeated_at"] is not None


async def test_once_taken_up_it_waits_no_more_and_may_be_asked_for_anew(house: House, grace: str) -> None:
    await asks(house, grace)
    (found,) = await listed(house)
    for act, state in (("take", "human"), ("return", "closed"), ("return", "closed")):
        answer = await house.private.post(
            f"/v1/handoffs/{found['id']}/{act}", headers=OURS | {"Relais-Business": "kimia"}
        )
        assert answer.json()["state"] == state

    assert await listed(house) == []
    assert [each["id"] for each in await listed(house, "closed")] == [found["id"]]
    assert (await asks(house, grace)).json()["is_new"]


async def test_each_talk_waits_for_itself(house: House, grace: str) -> None:
    await house.says("bonjour", PATRICK)
    await house.quiet()
    (other,) = [talk.id for talk in await house.rows(conversations) if talk.id != grace]

    await asks(house, grace)
    await asks(house, other, summary={})

    assert [each["conversation_id"] for each in await listed(house)] == [grace, other]


async def test_only_our_own_processes_ask_and_look(house: House, grace: str) -> None:
    assert (await house.private.get("/v1/handoffs")).status_code == 401
    assert (await house.private.post(f"/internal/people/{grace}/handoffs", json={})).status_code == 401
    assert (await asks(house, str(uuid4()))).status_code == 404
    assert (await asks(house, grace, reason="bored")).status_code == 422


def test_an_operator_lists_and_closes_them(
    sqlite_address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(sqlite_address, tmp_path)
    waiting = asyncio.run(_one_waiting(settings))
    monkeypatch.setattr(database, "configured", lambda: settings)
    run = CliRunner().invoke

    shown = run(relais, ["handoffs", "list"]).output
    assert waiting in shown
    for line in (
        "kimia",
        "who: Grâce",
        "wished lately: Suivre un colis",
        "in the middle of: Envoyer un colis",
        "COUR-1",
    ):
        assert line in shown
    assert run(relais, ["handoffs", "close", waiting]).output == "It is closed.\n"
    assert run(relais, ["handoffs", "list"]).output == "Nobody waits for a human.\n"
    assert "Nobody waits under" in run(relais, ["handoffs", "close", waiting]).output


async def _one_waiting(settings: Settings) -> str:
    """Grâce asks, and the server stops."""
    house = open_house(settings)
    house.start()
    try:
        await house.says("bonjour")
        await house.quiet()
        (talk,) = await house.rows(conversations)
        await asks(house, talk.id)
        (row,) = await house.rows(table)
        return str(row.id)
    finally:
        await house.stop()
