"""The words of this package: templates under content/, one file per message and language."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

LANGUAGES = ("fr", "en")


def render(name: str, locale: str, **values: Any) -> str:
    """Fill the template `name` in the language of the locale ("fr", "fr-CG", "fr_FR" are all French)."""
    return _template(name, _language(locale)).render(values)


def _language(locale: str) -> str:
    language = locale.replace("_", "-").partition("-")[0].lower()
    if language not in LANGUAGES:
        raise ValueError(f"locale must be one of {', '.join(LANGUAGES)}, not {locale!r}")
    return language


@cache
def _template(name: str, language: str) -> Template:
    return _environment().get_template(f"{name}.{language}.j2")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "content"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - this is chat text, not HTML; values come in through trade.markup
    )
