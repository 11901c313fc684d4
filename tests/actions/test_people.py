"""Who is behind a sender id: asked for once a minute, never written down."""

import httpx
import pytest

from actions import people as module
from actions.people import NumberHidden, PeopleClient, PeopleUnavailable
from backend import Customer
from tests.actions.people import PEOPLE_URL, SECRET, SmallServer

GRACE = Customer(business="kimia", phone="+242061234567")


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(server: SmallServer, clock: Clock) -> PeopleClient:
    return PeopleClient(httpx.AsyncClient(transport=httpx.MockTransport(server)), PEOPLE_URL + "/", SECRET, clock)


async def test_a_person_is_asked_for_with_the_shared_secret(people: PeopleClient, server: SmallServer) -> None:
    assert await people.customer("grace") == GRACE
    assert server.requests[0].url == f"{PEOPLE_URL}/internal/people/grace"


async def test_the_answer_is_kept_for_a_minute(people: PeopleClient, server: SmallServer, clock: Clock) -> None:
    await people.customer("grace")
    clock.now += 59
    await people.customer("grace")
    assert len(server.requests) == 1

    clock.now += 1
    await people.customer("grace")
    assert len(server.requests) == 2


async def test_people_are_not_mixed_up(people: PeopleClient) -> None:
    assert await people.customer("grace") == GRACE
    assert await people.customer("sami") == Customer(business="jasmin", phone="+21620123456")


async def test_an_id_cannot_leave_its_place_in_the_url(people: PeopleClient, server: SmallServer) -> None:
    with pytest.raises(NumberHidden):
        await people.customer("../grace?x=1")

    assert server.requests[0].url.raw_path == b"/internal/people/..%2Fgrace%3Fx%3D1"


@pytest.mark.parametrize("sender", ["shy", "stranger"])
async def test_without_a_number_there_is_no_customer(people: PeopleClient, sender: str) -> None:
    with pytest.raises(NumberHidden):
        await people.customer(sender)


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError,
        httpx.ReadTimeout,
        httpx.Response(401),
        httpx.Response(503),
        httpx.Response(200, text="nonsense"),
        httpx.Response(200, json={"phone": "+242061234567"}),
    ],
)
async def test_a_failure_is_not_remembered(
    people: PeopleClient, server: SmallServer, failure: httpx.Response | type[httpx.TransportError]
) -> None:
    server.failure = failure
    with pytest.raises(PeopleUnavailable) as caught:
        await people.customer("grace")
    assert "+242" not in str(caught.value)

    server.failure = None
    assert await people.customer("grace") == GRACE


async def test_the_memory_does_not_grow_without_end(
    people: PeopleClient, server: SmallServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CACHE_SIZE", 2)
    for sender in ("grace", "patrick", "sami", "grace"):
        await people.customer(sender)

    assert len(server.requests) == 4


async def test_a_number_stays_out_of_what_is_printed(people: PeopleClient) -> None:
    assert "+242" not in repr(await people.person("grace"))
