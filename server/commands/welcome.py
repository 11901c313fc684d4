"""Tells, while everything starts, what is ready, and then which page to open."""

import os
import time
import urllib.error
import urllib.request

import click

POLL_SECONDS = 0.5
ANSWER_SECONDS = 2.0
PATIENCE_SECONDS = 180.0


@click.command()
def welcome() -> None:
    """Wait for every part of `make run`, say when each is ready, then which page to open.

    Example: ./relais welcome
    """
    port = {name: os.environ.get(f"{name}_PORT", default) for name, default in _DEFAULTS.items()}
    waiting = {
        "phone page": f"http://127.0.0.1:{port['EMULATOR']}/",
        "demo backend": f"http://127.0.0.1:{port['BACKEND']}/",
        "server": f"http://127.0.0.1:{port['PUBLIC']}/health/ready",
        "actions": f"http://127.0.0.1:{port['ACTIONS']}/health",
        "bot (loads its model)": f"http://127.0.0.1:{port['BOT']}/webhooks/whatsapp/ready",
    }
    started = time.monotonic()
    for name in waiting:
        click.echo(f"… {name}")
    while waiting and time.monotonic() - started < PATIENCE_SECONDS:
        for name in [name for name, url in waiting.items() if _answers(url)]:
            del waiting[name]
            click.secho(f"✓ {name.split(' (')[0]} ({time.monotonic() - started:.0f} s)", fg="green")
        time.sleep(POLL_SECONDS)
    if waiting:
        raise click.ClickException(f"Not ready after {PATIENCE_SECONDS:.0f} s: {', '.join(waiting)}.")
    click.echo()
    click.secho(f"  Open http://127.0.0.1:{port['EMULATOR']}/ and write to the bot.", bold=True)
    click.echo(f"  See what happens at the desk: http://127.0.0.1:{port['PRIVATE']}/desk (button “Enter the demo”).")
    click.echo(f"  Move deliveries on at http://127.0.0.1:{port['BACKEND']}/ · stop everything with Ctrl+C.")
    click.echo()
    _stay()


_DEFAULTS = {
    "EMULATOR": "8025",
    "BACKEND": "8090",
    "PUBLIC": "8080",
    "PRIVATE": "8081",
    "ACTIONS": "5055",
    "BOT": "5005",
}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - always http on loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _stay() -> None:
    """Stay until stopped: honcho ends all when one ends."""
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return
