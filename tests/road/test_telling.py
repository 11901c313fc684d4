"""A business's own system tells Relais what moves, and the customer's phone shows it: with the real processes."""

from collections.abc import Iterator

import pytest

from tests.demo.people import asking_for
from tests.demo.wishes import fcfa, parcel_at
from tests.stack import ANSWER_SECONDS, Stack, running_stack, scalar

pytestmark = pytest.mark.stack

ALINE = "242066667777"


@pytest.fixture
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The same, with couriers in a hurry."""
    folder = tmp_path_factory.mktemp("busy")
    moving = {"DEMO_TELLS_RELAIS": "true", "DEMO_COURIER_SECONDS": "1"}
    with running_stack(folder, "emulator", "backend", "server", **moving) as stack:
        yield stack


@pytest.fixture
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A demo that tells Relais. Without a bot: nobody asks anything."""
    folder = tmp_path_factory.mktemp("telling")
    with running_stack(folder, "emulator", "backend", "server", DEMO_TELLS_RELAIS="true") as stack:
        yield stack


def send_parcel(stack: Stack) -> str:
    """Ask for a parcel to be brought, as the assistant does."""
    headers = asking_for(f"+{ALINE}", token=stack.environment["BACKEND_TOKEN"])
    headers["Idempotency-Key"] = "a-parcel"
    answer = stack.http.post(f"{stack.backend}/v1/missions", json=parcel_at(fcfa(1600)), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


def send_sticker(stack: Stack) -> int:
    """It opens the customer service window and asks for no answer."""
    sticker = stack.send(ALINE, {"type": "sticker"})
    kept = "SELECT count(*) FROM inbound_messages"
    stack.until(lambda: scalar(stack.folder / "relais.db", kept) == 1, ANSWER_SECONDS, "the sticker was kept")
    return sticker


def press(stack: Stack, code: str) -> None:
    """The button under a mission, on the page of the demo."""
    answer = stack.http.post(f"{stack.backend}/missions/{code}/advance")
    assert answer.status_code == 303, answer.text


def reads(stack: Stack, after: int, words: str) -> bool:
    return any(words in (each["text"] or "") for each in stack.chat(ALINE, after))


def test_what_moves_at_the_business_is_read_on_the_phone_whatever_restarts(telling: Stack) -> None:
    stack = telling
    sticker = send_sticker(stack)
    code = send_parcel(stack)

    press(stack, code)
    stack.until(lambda: reads(stack, sticker, "s'occupe de votre livraison"), ANSWER_SECONDS, "she reads who comes")

    stack.kill("server")
    press(stack, code)
    stack.kill("backend")
    stack.start("backend", "server")
    stack.until(lambda: reads(stack, sticker, "114 Rue Mbochis"), ANSWER_SECONDS, "she reads that the courier waits")

    press(stack, code)
    press(stack, code)
    stack.until(lambda: reads(stack, sticker, "est arrivée. Merci"), ANSWER_SECONDS, "she is thanked")
    told = f"SELECT count(*) FROM backend_events WHERE payload LIKE '%{code}%'"
    assert scalar(stack.folder / "relais.db", told) == 4


def test_what_was_sent_comes_by_itself(busy: Stack) -> None:
    sticker = send_sticker(busy)

    send_parcel(busy)

    busy.until(lambda: reads(busy, sticker, "est arrivée. Merci"), ANSWER_SECONDS, "she is thanked")
