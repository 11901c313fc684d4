"""What stands in for a person's data while a stencil is cut: signs that templates take for texts.

A template is run once with them, by Jinja itself, so that what it says is what it says. Whatever looks closer at a
value than at whether it is there makes `NotSimple`: such a content is rendered for each person anew.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final, NoReturn, cast
from zoneinfo import ZoneInfo

import jinja2
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment

from notifications.workflows.anchor import Anchor
from notifications.workflows.dressing import FILTERS
from notifications.workflows.jinja import MOST_COMPILED, Values, environment
from notifications.workflows.schema import Field, Schema
from notifications.workflows.values import NAME_LIMIT, BusinessFacts, Person, for_chat, name_of, value_of
from trade.markup import shorten

SIGN: Final = "\ue000"
"""Begins a hole. Of the private use area, and so in nobody's text."""

_FILLING, _END, _FIRST = "\ue001", "\ue002", 0xE100
_HOLE: Final = re.compile(f"{SIGN}(.){_FILLING}*{_END}")
_LEFT_OVER: Final = re.compile(f"[{SIGN}{_FILLING}{_END}]")

MOST_HOLES: Final = 256
MOST_DRESSED: Final = 60
"""Units of a sum, a moment or a number as people read it; a longer one is rendered anew."""

_PLAIN_NODES: Final = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr, nodes.Filter),
    *(nodes.If, nodes.CondExpr, nodes.Concat, nodes.And, nodes.Or, nodes.Not),
)
_PLAIN_NAMES: Final = frozenset({"payload", "person", "business", "anchor"})


class NotSimple(Exception):
    """A content does more with the data than to show them."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a stencil is filled for, and with what."""

    person: Person
    business: BusinessFacts
    payload: Mapping[str, Any]
    language: str
    anchor: Anchor | None = None


type Read = Callable[[Subject], Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """What fills a hole, and how many units it has at most."""

    read: Read
    most: int


class Hole(str):
    """A text that is not known yet; it is there, so that it counts as true."""

    __slots__ = ("slot",)
    slot: Slot


class Symbol:
    """A value that is not known yet, which only a filter can say."""

    __slots__ = ("read",)

    def __init__(self, read: Read) -> None:
        self.read = read

    def __bool__(self) -> bool:
        return True


class Closed:
    """A value that no stencil may depend on."""

    def _refuse(self, *_: object) -> NoReturn:
        raise NotSimple

    __bool__ = __str__ = __iter__ = __len__ = __html__ = _refuse


class Holes:
    """The slots of one stencil, and the context in which its templates are run."""

    def __init__(self, schema: Schema, present: frozenset[str], language: str) -> None:
        """`present` names what is there of all that may be missing, as `presence` does."""
        self.slots: list[Slot] = []
        self._present = present
        self.context: dict[str, Any] = {
            **{name: Closed() for name in ("events", "timezone", "replied", "delivered")},
            "payload": self._object(schema.fields, "payload", lambda subject: subject.payload),
            "person": Values(
                first_name=self._name("first_name"), name=self._name("name"), locale=Closed(), timezone=Closed()
            ),
            "business": Values(
                name=self.hole(Slot(lambda subject: name_of(subject.business.name, for_chat), NAME_LIMIT)),
                currency=Closed(),
                support_number=self._support_number(),
            ),
            "anchor": Symbol(lambda subject: subject.anchor) if "anchor" in present else None,
            "language": language,
            "holes": self,
        }

    def hole(self, slot: Slot) -> Hole:
        """A sign in the place of what fills it, as long as that can be."""
        if len(self.slots) >= MOST_HOLES:
            raise NotSimple
        made = Hole(f"{SIGN}{chr(_FIRST + len(self.slots))}{_FILLING * max(0, slot.most - 3)}{_END}")
        made.slot = slot
        self.slots.append(slot)
        return made

    def _name(self, name: str) -> Hole | None:
        if f"person.{name}" not in self._present:
            return None
        return self.hole(Slot(lambda subject: name_of(getattr(subject.person, name), for_chat), NAME_LIMIT))

    def _support_number(self) -> Symbol | None:
        return Symbol(lambda subject: subject.business.support_number) if "business" in self._present else None

    def _object(self, fields: Mapping[str, Field], path: str, whole: Read) -> Values:
        made = Values()
        for name, field in fields.items():
            where = f"{path}.{name}"
            is_there = field.required or where in self._present
            made[name] = self._value(field, where, partial(_member, whole, name)) if is_there else None
        return made

    def _value(self, field: Field, where: str, raw: Read) -> Any:
        match field.kind:
            case "object":
                return self._object(field.fields, where, raw)
            case "text" | "phone":
                return self.hole(Slot(partial(_words, field.longest, raw), field.longest))
            case "money" | "moment" | "date":
                return Symbol(partial(_typed, field, raw))
            case _:
                # Zero, no and an empty list are there and not true.
                return Closed()


def _member(whole: Read, name: str, subject: Subject) -> Any:
    return whole(subject)[name]


def _words(longest: int, raw: Read, subject: Subject) -> str:
    return shorten(for_chat(raw(subject)), longest)


def _typed(field: Field, raw: Read, subject: Subject) -> Any:
    return value_of(field, raw(subject), for_chat, ZoneInfo(subject.person.timezone))


def optional_paths(schema: Schema) -> tuple[str, ...]:
    """Everything of a payload that may be missing."""
    return tuple(_optional(schema.fields, "payload"))


def _optional(fields: Mapping[str, Field], path: str) -> list[str]:
    found = []
    for name, field in fields.items():
        where = f"{path}.{name}"
        found += [] if field.required else [where]
        found += _optional(field.fields, where)
    return found


def written(holes: Holes, text: str) -> str:
    """A text with holes in it. Raises NotSimple, or jinja2.TemplateError as `render_text` does."""
    if _LEFT_OVER.search(text):
        raise NotSimple
    template = _traced(text)
    own = jinja2.runtime.Context(template.environment, holes.context, template.name, template.blocks)
    return "".join(template.root_render_func(own)).strip()


def parts_of(text: str) -> list[str | int]:
    """Its texts and the numbers of its slots, in order. Raises NotSimple where a hole was damaged."""
    parts: list[str | int] = []
    for index, part in enumerate(_HOLE.split(text)):
        if index % 2:
            parts.append(ord(part) - _FIRST)
        elif _LEFT_OVER.search(part):
            raise NotSimple
        elif part:
            parts.append(part)
    return parts


class _Tracing(SandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is not Values:
            raise NotSimple
        try:
            return obj[attribute]
        except KeyError:
            return self.undefined(obj=obj, name=attribute)


@lru_cache(maxsize=MOST_COMPILED)
def _traced(text: str) -> jinja2.Template:
    """Raises NotSimple for what shows more than values, and looks at more than whether they are there."""
    tree = _tracing().parse(text)
    for node in tree.find_all(nodes.Node):
        is_plain = isinstance(node, _PLAIN_NODES)
        if isinstance(node, nodes.Name):
            is_plain = node.name in _PLAIN_NAMES
        if isinstance(node, nodes.Filter):
            is_plain = node.name in FILTERS and not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
        if not is_plain:
            raise NotSimple
    return _tracing().from_string(text)


@lru_cache(maxsize=1)
def _tracing() -> SandboxedEnvironment:
    plain = environment(False)
    made = _Tracing(
        undefined=plain.undefined,
        trim_blocks=plain.trim_blocks,
        lstrip_blocks=plain.lstrip_blocks,
        finalize=_shown,
    )
    made.filters = {name: jinja2.pass_context(partial(_dressed, name)) for name in FILTERS}
    return made


def _shown(value: Any) -> Any:
    if isinstance(value, Symbol | Values | Closed):
        raise NotSimple
    finalize = environment(False).finalize
    return value if finalize is None else finalize(value)


def _dressed(name: str, context: jinja2.runtime.Context, value: Any) -> str:
    """A filter's place in the stencil: what it says is a hole of its own."""
    holes: Holes = context["holes"]
    known = ""
    match value:
        case Hole():
            read, most = value.slot.read, value.slot.most + MOST_DRESSED
        case Symbol():
            read, most = value.read, MOST_DRESSED
        case str() if SIGN not in value:
            known, most = value, len(value) + MOST_DRESSED + NAME_LIMIT
        case _:
            raise NotSimple
    return holes.hole(Slot(partial(_dress, name, (lambda _: known) if known else read, most), most))


def _dress(name: str, read: Read, most: int, subject: Subject) -> str:
    dress = cast(Any, FILTERS[name])
    value = read(subject)
    if not hasattr(dress, "jinja_pass_arg"):
        return str(dress(value))
    first_name = name_of(subject.person.first_name, for_chat)
    told = {
        "language": subject.language,
        "timezone": subject.person.timezone,
        "person": {"first_name": first_name},
    }
    return str(dress(told, value))
