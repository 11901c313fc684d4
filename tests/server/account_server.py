"""A WhatsApp account on a loopback port, and settings that point at it: for commands as people type them."""

import asyncio
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from click.testing import CliRunner, Result
from sqlalchemy.engine import URL

from server.__main__ import relais
from server.settings import Settings
from tests.channels.whatsapp.small_account import APP, APP_SECRET, TOKEN, SmallAccount


class Command:
    """Runs `relais …` in this process, against the account."""

    def __init__(self, account: SmallAccount, folder: Path) -> None:
        self.account = account
        self.folder = folder

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(relais, words)

    def writes(self, name: str, **document: object) -> Path:
        """A template file."""
        file = self.folder / f"{name}.{document.get('language', 'fr')}.yml"
        file.write_text(yaml.safe_dump({"name": name, "language": "fr", **document}))
        return file


@pytest.fixture
def command(sqlite_address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """One account (Kimia's) with one number, behind a real port, and an empty folder of templates."""
    account = SmallAccount()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(account))
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    folder = tmp_path / "templates"
    folder.mkdir()
    monkeypatch.setattr(Settings, "model_config", {**Settings.model_config, "env_file": None})
    for name, value in {
        "RELAIS_SECRET": "a-secret-for-tests-only",
        "DATABASE_URL": f"sqlite:///{sqlite_address.database}",
        "VAR_DIR": str(tmp_path),
        "TEMPLATES_DIR": str(folder),
        "WHATSAPP_BASE_URL": f"http://127.0.0.1:{server.server_address[1]}",
        "WHATSAPP_TOKEN": TOKEN,
        "WHATSAPP_APP_SECRET": APP_SECRET,
        "WHATSAPP_VERIFY_TOKEN": "a-word-for-tests-only",
        "WHATSAPP_APP_ID": APP,
        "LOG_LEVEL": "ERROR",
    }.items():
        monkeypatch.setenv(name, value)
    yield Command(account, folder)
    server.shutdown()
    server.server_close()


def _handler_for(account: SmallAccount) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {"Authorization": "", **dict(self.headers.items())}
            answer = asyncio.run(account.request(self.command, self.path, headers, content, 1.0))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            """The test's output stays its own."""

    return Handler
