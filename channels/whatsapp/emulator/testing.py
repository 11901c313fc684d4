"""An emulator in the background of one's own tests: be people, plan faults, see what the server under test did.

Synchronous, so that it fits any test; the emulator itself runs in a thread with a loop of its own.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from pydantic import SecretStr

from channels.whatsapp.emulator.app import create_app
from channels.whatsapp.emulator.delivery import certificates
from channels.whatsapp.emulator.serving import running
from channels.whatsapp.emulator.settings import EmulatorSettings

ANSWER_SECONDS = 10.0  # longest wait for something that a test expects
POLL_SECONDS = 0.02
NUMBER = "100000000000001"
_BUSINESS = """
businesses:
  - {name: Test business, numbers: [{phone_number_id: "%s", display_number: "+1 555 010 0000"}]}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the emulator and the server under test must agree on."""

    webhook_url: str = "http://127.0.0.1:9/"  # where the server under test takes webhooks
    token: str = field(default="test-token", repr=False)
    app_secret: str = field(default="test-secret", repr=False)
    verify_token: str = field(default="test-verify", repr=False)
    business_file: Path | None = None  # without it: one business with the number NUMBER
    templates: Path | None = None  # ready-approved ones


class Emulator:
    """Runs between `with` and its end. `address` and Graph version make the base URL of the server under test."""

    def __init__(self, folder: Path, options: Options | None = None) -> None:
        self.options = options or Options()
        self._folder = folder
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="whatsapp-emulator", daemon=True)
        self.address = ""
        self.phone_number_id = NUMBER

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait(ANSWER_SECONDS)
        if self._failure is not None:
            raise self._failure
        self._http = httpx.Client(
            base_url=self.address, headers={"X-Emulator": "1"}, trust_env=False, verify=certificates()
        )
        if self.options.business_file is not None:
            self.phone_number_id = self.api("GET", "numbers")["numbers"][0]["phone_number_id"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._http.close()
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(ANSWER_SECONDS)

    # -- people --------------------------------------------------------------------------------------------------

    def person(self, phone: str, name: str | None = None, phone_number_id: str | None = None) -> "Person":
        """Somebody with a phone, ready to write to one of the numbers (the first, if none is named)."""
        number = phone_number_id or self.phone_number_id
        named = {"name": name} if name else {}
        answer = self.api("POST", "phones", {"phone": phone, "phone_number_id": number, **named})
        return Person(emulator=self, wa_id=answer["wa_id"], phone_number_id=number)

    # -- the platform --------------------------------------------------------------------------------------------

    def fault(self, preset: str | None = None, **plan: Any) -> None:
        """Plan a fault: `fault("rate_limit_429", count=2)`, or by its fields (README, faults)."""
        self.api("POST", "faults", {**({"preset": preset} if preset else {}), **plan})

    def webhook_rule(self, **rule: Any) -> None:
        """Plan what happens to webhooks: `webhook_rule(times=2)` (README, webhooks)."""
        self.api("POST", "webhooks/rules", rule)

    def policy(self, **changes: Any) -> None:
        """`policy(window="off")`, `policy(pair_rate=True)` … (README, policy)."""
        self.api("POST", "policy", changes)

    def advance(self, seconds: float) -> None:
        """Move the emulator's clock."""
        self.api("POST", "clock", {"advance_seconds": seconds})

    # -- what the server under test did --------------------------------------------------------------------------

    def requests(self, **filters: Any) -> list[dict[str, Any]]:
        """Its Graph calls so far: by `kind`, `to`, `phone_number_id`, `failed`, `after`."""
        found: list[dict[str, Any]] = self.api("GET", "requests", params=filters)["requests"]
        return found

    def expect(self, count: int = 1, within_seconds: float = ANSWER_SECONDS, **filters: Any) -> list[dict[str, Any]]:
        """Wait for so many Graph calls that fit, and return them; AssertionError when there are fewer, or more."""
        _wait(lambda: len(self.requests(**filters)) >= count, within_seconds)
        found = self.requests(**filters)
        if len(found) != count:
            kinds = ", ".join(call["kind"] for call in self.requests()) or "none"
            raise AssertionError(f"expected {count} calls with {sorted(filters)}, got {len(found)}; all calls: {kinds}")
        return found

    def settle(self, within_seconds: float = ANSWER_SECONDS) -> None:
        """Wait until every webhook was taken; AssertionError when some are not in time."""
        if not _wait(lambda: self.api("GET", "webhooks")["waiting"] == 0, within_seconds):
            problem = next(
                (hook["problem"] for hook in self.api("GET", "webhooks")["webhooks"] if hook["problem"]), None
            )
            raise AssertionError(f"the server under test did not take every webhook: {problem}")

    def api(self, method: str, path: str, body: Any = None, params: dict[str, Any] | None = None) -> Any:
        """Anything else of the emulator's API; AssertionError for what it refuses."""
        response = self._http.request(method, f"/api/{path}", json=body, params=params)
        if response.is_error:
            raise AssertionError(f"the emulator refuses {method} /api/{path}: {response.text}")
        return response.json()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # told to whoever waits for the start
            self._failure = failure
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with running(create_app(self._settings())) as self.address:
            self._started.set()
            await self._stop.wait()

    def _settings(self) -> EmulatorSettings:
        options, business_file = self.options, self.options.business_file
        if business_file is None:
            business_file = self._folder / "business.yml"
            business_file.write_text(_BUSINESS % NUMBER, encoding="utf-8")
        return EmulatorSettings(
            _env_file=None,
            emulator_webhook_url=options.webhook_url,
            emulator_templates=options.templates,
            whatsapp_token=SecretStr(options.token),
            whatsapp_app_secret=SecretStr(options.app_secret),
            whatsapp_verify_token=SecretStr(options.verify_token),
            var_dir=self._folder / "emulator",
            business_file=business_file,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    emulator: Emulator = field(repr=False)
    wa_id: str = field(repr=False)
    phone_number_id: str

    def send(self, type: str, **parts: Any) -> dict[str, Any]:
        """Do anything a phone can (README, what people send); returns {"id", "wamid", "payload"}."""
        command = {"type": type, "phone_number_id": self.phone_number_id, **parts}
        sent: dict[str, Any] = self.emulator.api("POST", f"phones/{self.wa_id}/send", command)
        return sent

    def write(self, text: str) -> dict[str, Any]:
        return self.send("text", text=text)

    def tap(self, title: str) -> dict[str, Any]:
        """The latest reply button of this title."""
        return self.send("button", title=title)

    def choose(self, title: str) -> dict[str, Any]:
        """The latest row of this title in a list."""
        return self.send("list", title=title)

    def read(self) -> None:
        """Look at the chat: everything in it gets its `read` status."""
        self.emulator.api("POST", f"phones/{self.wa_id}/read", {"phone_number_id": self.phone_number_id})

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        """The chat as the phone shows it, both sides, oldest first."""
        params = {"phone_number_id": self.phone_number_id, "after": after}
        answer = self.emulator.api("GET", f"phones/{self.wa_id}/messages", params=params)
        found: list[dict[str, Any]] = answer["messages"]
        return found

    def wait_for(
        self, words: str = "", *, type: str | None = None, after: int = 0, within_seconds: float = ANSWER_SECONDS
    ) -> dict[str, Any]:
        """The first message of the business that holds these words and is of this type; AssertionError in vain."""

        def fitting() -> list[dict[str, Any]]:
            return [
                message
                for message in self.messages(after)
                if message["from"] == "business" and words in message["text"] and type in (None, message["type"])
            ]

        if not _wait(lambda: bool(fitting()), within_seconds):
            said = [message["text"] for message in self.messages(after) if message["from"] == "business"]
            raise AssertionError(f"the business did not say {words!r} in {within_seconds:g} s; it said {said}")
        return fitting()[0]


def _wait(happened: Callable[[], bool], seconds: float) -> bool:
    """Whether it happened in time."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
