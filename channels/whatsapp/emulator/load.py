"""`python -m channels.whatsapp.emulator.load`: signed webhooks of made-up people, at a bounded rate, to this machine.

Posts what a busy day would bring, one text per webhook, and prints how many were acknowledged and how fast. It needs
no running emulator, and it is open-loop: a slow server does not slow down the people.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from channels.whatsapp.emulator.chats import Chat, Message
from channels.whatsapp.emulator.directory import Number, read_directory
from channels.whatsapp.emulator.envelope import body_of, message_value, signature
from channels.whatsapp.emulator.numbers import new_wamid, user_id
from channels.whatsapp.emulator.problems import EmulatorProblem
from channels.whatsapp.emulator.settings import load_settings

MOST_AT_ONCE = 500  # webhooks under way; beyond that people wait, and the report says so
FASTEST = 5_000  # per second: more is the client's limit, not the server's
TIMEOUT_SECONDS = 10.0
TEXT = "Bonjour, où est mon colis ?"


@dataclass(slots=True, kw_only=True)
class Report:
    seconds: list[float] = field(default_factory=list)  # of each acknowledged one
    refusals: Counter[str] = field(default_factory=Counter)
    lasted: float = 0.0

    def __str__(self) -> str:
        times = sorted(self.seconds)
        lines = [f"acknowledged  {len(times)} in {self.lasted:.1f} s: {len(times) / self.lasted:.0f} per second"]
        if times:
            lines.append(f"p50 / p99     {1000 * quantile(times, 0.5):.1f} ms / {1000 * quantile(times, 0.99):.1f} ms")
        refused = ", ".join(f"{count} x {why}" for why, count in self.refusals.most_common()) or "none"
        return "\n".join((*lines, f"refused       {refused}"))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share of them lies."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def load(url: str, secret: str, number: Number, *, rate: float, seconds: float, people: int) -> Report:
    """Post `rate` webhooks a second for so long, each from the next of so many people."""
    report, places = Report(), asyncio.Semaphore(MOST_AT_ONCE)
    limits = httpx.Limits(max_connections=MOST_AT_ONCE)
    started = time.perf_counter()
    async with (
        httpx.AsyncClient(timeout=TIMEOUT_SECONDS, limits=limits, trust_env=False) as http,
        asyncio.TaskGroup() as tasks,
    ):
        for place in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, started + place / rate - time.perf_counter()))
            await places.acquire()
            body = webhook(number, place % people)
            task = tasks.create_task(_post(http, url, body, signature(secret, body), report))
            task.add_done_callback(lambda done: places.release())
    report.lasted = time.perf_counter() - started
    return report


def webhook(number: Number, person: int) -> bytes:
    """A new text from the so-manieth made-up person."""
    wa_id, now = f"1555{person:07}", datetime.now(UTC)
    chat = Chat(
        id=person,
        phone_number_id=number.phone_number_id,
        wa_id=wa_id,
        name=f"Person {person}",
        user_id=user_id(number.account_id, wa_id),
        username=None,
        hides_number=False,
        wrote_at=now,
        blocked=False,
        barred=False,
        marketing_stopped=False,
        typing_until_at=now,
        change=0,
    )
    message = Message(
        id=0,
        chat_id=person,
        wamid=new_wamid(wa_id, to_business=True),
        sender="person",
        payload={"type": "text", "text": {"body": TEXT}},
        context_wamid=None,
        callback_data=None,
        receipts=True,
        at=now,
        status="accepted",
        change=0,
    )
    return body_of(number.account_id, "messages", message_value(number, chat, message))


def is_on_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        settings = load_settings()
        wanted = _options(settings.emulator_webhook_url).parse_args(arguments)
        numbers = read_directory(settings.business_file).numbers
    except EmulatorProblem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    if not is_on_this_machine(wanted.url):
        sys.stderr.write("Load goes to this machine only: give an address on 127.0.0.1, ::1 or localhost.\n")
        return 1
    if not (0 < wanted.rate <= FASTEST and 0 < wanted.seconds <= 3600 and 0 < wanted.people < 10_000_000):
        sys.stderr.write(f"Give a rate up to {FASTEST}, up to 3600 seconds, and fewer than ten million people.\n")
        return 1
    number = next(iter(numbers.values()))
    secret = settings.whatsapp_app_secret.get_secret_value()
    report = asyncio.run(
        load(wanted.url, secret, number, rate=wanted.rate, seconds=wanted.seconds, people=wanted.people)
    )
    sys.stdout.write(f"{report}\n")
    return 1 if report.refusals else 0


def _options(url: str) -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m channels.whatsapp.emulator.load", description=__doc__)
    options.add_argument("--url", default=url, help="where webhooks go (%(default)s)")
    options.add_argument("--rate", type=float, default=50.0, help="webhooks per second (%(default)s)")
    options.add_argument("--seconds", type=float, default=10.0, help="how long (%(default)s)")
    options.add_argument("--people", type=int, default=1000, help="made-up senders (%(default)s)")
    return options


async def _post(http: httpx.AsyncClient, url: str, body: bytes, signed: str, report: Report) -> None:
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signed}
    started = time.perf_counter()
    try:
        response = await http.post(url, content=body, headers=headers)
    except httpx.HTTPError as error:
        report.refusals[type(error).__name__] += 1
        return
    if response.status_code == 200:
        report.seconds.append(time.perf_counter() - started)
    else:
        report.refusals[str(response.status_code)] += 1


if __name__ == "__main__":
    sys.exit(main())
