"""`relais chat`: talk to the bot in a terminal, as one of the emulator's phones."""

import contextlib
import queue
import sys
import threading
from urllib.parse import urlsplit

import click
import httpx

from server import businesses
from server.chat.lines import Numbering, Payload, lines_of
from server.chat.phone import TIMEOUT_SECONDS, CannotChat, Phone, last_business, open_emulator
from server.chat.typed import HELP, NotUnderstood, act_of
from server.settings import Settings, load

LOOK_SECONDS = 0.5  # how often the phone looks for what comes by itself
ENDED = None


@click.command()
@click.option("--as", "number", required=True, metavar="PHONE", help="Whose phone: a number such as +242061234567.")
@click.option("--business", metavar="SLUG", help="Whom to write to, as in business.yml; else the one written to last.")
def chat(number: str, business: str | None) -> None:
    """Talk to the bot in a terminal, as a phone of the emulator: the whole road, without the page.

    Type a text, or the number of a button to tap it; :help lists the rest. Lines may also come from a file or a
    pipe: each is sent when the one before it is answered. Needs a running Relais (`make run`).

    Example: ./relais chat --as +242061234567
    """
    settings = load()
    digits = number.removeprefix("+").replace(" ", "")
    if not digits.isdecimal():
        raise click.BadParameter("a phone number is digits, with its country: +242061234567", param_hint="--as")
    with contextlib.closing(_emulator(settings)) as http:
        phone_number_id = _number_of(settings, business) if business else last_business(http, digits)
        phone = Phone(http=http, digits=digits, phone_number_id=phone_number_id or _number_of(settings, None))
        phone.skip_the_past()
        _Terminal(phone).run()


class _Terminal:
    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._numbering = Numbering([])
        self._is_typed = sys.stdin.isatty()
        self._lines: queue.Queue[str | None] = queue.Queue()

    def run(self) -> None:
        """Take line after line until there are no more, and show meanwhile what comes by itself."""
        threading.Thread(target=self._read, daemon=True).start()
        if self._is_typed:
            click.echo(f"You are +{self._phone.digits}.\n{HELP}")
        self._prompt()
        while True:
            try:
                line = self._lines.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                self._show_late(self._phone.news())
                continue
            if line is ENDED:
                return
            self._take(line.strip())
            self._prompt()

    def _read(self) -> None:
        for line in sys.stdin:
            self._lines.put(line)
        self._lines.put(ENDED)

    def _take(self, line: str) -> None:
        if not line:
            return
        if line == ":help":
            return click.echo(HELP)
        try:
            self._phone.do(act_of(line, self._numbering.options))
        except (NotUnderstood, CannotChat) as problem:
            return click.secho(str(problem), fg="red", err=True)
        if not self._is_typed:
            click.echo(f"› {line}")
        answer = self._phone.answer()
        self._show(answer, begins=True)
        if not answer:
            click.secho("No answer yet. It is shown when it comes; ./relais turns parked lists failures.", err=True)

    def _show(self, payloads: list[Payload], *, begins: bool) -> None:
        if begins:
            self._numbering.options.clear()
        for payload in payloads:
            for line in lines_of(payload, self._numbering):
                click.echo(line)
            click.echo()

    def _show_late(self, payloads: list[Payload]) -> None:
        if payloads:
            click.echo()
            self._show(payloads, begins=False)
            self._prompt()

    def _prompt(self) -> None:
        if self._is_typed:
            click.secho("› ", nl=False, fg="green")


def _emulator(settings: Settings) -> httpx.Client:
    if not settings.uses_emulator:
        host = urlsplit(settings.whatsapp_base_url).hostname
        raise CannotChat(f"WHATSAPP_BASE_URL leads to {host}: a terminal can be a phone of the emulator alone.")
    emulator = open_emulator(settings.whatsapp_base_url)
    live = f"http://{settings.public_host}:{settings.public_port}/health/live"
    try:
        httpx.get(live, timeout=TIMEOUT_SECONDS, trust_env=False)
    except httpx.TransportError:
        raise CannotChat(f"The server does not answer at {live}; `make run` starts Relais.") from None
    return emulator


def _number_of(settings: Settings, slug: str | None) -> str:
    known = {each.slug: each for each in businesses.read(settings.business_file)}
    if slug is None:
        return next(iter(known.values())).numbers[0].phone_number_id
    if slug not in known:
        raise CannotChat(f"There is no business {slug} in {settings.business_file.name}; there are {', '.join(known)}.")
    return known[slug].numbers[0].phone_number_id
