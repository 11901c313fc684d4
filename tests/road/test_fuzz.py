"""People who do anything at any time, all at once: each is answered, once, and learns of nobody else.

RELAIS_FUZZ_SECONDS=600 explores with new people; RELAIS_FUZZ_SEED=… brings those of a failure back.
"""

import contextlib
import os
import re
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex

import pytest

from tests.road.test_scripts import SCRIPTS
from tests.road.wanderer import THEIRS, Wanderer, heard_by
from tests.stack import Stack, running_stack, scalar

pytestmark = pytest.mark.stack

SECONDS = float(os.environ.get("RELAIS_FUZZ_SECONDS", "15"))
SEED = os.environ.get("RELAIS_FUZZ_SEED") or (token_hex(4) if "RELAIS_FUZZ_SECONDS" in os.environ else "steady")
PEOPLE = [f"24206111{number}" for number in range(7000, 7006)]
QUIET_SECONDS = 30.0
BROKEN = re.compile(
    r"an action broke|action_failed|unknown action|response_unsayable|turn\.broken|turn\.no_answer"
    r"|item_unstorable|not_kept|Traceback"
)
TWICE = (
    "SELECT turn_id FROM messages WHERE origin = 'bot' AND turn_id IS NOT NULL"
    " GROUP BY turn_id HAVING count(DISTINCT created_at) > 1"
)
# Of an album one photo is answered.
UNANSWERED = (
    "SELECT id FROM turns WHERE status = 'done' AND id NOT IN (SELECT turn_id FROM messages WHERE turn_id NOT NULL)"
    " AND json_extract(input, '$.kind') != 'file'"
)
OPEN = "SELECT id, status, error FROM turns WHERE status NOT IN ('done', 'withdrawn')"
TWO_OF_ONE_NAME = (
    "SELECT customer_phone, recipient_name, count(*) FROM missions WHERE customer_phone LIKE '+24206111700%'"
    " AND recipient_name LIKE 'Z%' GROUP BY recipient_name, customer_phone HAVING count(*) > 1"
)
#: What those read who want the same parcel once more, to the same person.
SENT_AGAIN = ("Le même envoi que", "The same parcel as")
WRITTEN = {"missions": "parcel_summary", "orders": "order_summary", "claims": "claim_summary"}


def test_whatever_people_do_each_is_answered_once_and_learns_of_nobody_else(tmp_path: Path) -> None:
    with running_stack(tmp_path) as stack:
        people = [Wanderer(stack, phone, f"{SEED}-{phone}", SCRIPTS) for phone in PEOPLE]
        try:
            all_wander(people)
            stack.until(lambda: not rows(stack, "relais.db", OPEN), QUIET_SECONDS, lambda: f"open: {parked(stack)}")
            check(stack, people)
            assert sum(one.acts for one in people) > len(people), "nobody did anything"
            tell(stack, people)
        except BaseException:
            print(f"RELAIS_FUZZ_SEED={SEED}", *(f"{each.phone}: {each}" for each in people), sep="\n")  # noqa: T201
            raise


def all_wander(people: list[Wanderer]) -> None:
    """Everybody at once, until the time is over; the first failure is raised when all have stopped."""
    ends = time.monotonic() + SECONDS

    def wander(one: Wanderer) -> None:
        while time.monotonic() < ends:
            one.wander()

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(wander, people))


def check(stack: Stack, people: list[Wanderer]) -> None:
    """What is always so, whatever was done."""
    assert rows(stack, "relais.db", TWICE) == []
    assert rows(stack, "relais.db", UNANSWERED) == []
    twice = rows(stack, "backend.db", TWO_OF_ONE_NAME)
    for one in people:
        heard = heard_by(stack, one.phone)
        if not any(text in heard for text in SENT_AGAIN):
            assert [each for each in twice if each[0] == f"+{one.phone}"] == []
        others = [other for other in people if other is not one]
        known = {*THEIRS, *(other.surname for other in others), *(other.phone for other in others)}
        assert [each for each in known if each in heard] == [], f"{one.phone} learns of others"
        for table, summary in WRITTEN.items():
            assert written(stack, one.phone, table) <= wished(stack, one.phone, summary), f"{table} of {one.phone}"
    for name in stack.running:
        broken = [line for line in stack.log(name).splitlines() if BROKEN.search(line)]
        assert broken == [], f"{name}: {broken[:5]}"


def written(stack: Stack, phone: str, table: str) -> int:
    alone = " AND code NOT IN (SELECT mission FROM orders)" if table == "missions" else ""
    return scalar(stack.folder / "backend.db", f"SELECT count(*) FROM {table} WHERE customer_phone = '+{phone}'{alone}")


def wished(stack: Stack, phone: str, summary: str) -> int:
    """How many summaries of this kind stood before this person."""
    query = (
        f"SELECT count(DISTINCT json_extract(entities, '$.{summary}')) FROM reply_tokens"
        " JOIN conversations ON conversations.id = conversation_id JOIN addresses USING (subscriber_id)"
        f" WHERE value = '+{phone}'"
    )
    return scalar(stack.folder / "relais.db", query)


def tell(stack: Stack, people: list[Wanderer]) -> None:
    """What came of it, for whoever explores (pytest -s)."""
    counts = {table: sum(written(stack, one.phone, table) for one in people) for table in WRITTEN}
    print(f"seed {SEED}: {sum(one.acts for one in people)} acts, {counts}")  # noqa: T201


def parked(stack: Stack) -> list[tuple[object, ...]]:
    return rows(stack, "relais.db", OPEN)


def rows(stack: Stack, file: str, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(f"file:{stack.folder / file}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(query).fetchall()
