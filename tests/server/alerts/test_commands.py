"""`./relais alerts` as an operator types it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa

from channels.webhook import is_signed_by
from server.alerts.tables import alerts
from server.commands.database import written
from server.parts import utc_now
from storage.types import new_id
from tests.server.account_server import Command, command

__all__ = ["command"]


@pytest.fixture
def taken() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """The address of a webhook, and what it was told."""
    told: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """The test's output stays its own."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/alerts", told
    server.shutdown()
    server.server_close()


def test_a_test_reaches_the_webhook_signed(
    command: Command, taken: tuple[str, list[tuple[dict[str, str], bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, told = taken
    monkeypatch.setenv("ALERT_WEBHOOK", address)

    done = command("alerts", "test")

    assert (done.exit_code, done.output) == (0, "✓ the webhook: sent\n")
    ((headers, body),) = told
    assert json.loads(body)["type"] == "alert.test"
    assert is_signed_by(command("alerts", "secret").output.strip(), headers, body)


def test_a_test_says_whom_it_did_not_reach(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nobody is told: set ALERT_EMAILS" in command("alerts", "test").output
    monkeypatch.setenv("ALERT_WEBHOOK", "http://127.0.0.1:9/alerts")
    done = command("alerts", "test")
    assert done.exit_code == 1
    assert "✗ the webhook: The webhook could not be reached" in done.output


def test_what_stands_is_listed_with_what_to_do(command: Command) -> None:
    assert command("alerts", "list").output == "Nothing is wrong.\n"
    now = utc_now()
    row: dict[str, Any] = {
        "id": new_id(),
        "rule": "RelaisPartAway",
        "subject": "bot",
        "value": 1,
        "began_at": now - timedelta(minutes=5),
        "seen_at": now,
        "raised_at": now,
        "said_at": now,
    }
    written(lambda connection: connection.execute(sa.insert(alerts).values(row)).rowcount)

    done = command("alerts", "list")

    assert done.exit_code == 1
    assert "RelaisPartAway  A part does not answer: Bot" in done.output
    assert "Look whether it runs" in done.output
    written(lambda connection: connection.execute(sa.update(alerts).values(over_at=now)).rowcount)
    assert command("alerts", "list").output == "Nothing is wrong.\n"
    assert ", over)" in command("alerts", "list", "--over").output
