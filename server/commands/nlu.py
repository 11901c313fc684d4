"""`relais nlu`: how well the assistant understands, asked of the trained model in Rasa's own environment."""

import os
import subprocess
import sys
from pathlib import Path

import click

BOT_PYTHON = Path("bot/.venv/bin/python")


@click.group()
def nlu() -> None:
    """See how well the assistant understands what people write.

    Example: ./relais nlu evaluate lines.jsonl
    """


@nlu.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--model", type=click.Path(path_type=Path), default=Path("models/current.tar.gz"), show_default=True)
def evaluate(file: Path, model: Path) -> None:
    """Score a file of lines whose meaning is known, without a running server.

    FILE holds one JSON object per line: {"text": "slt", "lang": "fr", "intent": "greet"}, and where other meanings
    would do as well, "also_ok": ["help"]. Lines that were missed are printed, then a summary, then one line of JSON:

    \b
    accuracy          per language: the likeliest meaning is right, of the lines that have one
    answered_right    the same, and the assistant was sure enough not to ask back
    oos_false_accept  share of the out_of_scope lines that it took for something else
    threshold         probability under which it asks back; intents that do harm need more (config.yml)
    …_at_90           the same at the threshold that keeps 90 % of the right answers of this file
    ms_cpu            CPU time per message, in milliseconds

    Example: ./relais nlu evaluate tests/nlu/fr.jsonl | tail -1 | jq .accuracy
    """
    if not BOT_PYTHON.exists():
        raise click.ClickException("The bot's environment is missing; run `make install` first.")
    command = [str(BOT_PYTHON), "-m", "relais_bot.nlu.evaluate", str(file), "--model", str(model)]
    # Nothing of our settings is needed there, and some of them are secrets.
    environment = {"PYTHONPATH": "bot", "PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "")}
    sys.exit(subprocess.run(command, env=environment | {"LANG": "C.UTF-8"}, check=False).returncode)
