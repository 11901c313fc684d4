"""What the page for leaving a list says, in the person's language; it names the business and nobody else."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from notifications.leaving import Standing
from server.tracking.page import CONTENT as SHARED
from server.tracking.page import LANGUAGES

CONTENT: Final = Path(__file__).parent / "content"


def asking_page(found: Standing) -> str:
    """Before: what would no longer come, and the button."""
    words = _words(found.language)
    what = words["categories"][found.category]
    return _fill(
        found.language,
        sign="✉️",
        title=words["ask_title"].format(what=what),
        text=words["ask_text"].format(what=what, business=found.business),
        button=words["button"],
    )


def left_page(found: Standing) -> str:
    """After."""
    words = _words(found.language)
    what = words["categories"][found.category]
    text = words["left_text"].format(what=what, business=found.business)
    return _fill(found.language, sign="✅", title=words["left_title"], text=text, button="")


def gone_page(language: str) -> str:
    """For a link that leads nowhere."""
    words = _words(language)
    return _fill(language, sign="🔗", title=words["gone_title"], text=words["gone_text"], button="")


def _fill(language: str, **values: str) -> str:
    return _environment().get_template("leaving.html").render(locale=_spoken(language), **values)


def _spoken(language: str) -> str:
    return language if language in LANGUAGES else LANGUAGES[0]


def _words(language: str) -> dict[str, Any]:
    return _read(_spoken(language))


@cache
def _read(language: str) -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load((CONTENT / f"labels.{language}.yml").read_text(encoding="utf-8"))
    return words


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader([CONTENT, SHARED]), autoescape=True, undefined=StrictUndefined)
