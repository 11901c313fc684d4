"""What the bot says without being asked: taken in once, rendered like any answer, and held to the window."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from notifications.tables import messages
from storage.tables import conversations, subscribers
from tests.house import GRACE, SECRET, House

BEARER = {"Authorization": f"Bearer {SECRET}"}
REMINDER = {"text": "Time for your *walk*!", "buttons": [{"title": "Done", "payload": "I have been out"}]}


async def known(house: House) -> str:
    """The sender id of somebody who has written once."""
    await house.says("bonjour")
    await house.heard(1)
    await house.settled()
    return str((await house.rows(conversations))[0].id)


async def say(house: House, sender: str, *responses: dict[str, Any], unasked_id: str | None = None) -> httpx.Response:
    body = {"id": unasked_id or str(uuid.uuid4()), "responses": list(responses)}
    return await house.private.post(f"/internal/conversations/{sender}/responses", json=body, headers=BEARER)


async def test_it_reaches_the_phone_like_any_answer(house: House) -> None:
    sender = await known(house)
    answer = await say(house, sender, {"text": "One."}, REMINDER)
    heard = await house.heard(3)

    assert (answer.status_code, answer.json()) == (202, {"repeated": False})
    assert heard[1:] == ["One.", "Time for your *walk*!"]
    assert [row.origin for row in await house.rows(messages)] == ["bot"] * 3


async def test_its_buttons_work(house: House) -> None:
    sender = await known(house)
    await say(house, sender, REMINDER)
    await house.heard(2)
    await house.taps(house.whatsapp.sent[1]["interactive"]["action"]["buttons"][0]["reply"])
    await house.heard(3)

    assert house.bot.turns[-1]["text"] == "I have been out"


async def test_the_same_id_is_said_once(house: House) -> None:
    sender, unasked_id = await known(house), str(uuid.uuid4())
    answers = [await say(house, sender, {"text": "Hop!"}, unasked_id=unasked_id) for _ in range(3)]
    await house.settled()

    assert [answer.json()["repeated"] for answer in answers] == [False, True, True]
    assert house.whatsapp.texts().count("Hop!") == 1


async def test_the_bot_is_not_told_of_its_own_words(house: House) -> None:
    sender = await known(house)
    await say(house, sender, {"text": "Hop!"})
    await house.settled()
    await house.says("merci")
    await house.heard(3)

    assert house.bot.turns[-1]["notes"] == []


async def test_what_the_services_add_is_in_the_persons_language(house: House) -> None:
    sender = await known(house)
    await house.parts.database.write(lambda connection: connection.execute(sa.update(subscribers).values(locale="en")))
    await say(house, sender, {"text": "Which?", "buttons": [{"title": f"No. {n}"} for n in range(11)]})
    await house.heard(2)

    assert house.whatsapp.sent[1]["interactive"]["action"]["button"] == "Choose"


@pytest.mark.parametrize(
    ("responses", "named"),
    [
        ([{"text": "Fine."}, {"text": "?", "buttons": [{"payload": "/greet"}]}], "responses[1]: buttons[0].title"),
        ([{"custom": {"unknown": 1}}], "responses[0]: custom.unknown"),
        ([{"text": "?", "buttons": [{"title": "A secret", "payload": "/greet{nonsense}"}]}], "responses[0]: "),
    ],
)
async def test_what_cannot_be_said_is_named_and_nothing_is_said(
    house: House, responses: list[dict[str, Any]], named: str
) -> None:
    sender = await known(house)
    answer = await say(house, sender, *responses)

    assert answer.status_code == 422
    assert named in answer.json()["detail"]
    assert "secret" not in answer.text
    assert len(await house.rows(messages)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": "1", "responses": [{"text": "x"}]},
        {"id": str(uuid.uuid4()), "responses": []},
        {"id": str(uuid.uuid4()), "responses": ["x"]},
        {"id": str(uuid.uuid4()), "responses": [{"text": "x"}] * 51},
    ],
)
async def test_a_body_that_is_no_responses_is_refused(house: House, body: dict[str, Any]) -> None:
    answer = await house.private.post(f"/internal/conversations/{uuid.uuid4()}/responses", json=body, headers=BEARER)

    assert answer.status_code == 422


async def test_nobody_is_written_to_who_never_wrote(house: House) -> None:
    assert (await say(house, str(uuid.uuid4()), {"text": "Hi"})).status_code == 404


async def test_only_our_own_processes_may_speak(house: House) -> None:
    sender = await known(house)
    body = {"id": str(uuid.uuid4()), "responses": [{"text": "Hi"}]}
    answer = await house.private.post(f"/internal/conversations/{sender}/responses", json=body)

    assert answer.status_code == 401
    assert house.whatsapp.texts(GRACE) == ["you said bonjour"]


async def test_after_24_hours_nothing_leaves_and_the_reason_is_told(house: House) -> None:
    sender = await known(house)
    long_ago = datetime.now(UTC) - timedelta(hours=25)
    await house.parts.database.write(
        lambda connection: connection.execute(sa.update(conversations).values(last_inbound_at=long_ago))
    )
    await say(house, sender, {"text": "Are you still there?"})
    await house.settled()
    (row,) = await house.rows(messages, messages.c.status == "skipped")
    told = await house.private.get(f"/v1/messages/{row.id}/explain", headers=BEARER)

    assert "customer service window is closed" in told.text
    assert len(house.whatsapp.sent) == 1
