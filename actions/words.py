"""Words that depend on what is known: templates under content/, one file per text and language."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def compose(text: str, language: str, /, **values: Any) -> str:
    """One of the texts of content/ in a language, its values filled in."""
    return _environment().get_template(f"{text}.{language}.j2").render(values).strip()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "content"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - chat text, not HTML; values come in through trade.markup
    )
