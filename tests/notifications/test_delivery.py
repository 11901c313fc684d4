"""A queued message reaches WhatsApp once, in its place, or says why not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.responses import JSONResponse
from sqlalchemy.engine import Connection

from notifications import claim, leases
from notifications.consent import ConsentBook
from notifications.explain import explain
from notifications.outgoing import Outgoing
from notifications.providers import Accepted, Uncertain
from notifications.settling import Ended, settle
from notifications.tables import messages
from tests.house import House
from tests.waiting import until

NOW = datetime.now(UTC)


def error(code: int, status: int = 400) -> JSONResponse:
    body = {"error": {"message": f"(#{code}) …", "type": "OAuthException", "code": code, "fbtrace_id": "A"}}
    return JSONResponse(body, status_code=status)


async def status_of(house: House, index: int = 0) -> Any:
    return (await house.rows(messages))[index]


async def test_a_final_refusal_is_kept_with_its_code_and_not_repeated(house: House) -> None:
    asked: list[Any] = []

    def refuse(message: dict[str, Any]) -> JSONResponse:
        asked.append(message)
        return error(131026)

    house.whatsapp.refuse = refuse
    await house.says("bonjour")

    async def failed() -> bool:
        return bool(await house.rows(messages, messages.c.status == "failed"))

    await until(failed)
    assert (await status_of(house)).error_code == 131026
    assert len(asked) == 1


async def test_the_next_message_goes_on_after_one_that_failed(house: House) -> None:
    house.whatsapp.refuse = lambda asked: error(131026) if "un" in str(asked["text"]) else None
    await house.says("un")
    await house.says("deux")

    assert await house.heard(1) == ["you said deux"]


@pytest.mark.slow
async def test_a_throttled_message_waits_and_arrives(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.retry.FIRST_PAUSE_SECONDS", 0.05)
    refusals = [error(130429, 429), error(131056)]
    house.whatsapp.refuse = lambda asked: refusals.pop() if refusals else None
    await house.says("bonjour")

    assert await house.heard(1) == ["you said bonjour"]
    await house.settled()
    assert (await status_of(house)).failures == 0


@pytest.mark.slow
async def test_what_fails_without_a_reason_is_tried_a_few_times(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.retry.FIRST_PAUSE_SECONDS", 0.001)
    house.whatsapp.refuse = lambda asked: error(131000, 500)
    await house.says("bonjour")

    async def failed() -> bool:
        return bool(await house.rows(messages, messages.c.status == "failed"))

    await until(failed)
    row = await status_of(house)
    assert (row.failures, row.attempt) == (3, 3)


@pytest.mark.slow
async def test_an_outage_of_whatsapp_loses_no_answer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.retry.FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr("notifications.retry.LONGEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr("notifications.outage.FIRST_REST_SECONDS", 0.05)
    asked: list[Any] = []

    def away(message: dict[str, Any]) -> JSONResponse:
        asked.append(message)
        return error(131016, 503)

    house.whatsapp.refuse = away
    await house.says("bonjour")

    async def tried_often() -> bool:
        return len(asked) > 5

    await until(tried_often)
    house.whatsapp.refuse = lambda message: None
    assert await house.heard(1) == ["you said bonjour"]


async def test_a_lost_answer_is_unknown_and_a_receipt_with_our_id_settles_it(house: House) -> None:
    def lose(asked: dict[str, Any]) -> None:
        raise ConnectionError("cut after the request")

    house.whatsapp.refuse = lose
    await house.says("bonjour")

    async def unknown() -> bool:
        return bool(await house.rows(messages, messages.c.status == "unknown"))

    await until(unknown)
    row = await status_of(house)
    receipt = {
        "id": "wamid.lost",
        "status": "delivered",
        "timestamp": "1750030073",
        "recipient_id": "242061234567",
        "biz_opaque_callback_data": row.id,
    }
    assert (await house.post(receipt, key="statuses")).status_code == 200
    row = await status_of(house)
    assert (row.status, row.provider_message_id) == ("delivered", "wamid.lost")


async def test_without_a_receipt_an_unknown_message_goes_once_more_and_only_once(house: House) -> None:
    await _stop_sending(house)
    await house.says("bonjour")
    message = await _claimed(house)
    for _ in range(2):
        await house.parts.database.write(settle, [_lost(message)], datetime.now(UTC))
        await _let_leases_end(house)
        again = await house.parts.database.write(claim.claim, 10, datetime.now(UTC))
        if again:
            message = again[0]

    row = await status_of(house)
    assert (row.status, row.resends) == ("unknown", 1)
    story = await house.parts.database.read(explain, row.id)
    assert story is not None
    assert [entry["what"] for entry in story["story"]] == ["queued", "unknown", "resend", "unknown", "given_up"]


async def test_marketing_is_never_sent_twice(house: House) -> None:
    await _stop_sending(house)
    await house.says("bonjour")
    message = await _claimed(house)
    await house.parts.database.write(_set, category="marketing")
    await house.parts.database.write(settle, [_lost(message)], datetime.now(UTC))
    await _let_leases_end(house)

    assert await house.parts.database.write(claim.claim, 10, datetime.now(UTC)) == []


async def test_marketing_does_not_leave_after_an_opt_out(house: House) -> None:
    await _stop_sending(house)
    await house.says("bonjour")
    await _queued(house)
    await house.parts.database.write(_set, category="marketing")
    await house.says("STOP")

    claimed = await house.parts.database.write(claim.claim, 10, datetime.now(UTC))
    # The confirmation, which is no marketing, waited behind it and may go now.
    assert (await status_of(house)).status == "skipped"
    assert len(claimed) <= 1


async def test_a_send_that_was_settled_late_is_known_and_goes_no_second_time(house: House) -> None:
    await _stop_sending(house)
    await house.says("bonjour")
    late = await _claimed(house)
    await _let_leases_end(house)
    await house.parts.database.write(claim.claim, 10, datetime.now(UTC))
    await house.parts.database.write(settle, [_accepted(late, "wamid.late")], NOW)

    row = await status_of(house)
    assert (row.status, row.provider_message_id) == ("sent", "wamid.late")


async def test_a_message_waits_for_the_one_before_it(house: House) -> None:
    await _stop_sending(house)
    await house.says("un")
    await house.says("deux")

    async def two() -> bool:
        return len(await house.rows(messages)) == 2

    await until(two)
    first = await house.parts.database.write(claim.claim, 10, datetime.now(UTC))
    assert len(first) == 1
    assert await house.parts.database.write(claim.claim, 10, datetime.now(UTC)) == []
    await house.parts.database.write(settle, [_accepted(first[0], "wamid.1")], NOW)
    assert len(await house.parts.database.write(claim.claim, 10, datetime.now(UTC))) == 1


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("STOP", False),
        ("stop.", False),
        ("  Arrêt ", False),
        ("ARRET", False),
        ("« Arrêter » les promotions 🙏", False),
        ("ＳＴＯＰ!!!", False),
        ("Désabonnez-moi.", False),
        ("Unsubscribe me", False),
        ("start", True),
        ("Me réabonner", True),
        ("stop le livreur", None),
        ("ne stop pas", None),
        ("", None),
    ],
)
def test_only_a_message_that_is_the_word_is_a_wish(text: str, wish: bool | None) -> None:
    assert ConsentBook().wish(text) is wish


def _lost(message: Outgoing) -> Ended:
    return Ended(message=message, outcome=Uncertain(provider="whatsapp", reason="lost"))


def _accepted(message: Outgoing, wamid: str) -> Ended:
    return Ended(message=message, outcome=Accepted(provider="whatsapp", provider_message_id=wamid))


async def _stop_sending(house: House) -> None:
    """From here on the test sends by hand."""
    await house.rest(house.parts.delivery)


async def _queued(house: House) -> None:
    async def queued() -> bool:
        return bool(await house.rows(messages, messages.c.status == "queued"))

    await until(queued)


async def _claimed(house: House) -> Outgoing:
    await _queued(house)
    return (await house.parts.database.write(claim.claim, 10, datetime.now(UTC)))[0]


def _set(connection: Connection, /, **values: Any) -> None:
    connection.execute(sa.update(messages).values(values))


async def _let_leases_end(house: House) -> None:
    def end(connection: Connection) -> None:
        ended = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(sa.update(messages).where(messages.c.lease_until.is_not(None)).values(lease_until=ended))

    await house.parts.database.write(end)
    await house.parts.database.write(leases.tend_leases, datetime.now(UTC))
