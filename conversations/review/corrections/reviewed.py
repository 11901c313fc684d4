"""Files of `data/nlu/reviewed`: adds lines to them and takes lines out, and leaves everything else as it stands. Pure.

A line that a correction made carries its id, and is known by it wherever it stands. People may edit these files: blocks
are looked for by lines exactly as they are written here, and what was done is read again before it is believed.

Unsuitable      the file has a shape to which nothing can be added, or out of which a line cannot be taken
"""

import json
import re
from collections.abc import Collection, Sequence
from typing import Any, Final

import yaml

from conversations.review.corrections.lesson import Lesson

FOLDER: Final = "data/nlu/reviewed"

BEGINNING: Final = """\
version: "3.1"

# Written by people to the assistant; what it means was said by those who review talks (`./relais review export`).
# Edit freely: what stands here is not changed, only added to. A line with its correction's id goes when that is undone.
nlu:
"""

_OURS: Final = re.compile(
    r"^\s*- \{.*\bcorrection: ['\"]?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b.*\}\s*(?:#.*)?$"
)
_ANNOTATED: Final = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
_UNPRINTED: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class Unsuitable(ValueError):
    """The file has to be mended by hand; the message names why."""


def file_of(intent: str) -> str:
    """Where the lines of an intent go."""
    return f"{FOLDER}/{intent}.yml"


def read(text: str) -> list[dict[str, Any]]:
    """The blocks of a file of examples. Raises Unsuitable."""
    try:
        content = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise Unsuitable(f"it is no YAML ({error.__class__.__name__})") from None
    blocks = (content or {}).get("nlu") if isinstance(content or {}, dict) else 0
    if blocks is None:
        return []
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Unsuitable("it has no list under `nlu:`")
    return blocks


def examples(block: dict[str, Any]) -> list[tuple[str, str | None]]:
    """The lines of a block, each with the id of the correction that made it (None: somebody wrote it)."""
    given = block.get("examples")
    if isinstance(given, str):
        return [(line.strip().removeprefix("- ").strip(), None) for line in given.splitlines() if line.strip()]
    found = []
    for each in given if isinstance(given, list) else []:
        if isinstance(each, dict) and each.get("text"):
            metadata = each.get("metadata")
            made_by = metadata.get("correction") if isinstance(metadata, dict) else None
            found.append((str(each["text"]), None if made_by is None else str(made_by)))
    return found


def language_of(block: dict[str, Any]) -> str | None:
    """In which language a block's lines are."""
    metadata = block.get("metadata")
    return str(metadata["language"]) if isinstance(metadata, dict) and metadata.get("language") else None


def without_entities(line: str) -> str:
    """The line as somebody would type it."""
    return _ANNOTATED.sub(r"\1", line)


def added(text: str, lessons: Sequence[Lesson]) -> str:
    """The file with these lines. Raises Unsuitable."""
    new = text if text.strip() else BEGINNING
    before = _all(read(new))
    for lesson in lessons:
        new = _added(new, lesson)
    wanted = before + [(each.intent, each.language, each.text, each.id) for each in lessons]
    if sorted(map(str, _all(read(new)))) != sorted(map(str, wanted)):
        raise Unsuitable("its blocks are written in a way to which nothing can be added")
    return new


def without(text: str, ids: Collection[str]) -> str:
    """The file without the lines of these corrections; "" where nothing but our own beginning is left.

    Raises Unsuitable.
    """
    wanted = [each for each in _all(read(text)) if each[3] not in ids]
    lines = _lines(text)
    kept = [line for line in lines if not ((found := _OURS.match(line.rstrip("\r\n"))) and found[1] in ids)]
    new = "".join(_without_empty_blocks(kept))
    if sorted(map(str, _all(read(new)))) != sorted(map(str, wanted)):
        raise Unsuitable("the line of a withdrawn correction cannot be taken out by itself")
    return "" if new.strip() == BEGINNING.strip() else new


def written(lesson: Lesson) -> str:
    """A line as it stands in a file."""
    # What JSON quotes is a YAML scalar, but for what YAML does not call printable.
    quoted = _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(lesson.text, ensure_ascii=False))
    return f"  - {{text: {quoted}, metadata: {{correction: {lesson.id}}}}}\n"


def _lines(text: str) -> list[str]:
    """With their ends; not `splitlines`, which also cuts at what YAML takes for a character."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _header(intent: str, language: str) -> list[str]:
    return [f"- intent: {intent}\n", "  metadata:\n", f"    language: {language}\n", "  examples:\n"]


def _added(text: str, lesson: Lesson) -> str:
    if not text.endswith("\n"):
        text += "\n"
    lines, header = _lines(text), _header(lesson.intent, lesson.language)
    for place in range(len(lines) - len(header) + 1):
        if [line.rstrip() for line in lines[place : place + 4]] == [line.rstrip() for line in header]:
            end = _end_of_block(lines, place + 4)
            return "".join([*lines[:end], written(lesson), *lines[end:]])
    return "".join([*lines, *header, written(lesson)])


def _end_of_block(lines: Sequence[str], begin: int) -> int:
    """After the block's last line that is neither empty nor a comment."""
    end = begin
    for place in range(begin, len(lines)):
        line = lines[place]
        if line.strip() and not line.startswith((" ", "#")):
            break
        if line.strip() and not line.lstrip().startswith("#"):
            end = place + 1
    return end


def _without_empty_blocks(lines: Sequence[str]) -> list[str]:
    """Without headers of ours under which no example is left."""
    kept: list[str] = []
    place = 0
    while place < len(lines):
        match = [line.rstrip() for line in lines[place : place + 4]]
        is_header = (
            len(match) == 4
            and match[0].startswith("- intent: ")
            and match[1::2] == ["  metadata:", "  examples:"]
            and match[2].startswith("    language: ")
        )
        if is_header and _end_of_block(lines, place + 4) == place + 4:
            place += 4
            continue
        kept.append(lines[place])
        place += 1
    return kept


def _all(blocks: Sequence[dict[str, Any]]) -> list[tuple[Any, str | None, str, str | None]]:
    return [
        (block.get("intent"), language_of(block), line, made_by)
        for block in blocks
        for line, made_by in examples(block)
    ]
