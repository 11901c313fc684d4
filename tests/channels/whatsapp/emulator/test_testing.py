"""The fixture for anyone's tests: a small server under test that answers, and what one can ask of the emulator."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from channels.whatsapp.emulator.pytest_plugin import whatsapp  # noqa: F401 - as `-p` would bring it
from channels.whatsapp.emulator.testing import Emulator, Options

PHONE = "+1 555 010 0001"


class Echoing:
    """A business's server in twenty lines: says back what it was told, with a button."""

    def __init__(self) -> None:
        self.graph = ""
        self.options = Options()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                secret = outer.options.app_secret.encode()
                signed = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
                self.send_response(200 if self.headers["X-Hub-Signature-256"] == signed else 401)
                self.end_headers()
                for change in json.loads(body)["entry"][0]["changes"]:
                    for message in change["value"].get("messages", []):
                        outer.answer(message)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: addresses hold numbers."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.options = Options(webhook_url=self.url)

    def answer(self, message: dict[str, dict[str, str]]) -> None:
        said = message["text"]["body"] if "text" in message else "tapped"
        button = {"type": "reply", "reply": {"id": "more", "title": "More"}}
        interactive = {"type": "button", "body": {"text": f"You said {said}"}, "action": {"buttons": [button]}}
        body = {"messaging_product": "whatsapp", "to": message["from"], "type": "interactive"}
        headers = {"Authorization": f"Bearer {self.options.token}"}
        with httpx.Client(trust_env=False) as http:
            http.post(self.graph, json={**body, "interactive": interactive}, headers=headers)


@pytest.fixture
def server() -> Iterator[Echoing]:
    echoing = Echoing()
    echoing.thread.start()
    yield echoing
    echoing.server.shutdown()
    echoing.thread.join()
    echoing.server.server_close()


@pytest.fixture
def whatsapp_options(server: Echoing) -> Options:
    return server.options


def connected(server: Echoing, whatsapp: Emulator) -> Emulator:  # noqa: F811
    server.graph = f"{whatsapp.address}/v23.0/{whatsapp.phone_number_id}/messages"
    return whatsapp


def test_a_conversation_with_a_server_under_test(server: Echoing, whatsapp: Emulator) -> None:  # noqa: F811
    ada = connected(server, whatsapp).person(PHONE, "Ada")
    ada.write("hello")
    first = ada.wait_for("You said hello", type="interactive")
    ada.tap("More")
    ada.wait_for("tapped", after=first["id"])
    (call, _) = whatsapp.expect(2, kind="interactive", to=ada.wa_id, failed=False)
    assert call["http_status"] == 200
    ada.read()
    whatsapp.settle()
    assert [message["status"] for message in ada.messages() if message["from"] == "business"] == ["read", "read"]


def test_faults_and_the_clock(server: Echoing, whatsapp: Emulator) -> None:  # noqa: F811
    ada = connected(server, whatsapp).person(PHONE)
    whatsapp.fault("rate_limit_429")
    ada.write("refused")
    assert whatsapp.expect(1, failed=True)[0]["error_code"] == 4
    whatsapp.webhook_rule(times=2, count=1)
    ada.write("told twice")
    whatsapp.expect(2, failed=False)
    whatsapp.policy(window="error")
    whatsapp.advance(25 * 3600)
    server.answer({"text": {"body": "late"}, "from": ada.wa_id})  # type: ignore[dict-item]
    assert whatsapp.expect(2, failed=True)[1]["error_code"] == 131047


def test_what_does_not_happen_is_said(server: Echoing, whatsapp: Emulator) -> None:  # noqa: F811
    ada = connected(server, whatsapp).person(PHONE)
    with pytest.raises(AssertionError, match="did not say 'never'"):
        ada.wait_for("never", within_seconds=0)
    with pytest.raises(AssertionError, match="expected 1 calls"):
        whatsapp.expect(1, within_seconds=0, kind="text")
    with pytest.raises(AssertionError, match="refuses POST"):
        whatsapp.fault("earthquake")


def test_a_server_that_is_away_is_said(tmp_path: Path) -> None:
    with Emulator(tmp_path) as emulator:
        emulator.person(PHONE).write("anybody there?")
        with pytest.raises(AssertionError, match="did not take every webhook"):
            emulator.settle(within_seconds=0)


def test_a_wrong_file_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"none\.yml"), Emulator(tmp_path, Options(templates=tmp_path / "none.yml")):
        pass
