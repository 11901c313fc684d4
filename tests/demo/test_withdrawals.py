"""A write whose answer was lost can be given up: it was done, or it never will be."""

import asyncio

from tests.demo.people import Person, refusal
from tests.demo.wishes import fcfa, parcel_at

PARCEL = parcel_at(fcfa(1600))
SEEDED = 7  # missions of Grâce on the first day


async def _count(person: Person) -> int:
    return len((await person.read("/v1/missions", limit=50))["missions"])


async def test_what_was_done_is_told(grace: Person) -> None:
    code = (await grace.post("/v1/missions", PARCEL, key="one")).json()["code"]

    assert await grace.done("/v1/withdrawals", {"key": "one"}) == {"code": code}
    assert (await grace.read(f"/v1/missions/{code}"))["status"] == "pending"


async def test_what_was_not_done_never_will_be(grace: Person) -> None:
    assert await grace.done("/v1/withdrawals", {"key": "one"}) == {"code": None}
    late = await grace.post("/v1/missions", PARCEL, key="one")
    again = await grace.done("/v1/withdrawals", {"key": "one"})

    assert refusal(late) == (409, "withdrawn")
    assert again == {"code": None}
    assert await _count(grace) == SEEDED


async def test_what_was_refused_made_nothing(grace: Person) -> None:
    refused = await grace.post("/v1/missions", parcel_at(fcfa(1)), key="one")

    assert refusal(refused) == (409, "price_changed")
    assert await grace.done("/v1/withdrawals", {"key": "one"}) == {"code": None}


async def test_nobody_gives_up_what_somebody_else_wished(grace: Person, patrick: Person) -> None:
    await grace.post("/v1/missions", PARCEL, key="one")

    assert await patrick.done("/v1/withdrawals", {"key": "one"}) == {"code": None}
    assert (await grace.post("/v1/missions", PARCEL, key="one")).status_code == 201


async def test_at_the_same_moment_one_of_the_two_comes_first(grace: Person) -> None:
    for wish in range(8):
        key = f"wish-{wish}"
        made, given_up = await asyncio.gather(
            grace.post("/v1/missions", PARCEL, key=key), grace.done("/v1/withdrawals", {"key": key})
        )
        if made.status_code == 201:
            assert given_up == {"code": made.json()["code"]}
        else:
            assert (refusal(made), given_up) == ((409, "withdrawn"), {"code": None})
