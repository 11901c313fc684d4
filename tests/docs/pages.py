"""The pages of this repository, and what stands in them as code."""

import re
from collections.abc import Iterator
from pathlib import Path

from server.settings import ROOT

PAGES = sorted(
    file
    for folder in (".", "docs", "docs/decisions", "docs/integrations", "channels/whatsapp/emulator", "clients/python")
    for file in (ROOT / folder).glob("*.md")
)

FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def code_of(page: Path) -> Iterator[str]:
    """Each line of a code block, and each piece of code within a sentence."""
    text = text_of(page)
    for block in FENCE.findall(text):
        yield from block.splitlines()[1:-1]
    yield from SPAN.findall(FENCE.sub("", text))


def prose_of(page: Path) -> str:
    """The page without its code."""
    return SPAN.sub("", FENCE.sub("", text_of(page)))
