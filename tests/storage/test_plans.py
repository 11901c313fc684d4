"""No turn gets dearer with history: what runs for every message reads through an index."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine

from tests.house import House, open_house, settings_for

GROWING = (
    "turns",
    "messages",
    "inbound_messages",
    "conversations",
    "receipts",
    "reply_tokens",
    "consents",
    "addresses",
)


async def test_every_statement_of_a_turn_uses_an_index(sqlite_address: URL, tmp_path: Any) -> None:
    plans = await _plans_of_a_little_life(sqlite_address, tmp_path)

    scans = {
        statement: step
        for statement, steps in plans.items()
        for step in steps
        if any(step.startswith(f"SCAN {table}") for table in (*GROWING, "before")) and " USING " not in step
    }
    assert len(plans) > 20
    assert scans == {}


async def test_who_waits_for_a_message_that_ended_is_found_without_reading_what_else_waits(
    sqlite_address: URL, tmp_path: Any
) -> None:
    plans = await _plans_of_a_little_life(sqlite_address, tmp_path)

    asking = [steps for statement, steps in plans.items() if "messages.after_id IN" in statement]
    assert asking
    for steps in asking:
        assert any(step.startswith("SEARCH messages USING INDEX ix_messages_followers") for step in steps)


async def _plans_of_a_little_life(url: URL, folder: Any) -> dict[str, list[str]]:
    """How SQLite goes about each statement, by statement."""
    said: dict[str, Any] = {}

    def remember(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        said.setdefault(statement, parameters)

    sa.event.listen(Engine, "before_cursor_execute", remember)
    try:
        house = open_house(settings_for(url, folder))
        house.start()
        await _live_a_little(house)
        await house.stop()
    finally:
        sa.event.remove(Engine, "before_cursor_execute", remember)
    return _plans(url, said)


async def _live_a_little(house: House) -> None:
    await house.says("bonjour")
    await house.heard(1)
    await house.says("STOP")
    await house.heard(2)
    await house.settled()
    sent = house.whatsapp.sent[0]
    receipt = {"id": sent["wamid"], "status": "read", "timestamp": "1750030073", "recipient_id": sent["to"]}
    await house.post(receipt, key="statuses")
    house.whatsapp.refuse = lambda asked: (_ for _ in ()).throw(ConnectionError("lost"))
    await house.says("encore")
    await house.settled()


def _plans(url: URL, said: dict[str, Any]) -> dict[str, list[str]]:
    engine = sa.create_engine(url)
    plans = {}
    with engine.connect() as connection:
        for statement, parameters in said.items():
            if not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH", "INSERT")):
                continue
            one = parameters[0] if isinstance(parameters, list) else parameters
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", one)
            plans[statement] = [row[3] for row in rows]
    engine.dispose()
    return plans
