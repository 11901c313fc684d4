"""The templates of workflows: a sandbox, strict about what is missing, each text compiled once."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.runtime import Macro
from jinja2.sandbox import SandboxedEnvironment

from notifications.workflows import dressing
from notifications.workflows.anchor import Anchor
from notifications.workflows.timeline import delay, timeline

CONTEXT: Final = frozenset(
    {"payload", "person", "business", "anchor", "events", "language", "timezone", "replied", "delivered"}
)
"""The names that a template or an expression may use."""

PLAIN_FILTERS: Final = (
    *("abs", "capitalize", "default", "escape", "first", "float", "int", "join", "last", "length", "list", "lower"),
    *("map", "max", "min", "reject", "rejectattr", "reverse", "round", "select", "selectattr", "sort", "string", "sum"),
    *("title", "trim", "truncate", "unique", "upper", "urlencode"),
)
"""Jinja's own that a content may use. Others reach into objects, or make a text as long as one likes."""

MOST_COMPILED: Final = 4096
"""templates held; those of a few hundred workflows. Our choice."""


SAY_ANCHOR: Final = "an anchor is shown by moment, day or time; write {{ anchor | moment }}"

_MEMBER: Final = re.compile(r"\{\{ payload\.([a-z0-9_]+) \}\}")
"""Half of all texts fill in one field and nothing else; that needs no template."""


class Values(dict[str, Any]):
    """A mapping whose members are read with a dot; `payload.items` is a member, never a method."""


class _Environment(SandboxedEnvironment):
    # Repeating and padding a text is how one fills a machine's memory from inside a sandbox.
    intercepted_binops = frozenset({"*", "**", "%"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is Values:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise SecurityError(f"{operator} is for plain numbers alone")
        return left * right if operator == "*" else left % right

    def is_safe_callable(self, obj: Any) -> bool:
        """Our functions, and what a template defines itself: methods of texts and lists are what filters are for."""
        return isinstance(obj, Macro) or obj in _CALLABLE


@lru_cache(maxsize=MOST_COMPILED)
def compiled(text: str, html: bool = False) -> jinja2.Template:
    """The template of a text. Raises jinja2.TemplateSyntaxError."""
    return environment(html).from_string(text)


@lru_cache(maxsize=MOST_COMPILED)
def compiled_expression(text: str) -> Callable[..., Any]:
    """The expression. Raises jinja2.TemplateSyntaxError."""
    found: Callable[..., Any] = environment(False).compile_expression(text, undefined_to_none=False)
    return found


@lru_cache(maxsize=2)
def environment(html: bool) -> SandboxedEnvironment:
    """HTML escapes what fills it; a chat's texts are made safe before."""
    made = _Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_said,
    )
    made.globals = dict(GLOBALS)
    made.filters = {name: made.filters[name] for name in PLAIN_FILTERS} | dict(dressing.FILTERS)
    return made


def _said(value: Any) -> Any:
    """Nobody is to read "None": a field that may be missing stands in an `if`."""
    if value is None:
        raise jinja2.UndefinedError("a field that is not given is shown; put it into an {% if %}")
    if isinstance(value, Anchor):
        raise jinja2.UndefinedError(SAY_ANCHOR)
    return value


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def _hours(count: float) -> timedelta:
    return timedelta(hours=count)


def _days(count: float) -> timedelta:
    return timedelta(days=count)


def render_text(text: str, context: dict[str, Any], html: bool = False) -> str:
    """The text filled in, without the spaces around it. Raises jinja2.TemplateError.

    `context` holds the globals, too, so that the texts of a content share it: copying it takes longer than they do.
    """
    if "{" not in text:
        return text.strip()
    member = _MEMBER.fullmatch(text)
    if member is not None and type(said := context["payload"].get(member[1])) is str and not html:
        return str(said)
    template = compiled(text, html)
    # Not by `new_context`: that lists the globals for each text, for templates that import others.
    own = jinja2.runtime.Context(template.environment, context, template.name, template.blocks)
    return "".join(template.root_render_func(own)).strip()


GLOBALS: Final[Mapping[str, Any]] = {
    "timeline": timeline,
    "delay": delay,
    "minutes": _minutes,
    "hours": _hours,
    "days": _days,
}
"""What templates and expressions may call."""

_CALLABLE: Final = frozenset(GLOBALS.values())
