"""Finds the files that a payload names by link, and puts ids of uploads in their place."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

FILE_KINDS: Final = frozenset({"image", "video", "audio", "document", "sticker", "gif"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFile:
    """A file that a payload names by its link."""

    path: tuple[str | int, ...]
    """The members that lead to the object which holds `link`."""
    kind: str
    link: str = field(repr=False)
    is_on_card: bool = False
    """Meta documents the pictures of a carousel by link alone, so they stay links."""


def named_files(payload: Mapping[str, Any]) -> list[NamedFile]:
    """Every file named by link, in the order people see them."""
    kind = payload.get("type")
    if isinstance(kind, str) and kind in FILE_KINDS:
        return list(_file(payload, (), kind, is_on_card=False))
    if kind == "interactive":
        return list(_of_interactive(payload.get("interactive")))
    if kind == "template":
        template = payload.get("template")
        components = template.get("components") if isinstance(template, Mapping) else None
        return list(_of_components(components, ("template", "components")))
    return []


def with_ids(payload: Mapping[str, Any], ids: Mapping[tuple[str | int, ...], str]) -> dict[str, Any]:
    """A copy of the payload in which the files at these paths are named by ids of uploads."""
    changed = copy.deepcopy(dict(payload))
    for path, media_id in ids.items():
        place: Any = changed
        for step in path:
            place = place[step]
        place.pop("link")
        place["id"] = media_id
    return changed


def _of_interactive(content: Any) -> Iterator[NamedFile]:
    if not isinstance(content, Mapping):
        return
    yield from _typed(content.get("header"), ("interactive", "header"), is_on_card=False)
    action = content.get("action")
    cards = action.get("cards") if isinstance(action, Mapping) else None
    for index, card in enumerate(cards if isinstance(cards, list) else ()):
        header = card.get("header") if isinstance(card, Mapping) else None
        yield from _typed(header, ("interactive", "action", "cards", index, "header"), is_on_card=True)


def _of_components(components: Any, path: tuple[str | int, ...]) -> Iterator[NamedFile]:
    """Headers of a template, and of the cards of a template with several."""
    for index, component in enumerate(components if isinstance(components, list) else ()):
        if not isinstance(component, Mapping):
            continue
        for name, below in (("parameters", _typed_parameter), ("cards", _of_card)):
            members = component.get(name)
            for place, member in enumerate(members if isinstance(members, list) else ()):
                yield from below(member, (*path, index, name, place))


def _of_card(card: Any, path: tuple[str | int, ...]) -> Iterator[NamedFile]:
    components = card.get("components") if isinstance(card, Mapping) else None
    yield from _of_components(components, (*path, "components"))


def _typed_parameter(parameter: Any, path: tuple[str | int, ...]) -> Iterator[NamedFile]:
    yield from _typed(parameter, path, is_on_card=False)


def _typed(holder: Any, path: tuple[str | int, ...], *, is_on_card: bool) -> Iterator[NamedFile]:
    kind = holder.get("type") if isinstance(holder, Mapping) else None
    if isinstance(kind, str) and kind.lower() in FILE_KINDS:
        yield from _file(holder, path, kind.lower(), is_on_card=is_on_card)


def _file(holder: Any, path: tuple[str | int, ...], kind: str, *, is_on_card: bool) -> Iterator[NamedFile]:
    content = holder.get(kind)
    link = content.get("link") if isinstance(content, Mapping) else None
    if isinstance(link, str):
        yield NamedFile(path=(*path, kind), kind=kind, link=link, is_on_card=is_on_card)
