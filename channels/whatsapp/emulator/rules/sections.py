"""Sections of a list or of a choice of products: how many, how much in all of them together, when a title is needed."""

from typing import Any, cast

from channels.whatsapp.emulator.graph_errors import invalid
from channels.whatsapp.emulator.rules import limits
from channels.whatsapp.emulator.shapes import Check, also, array, record, text


def sections(member: str, item: Check, *, most: int) -> Check:
    """Sections that each hold items under `member`, at most so many in total."""

    def together(path: str, value: object) -> None:
        given = cast(list[dict[str, Any]], value)
        count = sum(len(section[member]) for section in given)
        if count > most:
            raise invalid(path, f"has {count} {member.replace('_', ' ')} in total. Max: {most}")
        if len(given) > 1 and not all(section.get("title") for section in given):
            raise invalid(path, "needs a title in every section when there is more than one")

    section = record({member: array(item, fewest=1, most=most)}, {"title": text(limits.SECTION_TITLE)})
    return also(array(section, fewest=1, most=limits.SECTIONS), together)
