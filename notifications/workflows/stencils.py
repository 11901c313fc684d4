"""WhatsApp contents cut once and filled for each person: most only put names, codes and moments into fixed words.

A stencil is cut by rendering the content itself, with a hole for each value, as long as the value may be. What then
fits and passes every check does so with any value; where anything depends on more, there is no stencil.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import jinja2

from notifications.workflows.anchor import Anchor
from notifications.workflows.drafts import WhatsAppDraft
from notifications.workflows.errors import CannotRender
from notifications.workflows.holes import (
    SIGN,
    Holes,
    NotSimple,
    Read,
    Slot,
    Subject,
    optional_paths,
    parts_of,
    written,
)
from notifications.workflows.pen import Pen, choose_language
from notifications.workflows.rendered import ReplyButton, WhatsAppContent
from notifications.workflows.values import BusinessFacts, Person
from notifications.workflows.whatsapp import whatsapp_content
from notifications.workflows.workflow import Workflow

type _Fill = Callable[[Sequence[str]], Any]

MOST_STENCILS: Final = 2048
"""held; one for each workflow, language, and set of what is there. Our choice."""

_WORDY: Final = frozenset({"body", "text", "caption"})
"""Members of a message in which words stand; links, titles and ids are checked for more than their length."""


class Stencil:
    """A content with holes."""

    def __init__(self, content: WhatsAppContent, slots: Sequence[Slot]) -> None:
        """Raises NotSimple."""
        skeleton = _Skeleton()
        self._free_form = tuple(skeleton.filler(each) for each in content.free_form)
        self._template = None if content.template is None else skeleton.filler(content.template)
        self._said = skeleton.filler(content.said, is_wordy=True)
        self._buttons = tuple(_button(skeleton, each) for each in content.buttons)
        self._slots = tuple(slots[number] for number in skeleton.places)

    def filled(self, subject: Subject) -> WhatsAppContent | None:
        """None where a value is not as it was expected: the content is then rendered anew, and says what is wrong."""
        values = []
        try:
            for slot in self._slots:
                value = slot.read(subject)
                if not value or len(value) > slot.most or value[0].isspace() or value[-1].isspace():
                    return None
                values.append(value)
        except (ValueError, LookupError, TypeError, ArithmeticError, AttributeError):
            return None
        return WhatsAppContent(
            free_form=tuple(fill(values) for fill in self._free_form),
            template=None if self._template is None else self._template(values),
            said=self._said(values),
            buttons=tuple(fill(values) for fill in self._buttons),
        )


def filled(
    workflow: Workflow,
    draft: WhatsAppDraft,
    locale: str,
    person: Person,
    business: BusinessFacts,
    payload: Mapping[str, Any],
    anchor: Anchor | None = None,
) -> WhatsAppContent | None:
    """What the content says to this person; None where it has to be rendered for them."""
    language = choose_language(draft.languages, locale, business.default_locale)
    subject = Subject(person, business, payload, language, anchor)
    of_workflow = workflow.key, workflow.version
    readers = _PRESENCE.get(of_workflow)
    if readers is None:
        _make_room(_PRESENCE)
        readers = _PRESENCE[of_workflow] = _presence(workflow)
    key = *of_workflow, language, tuple([is_there(subject) for _, is_there in readers])
    stencil = _STENCILS.get(key, _UNCUT)
    if stencil is _UNCUT:
        _make_room(_STENCILS)
        present = frozenset(name for name, is_there in readers if is_there(subject))
        stencil = _STENCILS[key] = _cut(workflow, draft, language, present)
    return None if stencil is None else stencil.filled(subject)


_UNCUT: Final = object()
_STENCILS: dict[Any, Any] = {}
_PRESENCE: dict[tuple[str, str], tuple[tuple[str, Read], ...]] = {}


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= MOST_STENCILS:
        kept.clear()


def _presence(workflow: Workflow) -> tuple[tuple[str, Read], ...]:
    """How to see whether each thing is there that may be missing."""
    paths = [(path, path.split(".")[1:]) for path in optional_paths(workflow.payload)]
    return (
        ("person.first_name", lambda subject: bool(subject.person.first_name)),
        ("person.name", lambda subject: bool(subject.person.name)),
        ("business.support_number", lambda subject: bool(subject.business.support_number)),
        ("anchor", lambda subject: subject.anchor is not None),
        *((path, lambda subject, names=names: _is_there(subject.payload, names)) for path, names in paths),
    )


def _is_there(value: Any, names: list[str]) -> bool:
    for name in names:
        if not isinstance(value, Mapping):
            return False
        value = value.get(name)
    return value is not None


def _cut(workflow: Workflow, draft: WhatsAppDraft, language: str, present: frozenset[str]) -> Stencil | None:
    try:
        holes = Holes(workflow.payload, present, language)
        content = whatsapp_content(_StencilPen(workflow, "whatsapp", language, holes.context), draft)
        return Stencil(content, holes.slots)
    except (NotSimple, CannotRender, jinja2.TemplateError):
        return None


class _StencilPen(Pen):
    """Writes with holes in the place of values."""

    __slots__ = ()

    def fill(self, where: str, text: str, *, html: bool = False) -> str:
        return written(self._context["holes"], text) if "{" in text else text.strip()


class _Skeleton:
    """Turns JSON with holes into functions that make copies of it with texts in their places."""

    def __init__(self) -> None:
        self.places: dict[int, int] = {}
        """Of each slot that is used, where its value stands in the list."""

    def filler(self, value: Any, *, is_wordy: bool = False) -> _Fill:
        """`is_wordy` where any text may stand. Raises NotSimple."""
        return self._filler(value, is_wordy=is_wordy) or (lambda _values: value)

    def _filler(self, value: Any, *, is_wordy: bool) -> _Fill | None:
        """None for what holds no hole: that is the same object in every copy, since nobody changes a message."""
        match value:
            case str() if SIGN in value:
                if not is_wordy:
                    raise NotSimple
                return self._words(parts_of(value))
            case dict():
                return _copies(
                    value, {name: self._filler(each, is_wordy=name in _WORDY) for name, each in value.items()}
                )
            case list():
                return _copies(value, dict(enumerate(self._filler(each, is_wordy=False) for each in value)))
            case _:
                return None

    def _words(self, parts: Sequence[str | int]) -> _Fill:
        text = "".join(self._place(part) if isinstance(part, int) else _literal(part) for part in parts)
        return lambda values: text.format(*values)

    def _place(self, slot: int) -> str:
        return f"{{{self.places.setdefault(slot, len(self.places))}}}"


def _copies(whole: Any, members: Mapping[Any, _Fill | None]) -> _Fill | None:
    """Makes copies of a list or an object in which some members are filled."""
    filled = [(place, fill) for place, fill in members.items() if fill is not None]
    if not filled:
        return None

    def fill_all(values: Sequence[str]) -> Any:
        made = whole.copy()
        for place, fill in filled:
            made[place] = fill(values)
        return made

    return fill_all


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _button(skeleton: _Skeleton, button: ReplyButton) -> Callable[[Sequence[str]], ReplyButton]:
    if SIGN in button.title:
        # Titles must differ, whatever fills them.
        raise NotSimple
    entities = [(name, skeleton.filler(text, is_wordy=True)) for name, text in button.entities.items()]
    return lambda values: replace(button, entities={name: fill(values) for name, fill in entities})
