"""`relais chat` where there is nobody to talk to: one sentence that says what to do."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner

from server.__main__ import relais
from tests.free_ports import free_ports

GRACE = "+242061234567"
SETTINGS = {
    "RELAIS_SECRET": "local-only-for-tests",
    "WHATSAPP_TOKEN": "local-only-for-tests",
    "WHATSAPP_APP_SECRET": "local-only-for-tests",
    "WHATSAPP_VERIFY_TOKEN": "local-only-for-tests",
}


class _Phones(BaseHTTPRequestHandler):
    """Answers like the emulator that nobody wrote to, or like some other program."""

    body = b"[]"

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Stranger(_Phones):
    body = b"<h1>It works!</h1>"


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), request.param)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def said(*words: str, **settings: str) -> str:
    (port,) = free_ports(1)
    environment = {**SETTINGS, "PUBLIC_PORT": str(port), **settings}
    result = CliRunner().invoke(relais, ["chat", *words], env=environment)
    assert result.exit_code != 0
    return result.output


def test_without_an_emulator() -> None:
    (port,) = free_ports(1)
    answer = said("--as", GRACE, WHATSAPP_BASE_URL=f"http://127.0.0.1:{port}")
    assert f"No emulator answers at 127.0.0.1:{port}; `make run` starts it." in answer


@pytest.mark.parametrize("address", [_Stranger], indirect=True)
def test_where_something_else_answers(address: str) -> None:
    assert "is no emulator of Relais" in said("--as", GRACE, WHATSAPP_BASE_URL=address)


@pytest.mark.parametrize("address", [_Phones], indirect=True)
def test_without_a_server(address: str) -> None:
    assert "The server does not answer at" in said("--as", GRACE, WHATSAPP_BASE_URL=address)


def test_never_at_the_real_whatsapp() -> None:
    secrets = {name: "a-secret-of-our-own" for name in SETTINGS}
    answer = said("--as", GRACE, WHATSAPP_BASE_URL="https://graph.facebook.com", **secrets)
    assert "leads to graph.facebook.com" in answer


def test_what_is_no_number_is_said() -> None:
    assert "a phone number is digits" in said("--as", "Grace")
