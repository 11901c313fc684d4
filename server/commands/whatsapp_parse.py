"""`relais whatsapp parse`: what webhook bodies contain, one line of JSON per item."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from channels.whatsapp.lines import line
from channels.whatsapp.webhook import BadWebhook
from channels.whatsapp.webhook import parse as read_webhook

STDIN = "-"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--raw", is_flag=True, help="Print the JSON of each item as WhatsApp sent it, too.")
def parse(files: tuple[str, ...], raw: bool) -> None:
    """Print what webhook bodies contain: one line of JSON per message, receipt and piece of news.

    A FILE holds one body, or one body per line; - reads from the standard input. Needs no settings and no database.
    Phone numbers, names and texts are printed, since that is what you ask for: mind where the output goes.

    Each line says whether raw JSON had to be kept, and why. A file that is no webhook is named, the others are
    printed all the same, and the exit code is 1.

    Example: ./relais whatsapp parse webhook.json | jq .text
    """
    failed = False
    for name in files:
        try:
            content = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
        except OSError as error:
            click.echo(f"{name}: {error.strerror}.", err=True)
            failed = True
            continue
        for where, body in _bodies(name, content):
            try:
                items = read_webhook(body)
            except BadWebhook as error:
                click.echo(f"{where}: {error}.", err=True)
                failed = True
                continue
            for item in items:
                click.echo(json.dumps({"file": where, **line(item, with_raw=raw)}, ensure_ascii=False))
    if failed:
        sys.exit(1)


def _bodies(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The whole file as one body; where it is none but lines of it are objects, each line."""
    lines = [(number, text) for number, text in enumerate(content.splitlines(), 1) if text.strip()]
    if len(lines) < 2 or _is_json(content):
        yield name, content
        return
    if not any(_is_json(text) for _, text in lines):
        yield name, content
        return
    for number, text in lines:
        yield f"{name}:{number}", text


def _is_json(text: bytes) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
