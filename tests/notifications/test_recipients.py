"""A person is written to under the name that WhatsApp knows them by, and its answers teach us that name."""

from datetime import UTC, datetime
from typing import Any

import pytest

from notifications import claim
from storage.database import Database
from storage.tables import addresses
from tests.house import GRACE, PATRICK
from tests.notifications.post_office import PostOffice

ANA_TYPED, ANA_AT_META = "5511987654321", "551187654321"
USER_ID = "CG.1349120865530274"


@pytest.fixture
async def office(database: Database) -> PostOffice:
    return PostOffice(database)


def answering(office: PostOffice, **contact: str) -> None:
    office.graph.answer = lambda asked, wamid: (200, {"contacts": [contact], "messages": [{"id": wamid}]}, {})


async def known(office: PostOffice, kind: str) -> list[str]:
    return [row.value for row in await office.rows(addresses, addresses.c.kind == kind)]


async def test_who_hides_their_number_is_written_to_by_their_user_id(office: PostOffice) -> None:
    message = await office.queue(await office.person(bsuid=USER_ID))
    await office.send()

    (asked,) = office.graph.asked
    assert (asked["recipient"], asked.get("to")) == (USER_ID, None)
    assert (await office.row(message)).status == "sent"


async def test_a_number_goes_before_a_user_id_and_a_newer_number_before_an_older(office: PostOffice) -> None:
    talk = await office.person(bsuid=USER_ID, whatsapp=ANA_TYPED)
    answering(office, wa_id=ANA_AT_META)
    for _ in range(2):
        await office.queue(talk)
        await office.send()

    assert [asked["to"] for asked in office.graph.asked] == [ANA_TYPED, ANA_AT_META]
    assert await known(office, "whatsapp") == [ANA_TYPED, ANA_AT_META]


async def test_the_user_id_in_an_answer_is_kept_once(office: PostOffice) -> None:
    talk = await office.person(whatsapp=GRACE)
    answering(office, wa_id=GRACE, user_id=USER_ID)
    for _ in range(2):
        await office.queue(talk)
        await office.send()

    assert await known(office, "bsuid") == [USER_ID]
    assert await known(office, "whatsapp") == [GRACE]


async def test_an_address_that_is_somebody_else_s_stays_theirs(office: PostOffice) -> None:
    await office.person(whatsapp=PATRICK)
    message = await office.queue(await office.person(whatsapp=GRACE))
    answering(office, wa_id=PATRICK)
    await office.send()

    assert (await office.row(message)).status == "sent"
    assert sorted(await known(office, "whatsapp")) == sorted([PATRICK, GRACE])


async def test_who_has_no_address_here_is_skipped_with_a_reason(office: PostOffice) -> None:
    message = await office.queue(await office.person(email="grace@example.org"))
    await office.send()

    row = await office.row(message)
    assert (row.status, office.graph.asked) == ("skipped", [])
    assert "no WhatsApp number" in row.error


async def test_a_message_being_sent_shows_no_address(office: PostOffice) -> None:
    await office.queue(await office.person(whatsapp=GRACE, bsuid=USER_ID))
    taken: list[Any] = await office.database.write(claim.claim, 1, datetime.now(UTC))

    assert (taken[0].recipient, taken[0].bsuid) == (GRACE, USER_ID)
    assert GRACE not in repr(taken)
    assert USER_ID not in repr(taken)
    assert "Bonjour" not in repr(taken)
