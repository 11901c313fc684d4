"""An inbox costs what is in it, not what its business sends: every question reads through the index of inboxes."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from notifications.inbox import marking, reading
from notifications.inbox.reading import Owner
from storage.types import new_id


def test_every_question_goes_by_whose_inbox_it_is(sqlite_address: URL) -> None:
    said: dict[str, Any] = {}
    engine = sa.create_engine(sqlite_address)
    owner = Owner(business_id=new_id(), subscriber_id=new_id(), is_test=False)

    @sa.event.listens_for(engine, "before_cursor_execute")
    def remember(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        said.setdefault(statement, parameters)

    with engine.begin() as connection:
        reading.page(connection, owner, None, 20)
        reading.page(connection, owner, new_id(), 20, only_unread=True)
        reading.changes(connection, owner, datetime.now(UTC))
        marking.mark_read(connection, owner, datetime.now(UTC))
        asked = [each for each in said.items() if "FROM messages" in each[0]]
        plans = [
            [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            for statement, parameters in asked
        ]
    engine.dispose()

    assert len(plans) == 5
    for steps in plans:
        assert any("ix_messages_inapp (subscriber_id=? AND id>" in step for step in steps), steps
        assert not any("TEMP B-TREE" in step for step in steps), steps
