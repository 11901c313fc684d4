"""One person's phone in the emulator, over its API.

CannotChat      the emulator or Relais is not there, or it refuses; the message says what to do
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

TIMEOUT_SECONDS = 10.0
POLL_SECONDS = 0.1
ANSWER_SECONDS = 30.0  # a turn takes 20 s at most
QUIET_SECONDS = 0.7  # so long after the last message of an answer, nothing more of it comes


class CannotChat(Exception):
    """The sentence tells the person at the terminal what to do."""


@dataclass(slots=True, kw_only=True)
class Phone:
    """Sends as this person, and reads what the business sent them."""

    http: httpx.Client
    digits: str
    phone_number_id: str
    seen: int = 0

    def skip_the_past(self) -> None:
        """What was said before is not shown."""
        known = self._ask("GET", "phones")
        if any((each["wa_id"], each["phone_number_id"]) == (self.digits, self.phone_number_id) for each in known):
            messages = self._read()
            self.seen = max((each["id"] for each in messages), default=0)

    def do(self, act: Mapping[str, Any]) -> None:
        """Act as the person. Raises CannotChat with the phone's own reason when a phone could not do it."""
        self._ask("POST", f"phones/{self.digits}/send", {"phone_number_id": self.phone_number_id, **act})

    def news(self) -> list[Mapping[str, Any]]:
        """The payloads that came since the last look, oldest first."""
        messages = self._read()
        self.seen = max((each["id"] for each in messages), default=self.seen)
        return [each["payload"] for each in messages if each["from"] == "business"]

    def answer(self) -> list[Mapping[str, Any]]:
        """Wait for what comes now, until no more of it comes; empty when nothing did."""
        came: list[Mapping[str, Any]] = []
        ends = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < ends:
            if more := self.news():
                came += more
                ends = time.monotonic() + QUIET_SECONDS
            time.sleep(POLL_SECONDS)
        return came

    def _read(self) -> list[dict[str, Any]]:
        where = f"phones/{self.digits}/messages?phone_number_id={self.phone_number_id}&after={self.seen}"
        messages: list[dict[str, Any]] = self._ask("GET", where)["messages"]
        return messages

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return asked(self.http, method, path, body)


def open_emulator(url: str) -> httpx.Client:
    """A client of the emulator's API at this address. Raises CannotChat when none is there."""
    http = httpx.Client(
        base_url=f"{url.rstrip('/')}/api/", timeout=TIMEOUT_SECONDS, trust_env=False, headers={"X-Emulator": "1"}
    )
    if not isinstance(asked(http, "GET", "phones"), list):
        raise CannotChat(f"What answers at {url} is no emulator of Relais; see WHATSAPP_BASE_URL in .env.")
    return http


def last_business(http: httpx.Client, digits: str) -> str | None:
    """The number that this phone wrote to last, by its id."""
    return next((each["phone_number_id"] for each in asked(http, "GET", "phones") if each["wa_id"] == digits), None)


def asked(http: httpx.Client, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """What the emulator answers."""
    try:
        answer = http.request(method, path, json=body)
    except httpx.TransportError:
        raise CannotChat(
            f"No emulator answers at {http.base_url.host}:{http.base_url.port}; `make run` starts it."
        ) from None
    try:
        content = answer.json()
    except ValueError:
        content = None
    if answer.is_success and content is not None:
        return content
    detail = content.get("detail") if isinstance(content, dict) else None
    if isinstance(detail, str):
        raise CannotChat(detail)
    raise CannotChat(f"What answers at {http.base_url} is no emulator of Relais; see WHATSAPP_BASE_URL in .env.")
