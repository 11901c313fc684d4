"""Talks for a human over the API: seen and answered by a team's own system, within its business and its scopes."""

from typing import Any

import pytest

from conversations import handoffs
from notifications.access import Scope
from notifications.tables import messages
from server.parts import utc_now
from staff.tables import staff_members
from storage.tables import conversations
from storage.types import new_id
from tests.house import House
from tests.server.api.shop import Shop, shop_of


@pytest.fixture
async def waiting(house: House) -> str:
    """Grâce's hand-off."""
    await house.says("bonjour")
    await house.heard(1)
    await house.quiet()
    (talk,) = await house.rows(conversations)
    told: dict[str, Any] = {"reason": "asked", "language": "fr", "summary": {"doing": "Envoyer"}, "now": utc_now()}
    await house.parts.database.write(lambda c: handoffs.ask(c, talk.id, turn_id=new_id(), **told))
    held = await house.parts.database.read(handoffs.held, talk.id)
    assert held is not None
    return held.id


@pytest.fixture
async def team(house: House) -> Shop:
    return await shop_of(house, Scope.HANDOFFS_WRITE)


async def test_a_talk_is_read_answered_and_given_back(house: House, team: Shop, waiting: str) -> None:
    (found,) = (await team.get("/v1/handoffs")).json()["data"]
    assert (found["id"], found["person"], found["summary"]) == (waiting, "Grâce", {"doing": "Envoyer"})
    said = (await team.get(f"/v1/handoffs/{waiting}/messages")).json()["data"]
    assert [(each["by"], each["text"]) for each in said] == [("person", "bonjour"), ("bot", "you said bonjour")]

    path = f"/v1/handoffs/{waiting}/messages"
    for _ in range(2):
        answer = await team.post(path, {"text": "Ici Paul."}, key="once")
        assert answer.status_code == 200, answer.text
    assert (await house.heard(2)) == ["you said bonjour", "Ici Paul."]
    assert (await team.get(f"/v1/handoffs/{waiting}")).json()["state"] == "human"
    (row,) = await house.rows(messages, messages.c.origin == "agent")
    assert row.author_id == team.key.id
    later = (await team.get(path, params={"after": said[-1]["id"]})).json()["data"]
    assert [each["text"] for each in later] == ["Ici Paul."]

    assert (await team.post(f"/v1/handoffs/{waiting}/return")).json()["ended_by"] == "agent"
    refused = await team.post(path, {"text": "encore"})
    assert refused.status_code == 409
    assert "has this talk again" in refused.json()["detail"]


async def test_whose_it_is_not_may_not(house: House, team: Shop, waiting: str) -> None:
    other = await shop_of(house, Scope.HANDOFFS_WRITE, business="jasmin")
    reader = await shop_of(house, Scope.HANDOFFS_READ)
    tester = await shop_of(house, Scope.HANDOFFS_WRITE, is_test=True)
    path = f"/v1/handoffs/{waiting}/messages"
    assert (await other.get("/v1/handoffs")).json()["data"] == []
    assert (await other.get(path)).status_code == (await other.post(path, {"text": "x"})).status_code == 404
    assert (await reader.get(path)).status_code == 200
    assert (await reader.post(path, {"text": "x"})).status_code == 403
    assert (await tester.post(path, {"text": "x"})).status_code == 409
    assert (await team.post(path, {"text": " "})).status_code == 422
    assert (await team.post(path, {"text": "x" * 4097})).status_code == 422
    assert await house.rows(messages, messages.c.origin == "agent") == []


async def test_two_systems_never_answer_one_person(house: House, team: Shop, waiting: str) -> None:
    second = await shop_of(house, Scope.HANDOFFS_WRITE)
    assert (await team.post(f"/v1/handoffs/{waiting}/take")).status_code == 200
    for act in ("take", "messages", "return"):
        body = {"text": "moi aussi"} if act == "messages" else None
        assert (await second.post(f"/v1/handoffs/{waiting}/{act}", body)).status_code == 409, act
    assert await house.rows(staff_members) == []
