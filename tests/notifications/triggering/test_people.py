"""One person however they are named: found by any name, made once, joined where two turn out to be one."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.tables import messages, notifications
from notifications.triggering import BadRecipient, Recipient, Triggered
from storage.database import Database
from storage.tables import addresses, subscribers
from tests.notifications.push_desk import GRACE, PushDesk

SAME = Recipient(id="c-7", phone=GRACE, email="Grace@Example.com", name="Grâce Mabiala", timezone="Africa/Brazzaville")


@pytest.mark.parametrize(
    "named",
    [
        Recipient(id="c-7"),
        Recipient(phone=GRACE),
        Recipient(whatsapp="242061234567"),
        Recipient(email="grace@example.com"),
        Recipient(id="c-7", email="other@example.com"),
    ],
)
async def test_any_of_the_names_finds_them(database: Database, named: Recipient) -> None:
    office = await PushDesk.open(database)
    known = await office.notify(SAME)

    assert (await office.notify(named)).subscriber_id == known.subscriber_id
    assert len(await office.rows(subscribers)) == 1


async def test_a_phone_is_a_whatsapp_number_too_until_another_is_named(database: Database) -> None:
    office = await PushDesk.open(database)
    await office.notify(Recipient(phone=GRACE))
    await office.notify(Recipient(phone="+242055551234", whatsapp="+33612345678"))

    kept = {(row.kind, row.value) for row in await office.rows(addresses)}
    assert kept == {
        ("phone", GRACE),
        ("whatsapp", GRACE[1:]),
        ("phone", "+242055551234"),
        ("whatsapp", "33612345678"),
    }


async def test_a_brazilian_is_found_by_the_older_spelling_of_the_number(database: Database) -> None:
    office = await PushDesk.open(database)
    known = await office.notify("+5561987654321")

    assert (await office.notify("+556187654321")).subscriber_id == known.subscriber_id


async def test_what_is_told_of_them_is_kept_and_their_own_choice_of_language_stays(database: Database) -> None:
    office = await PushDesk.open(database)
    await office.notify(Recipient(id="c-7", locale="en", attributes={"vip": True}))
    await office.notify(Recipient(id="c-7", locale="fr", name="Grâce", attributes={"since": 2024}))

    [person] = await office.rows(subscribers)
    assert (person.external_id, person.name, person.locale) == ("c-7", "Grâce", "en")
    assert person.attributes == {"vip": True, "since": 2024}


async def test_two_who_were_known_apart_become_one_when_somebody_names_them_together(database: Database) -> None:
    office = await PushDesk.open(database)
    by_phone = await office.notify(GRACE)
    by_id = await office.notify(Recipient(id="c-7", email="grace@example.com"))

    together = await office.notify(Recipient(id="c-7", phone=GRACE))

    assert together.subscriber_id == by_phone.subscriber_id
    people = {row.id: row for row in await office.rows(subscribers)}
    assert people[by_id.subscriber_id].merged_into == by_phone.subscriber_id
    assert people[by_phone.subscriber_id].external_id == "c-7"
    assert (await office.notify(Recipient(id="c-7"))).subscriber_id == by_phone.subscriber_id
    assert {row.subscriber_id for row in await office.rows(notifications)} == {by_phone.subscriber_id}


async def test_a_number_that_changed_hands_moves_and_nobody_is_mixed_up(database: Database) -> None:
    office = await PushDesk.open(database)
    before = await office.notify(Recipient(id="c-7", phone=GRACE))

    after = await office.notify(Recipient(id="c-8", phone=GRACE))

    assert after.subscriber_id != before.subscriber_id
    assert {row.subscriber_id for row in await office.rows(addresses)} == {after.subscriber_id}
    assert (await office.notify(Recipient(id="c-7"))).subscriber_id == before.subscriber_id


async def test_two_ids_that_contradict_each_other_are_refused(database: Database) -> None:
    office = await PushDesk.open(database)
    known = await office.notify(Recipient(id="c-7", phone=GRACE))

    with pytest.raises(BadRecipient, match="leave one of the two out"):
        await office.notify(Recipient(subscriber_id=known.subscriber_id, id="c-8"))


async def test_one_request_may_name_the_same_stranger_several_times(database: Database) -> None:
    office = await PushDesk.open(database)
    named = [
        Recipient(phone=GRACE),
        Recipient(id="c-7", phone=GRACE),
        Recipient(id="c-7"),
        Recipient(phone="061234567"),
    ]

    outcomes = await office.notify_many([office.trigger(each) for each in named])

    assert len({each.subscriber_id for each in outcomes if isinstance(each, Triggered)}) == 1
    assert len(await office.rows(subscribers)) == 1


async def test_two_businesses_know_different_people(database: Database) -> None:
    kimia = await PushDesk.open(database)
    jasmin = await PushDesk.open(database, number="100000000000002")

    one, other = await kimia.notify(Recipient(id="c-7")), await jasmin.notify(Recipient(id="c-7"))

    assert one.subscriber_id != other.subscriber_id
    with pytest.raises(BadRecipient):
        await jasmin.notify(Recipient(subscriber_id=one.subscriber_id))


async def test_many_requests_at_once_for_strangers_make_each_of_them_once(database: Database) -> None:
    office = await PushDesk.open(database)
    numbers = [f"+2420612345{index:02}" for index in range(20)]

    async def request(order: list[str]) -> Any:
        return await office.notify_many([office.trigger(Recipient(phone=each, id=f"c{each}")) for each in order])

    answers = await asyncio.gather(*(request(numbers if turn % 2 else numbers[::-1]) for turn in range(8)))

    assert all(isinstance(each, Triggered) for outcomes in answers for each in outcomes)
    assert len(await office.rows(subscribers)) == len(numbers)
    assert len(await office.rows(messages)) == 8 * len(numbers)


names = st.builds(
    Recipient,
    id=st.none() | st.sampled_from(["a", "b", "c"]),
    phone=st.none() | st.sampled_from([f"+24206123456{digit}" for digit in range(3)]),
    email=st.none() | st.sampled_from(["a@example.com", "b@example.com"]),
)
requests = st.lists(st.lists(names, min_size=1, max_size=4), min_size=1, max_size=5)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests)
async def test_whatever_names_come_an_id_is_one_person_and_an_address_has_one_owner(
    database: Database, given_requests: list[list[Recipient]]
) -> None:
    office = await PushDesk.open(database)
    for request in given_requests:
        outcomes = await office.notify_many([office.trigger(each) for each in request])
        for named, outcome in zip(request, outcomes, strict=True):
            is_named = any((named.id, named.phone, named.email))
            assert isinstance(outcome, Triggered) == is_named
    for external_id in {each.id for request in given_requests for each in request if each.id}:
        people = await database.read(_behind, office.business_id, external_id)
        assert len(people) == 1
    everybody = await office.rows(subscribers)
    living = {row.id for row in everybody if row.merged_into is None}
    assert {row.subscriber_id for row in await office.rows(addresses)} <= living
    assert {row.subscriber_id for row in await office.rows(notifications)} <= living


def _behind(connection: sa.Connection, business_id: str, external_id: str) -> set[str]:
    s = subscribers.c
    rows = connection.execute(
        sa.select(s.id, s.merged_into).where(s.business_id == business_id, s.external_id == external_id)
    )
    return {row.merged_into or row.id for row in rows}
