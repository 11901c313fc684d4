"""A part of the desk: its routes, its templates, its entries in the menu, joined in `server/desk/app.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter

from staff import Act

if TYPE_CHECKING:
    from server.desk.page import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the menu, shown to whoever may do its act."""

    section: str
    """Which lines stand together: talks, delivery or house; its word is desk.sections.<section>."""
    word: str
    """What it is called: topic.key of the words, such as console.menu.health."""
    path: str
    """Where it leads, after /desk."""
    act: Act
    icon: str
    """The id of a drawing in static/icons.svg."""
    count: str = ""
    """Where a number beside it is asked for, after /desk: a piece of a page, empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One folder of `server/desk`."""

    name: str
    """How its templates begin: `name/page.html` is found in its folder `templates`."""
    folder: Path
    routes: Callable[[Desk], APIRouter]
    menu: tuple[Entry, ...] = ()
