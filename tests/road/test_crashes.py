"""kill -9 of any process at any point: nothing is lost, and each message is answered exactly once."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.road.lossy_wire import LossyWire
from tests.stack import Stack, running_stack, scalar

pytestmark = pytest.mark.stack

GRACE = "242061234567"
CODE = "COUR-20250127-061"
RECOVERY_SECONDS = 60.0


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Stack]:
    """A stack of its own, to kill things in."""
    with running_stack(tmp_path) as started:
        started.ask(GRACE, "bonjour")
        yield started


def turns(stack: Stack, status: str) -> int:
    return scalar(stack.folder / "relais.db", f"SELECT count(*) FROM turns WHERE status = '{status}'")


def missions(stack: Stack) -> int:
    return scalar(stack.folder / "backend.db", "SELECT count(*) FROM missions")


def orders(stack: Stack) -> int:
    return scalar(stack.folder / "backend.db", "SELECT count(*) FROM orders")


def user_events(stack: Stack) -> int:
    return scalar(stack.folder / "bot.db", "SELECT count(*) FROM events WHERE type_name = 'user'")


def bot_child(stack: Stack) -> psutil.Process:
    return psutil.Process(stack.running["bot"].pid).children()[0]


def answers(heard: list[dict[str, Any]]) -> list[str]:
    """What was answered; on a slow machine "one moment" comes before it."""
    return [each["text"] for each in heard if "instant" not in each["text"]]


def expect_one_answer(stack: Stack, asked: int) -> None:
    """The timeline came exactly once, and the conversation goes on behind it."""
    first = answers(stack.hear(GRACE, asked, answers, RECOVERY_SECONDS, "the timeline"))
    assert CODE in first[0]
    thanked = stack.say(GRACE, "merci")
    then = answers(stack.hear(GRACE, thanked, answers, RECOVERY_SECONDS, "the answer to thanks"))
    assert len(then) == 1
    assert answers(stack.chat(GRACE, asked)) == [first[0], then[0]]


def expect_code_once(stack: Stack, asked: int, code: str) -> None:
    """One answer tells the code; on a slow machine "one moment" comes before it."""

    def told() -> list[str]:
        return [each["text"] for each in stack.chat(GRACE, asked) if code in each["text"]]

    stack.until(told, RECOVERY_SECONDS, f"the answer with {code}")
    stack.ask(GRACE, "merci")
    assert len(told()) == 1


def test_the_server_dies_between_the_bots_answer_and_its_commit(mortal: Stack) -> None:
    before = user_events(mortal)
    mortal.slow_backend(1.5)
    asked = mortal.say(GRACE, f"où est {CODE}")
    mortal.until(lambda: turns(mortal, "running") == 1, 10, "the turn is under way")
    # Nobody else can commit from here on: the bot will answer, and the server cannot write it down.
    file = sqlite3.connect(mortal.folder / "relais.db", timeout=10, isolation_level=None)
    file.execute("BEGIN IMMEDIATE")
    mortal.until(lambda: user_events(mortal) == before + 1, 15, "the bot has answered")
    mortal.kill("server")
    file.execute("ROLLBACK")
    file.close()
    mortal.slow_backend(0)
    mortal.start("server")

    expect_one_answer(mortal, asked)
    # The bot repeated its recorded answer; it did not take the message twice. ("merci" is the second.)
    assert user_events(mortal) == before + 2


def test_the_bot_dies_in_the_middle_of_a_turn(mortal: Stack) -> None:
    mortal.slow_backend(3)
    asked = mortal.say(GRACE, f"où est {CODE}")
    mortal.until(lambda: turns(mortal, "running") == 1, 10, "the turn is under way")
    bot_child(mortal).kill()
    mortal.slow_backend(0)

    expect_one_answer(mortal, asked)


def test_the_bot_dies_while_a_parcel_is_being_created(mortal: Stack) -> None:
    before = missions(mortal)
    for said in ("je veux envoyer un colis", "10 avenue de la Paix", "8 avenue Matsoua", "Marie Okemba"):
        mortal.ask(GRACE, said)
    for said in ("06 123 45 76", "10k", "fragile svp"):
        mortal.ask(GRACE, said)
    mortal.slow_backend(3)
    asked = mortal.send(GRACE, {"type": "button", "title": "Confirmer"})
    mortal.until(lambda: turns(mortal, "running") == 1, 10, "the turn is under way")
    bot_child(mortal).kill()
    mortal.until(lambda: missions(mortal) == before + 1, RECOVERY_SECONDS, "the backend has created it all the same")
    mortal.slow_backend(0)

    expect_code_once(mortal, asked, "COUR-")
    assert missions(mortal) == before + 1


def test_the_bot_dies_while_an_order_is_being_placed(mortal: Stack) -> None:
    before = orders(mortal)
    cart = {"type": "order", "items": [{"product_retailer_id": "poulet-mayo", "quantity": 2}]}
    mortal.heard(GRACE, mortal.send(GRACE, cart))
    for said in ("passer la commande", "8 avenue Matsoua, Bacongo", "en espèces", "portail bleu"):
        mortal.ask(GRACE, said)
    mortal.slow_backend(3)
    asked = mortal.send(GRACE, {"type": "button", "title": "Confirmer"})
    mortal.until(lambda: turns(mortal, "running") == 1, 10, "the turn is under way")
    bot_child(mortal).kill()
    mortal.until(lambda: orders(mortal) == before + 1, RECOVERY_SECONDS, "the backend has placed it all the same")
    mortal.slow_backend(0)

    expect_code_once(mortal, asked, "CMD-")
    assert orders(mortal) == before + 1


def test_the_bot_dies_after_saving_the_turn_and_before_answering(tmp_path: Path) -> None:
    stack = Stack(tmp_path)
    wire = LossyWire(stack.port["BOT"])
    stack.environment["BOT_URL"] = f"http://127.0.0.1:{wire.port}"
    try:
        stack.start()
        stack.ask(GRACE, "bonjour")
        before = user_events(stack)
        wire.lose_next_answer(then=lambda: bot_child(stack).kill())
        asked = stack.say(GRACE, f"où est {CODE}")
        assert wire.lost.wait(15)
        assert user_events(stack) == before + 1

        expect_one_answer(stack, asked)
        assert user_events(stack) == before + 2
    finally:
        stack.stop()
        wire.close()


def test_the_actions_and_the_backend_die_and_the_person_is_told(mortal: Stack) -> None:
    mortal.kill("backend")
    answer = mortal.ask(GRACE, f"où est {CODE}")
    retry = next(choice["title"] for choice in answer[-1]["choices"] if "essayer" in choice["title"])
    mortal.start("backend")
    asked = mortal.send(GRACE, {"type": "button", "title": retry})
    assert CODE in mortal.heard(GRACE, asked)[0]["text"]

    mortal.kill("actions")
    assert "Désolé" in mortal.ask(GRACE, f"où est {CODE}")[0]["text"]
    mortal.start("actions")
    expect_one_answer(mortal, mortal.say(GRACE, f"où est {CODE}"))


def test_what_is_written_while_the_bot_and_then_the_server_are_down_is_answered(mortal: Stack) -> None:
    mortal.kill("bot")
    first = mortal.say(GRACE, "bonjour")
    mortal.kill("server")
    mortal.say(GRACE, f"où est {CODE}")
    mortal.start("server")
    mortal.start("bot")

    heard = mortal.hear(GRACE, first, lambda heard: len(answers(heard)) == 2, RECOVERY_SECONDS, "both answers")
    texts = answers(heard)
    assert "Kimia Express" in texts[0]
    assert CODE in texts[1]
