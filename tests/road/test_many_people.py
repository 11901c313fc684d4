"""People do not wait for each other, on one machine and with workers apart."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.stack import APART, JASMIN, KIMIA, Stack, running_stack, scalar

pytestmark = pytest.mark.stack

GREETER = "242068999999"
GRACE, SAMI = "242061234567", "21620123456"
CODE, SAMIS_CODE = "COUR-20250127-061", "COUR-20250127-014"
HANGING = 100


@pytest.mark.alone
def test_a_greeting_is_answered_within_a_second_while_a_hundred_wait_for_a_slow_backend(stack: Stack) -> None:
    waiting = [f"2420688{n:05}" for n in range(HANGING)]
    stack.ask(GREETER, "bonjour")
    stack.slow_backend(30)
    try:
        asked = {phone: stack.say(phone, f"où est {CODE}") for phone in waiting}
        stack.until(lambda: running_turns(stack) == HANGING, 8, "all of them hang")
        greeting = stack.say(GREETER, "bonjour")
        answer = stack.heard(GREETER, greeting, seconds=1.0)
        assert "Kimia Express" in answer[0]["text"]
        assert running_turns(stack) == HANGING
    finally:
        stack.slow_backend(0)
    for phone, after in asked.items():
        assert len(stack.heard(phone, after, seconds=60)) == 1


def running_turns(stack: Stack) -> int:
    return scalar(stack.folder / "relais.db", "SELECT count(*) FROM turns WHERE status = 'running'")


@pytest.fixture
def apart(tmp_path: Path, postgresql_address: URL, postgres_server: str) -> Iterator[Stack]:
    """Web, two workers and the bot as separate processes on PostgreSQL, the bot with a database of its own."""
    import asyncio

    import asyncpg

    bot_database = f"relais_test_bot_{secrets.token_hex(4)}"

    async def run(statement: str) -> None:
        connection = await asyncpg.connect(postgres_server)
        await connection.execute(statement)
        await connection.close()

    asyncio.run(run(f"CREATE DATABASE {bot_database}"))
    plain = postgresql_address.set(drivername="postgresql")
    addresses = {
        "DATABASE_URL": plain.render_as_string(hide_password=False),
        "BOT_DATABASE_URL": plain.set(database=bot_database).render_as_string(hide_password=False),
    }
    try:
        with running_stack(tmp_path, *APART, **addresses) as started:
            yield started
    finally:
        asyncio.run(run(f"DROP DATABASE {bot_database} WITH (FORCE)"))


def test_on_postgresql_with_workers_apart_each_is_answered_in_order_and_sees_only_their_own(apart: Stack) -> None:
    people = [f"2420577{n:05}" for n in range(12)]
    said = {phone: [apart.say(phone, text) for text in ("bonjour", "merci", "au revoir")] for phone in people}
    grace, sami = apart.say(GRACE, f"où est {CODE}"), apart.say(SAMI, f"où est {SAMIS_CODE}", JASMIN)

    assert CODE in apart.heard(GRACE, grace)[0]["text"]
    assert SAMIS_CODE in apart.heard(SAMI, sami, number=JASMIN)[0]["text"]
    for phone, ids in said.items():
        answers = [each["text"] for each in apart.heard(phone, ids[0], 3, seconds=60)]
        assert "Kimia Express" in answers[0]
        assert len(answers) == 3
    # The same code asked by others, at either business, is no code of theirs.
    for phone, number, code in ((SAMI, JASMIN, CODE), (people[0], KIMIA, CODE), (SAMI, KIMIA, SAMIS_CODE)):
        answer = apart.ask(phone, code, number=number)
        assert "📊" not in answer[0]["text"]

    apart.kill("worker")
    assert CODE in apart.ask(GRACE, f"où est {CODE}")[0]["text"]
