"""What the expressions of a workflow come to: its group, the key of a digest, a condition, the end of a delay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jinja2

from notifications.workflows.anchor import Anchor
from notifications.workflows.errors import CannotRender
from notifications.workflows.jinja import compiled_expression
from notifications.workflows.pen import choose_language
from notifications.workflows.values import BusinessFacts, Person, as_typed, context_of
from notifications.workflows.workflow import Condition, Delay, Digest, Expr, Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an expression may look at."""

    person: Person
    business: BusinessFacts
    payload: Mapping[str, Any] = field(repr=False)
    events: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    replied: bool = False
    """Whether the person answered this notification."""

    delivered: bool = False
    """Whether one of its messages arrived."""

    anchor: Anchor | None = None
    """What it hangs on, where the trigger said so."""


def group_of(workflow: Workflow, facts: Facts) -> str | None:
    """What the notification is about, such as a delivery's code; None where the workflow has no group."""
    return None if workflow.group is None else _key(workflow, "group", workflow.group, facts)


def digest_key(workflow: Workflow, digest: Digest, facts: Facts) -> str:
    """Triggers with the same key are gathered."""
    return _key(workflow, "digest.key", digest.key, facts)


def is_met(workflow: Workflow, condition: Condition, facts: Facts) -> bool:
    """Whether the steps after the condition are taken."""
    return bool(_value(workflow, "condition", condition.when, facts))


def due_at(workflow: Workflow, delay: Delay, facts: Facts, now: datetime) -> datetime:
    """When the delay is over, in UTC; a moment that has passed, or that nobody named, is over at once."""
    if delay.for_ is not None:
        return now + delay.for_
    if delay.around is not None:
        return max(around_anchor(workflow, delay.around, facts), now)
    assert delay.until is not None  # noqa: S101 - one of the two is there
    moment = _value(workflow, "delay.until", delay.until, facts)
    if moment is None:
        return now
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise CannotRender(workflow.key, "delay.until", "is not a moment")
    return max(moment.astimezone(UTC), now)


def around_anchor(workflow: Workflow, length: timedelta, facts: Facts) -> datetime:
    """The moment so long after what the notification hangs on, in UTC; it may have passed."""
    if facts.anchor is None:
        raise CannotRender(workflow.key, "delay", "counts from an anchor, and the trigger has none")
    return facts.anchor.around(length)


def _key(workflow: Workflow, where: str, expression: Expr, facts: Facts) -> str:
    value = _value(workflow, where, expression, facts)
    if not isinstance(value, str | int) or isinstance(value, bool) or not str(value).strip():
        raise CannotRender(workflow.key, where, "is neither a text nor a whole number")
    return str(value)


def _value(workflow: Workflow, where: str, expression: Expr, facts: Facts) -> Any:
    person, business = facts.person, facts.business
    language = choose_language(frozenset(), person.locale, business.default_locale)
    try:
        context = context_of(
            workflow.payload, facts.payload, person, business, facts.events, language, as_typed, facts.anchor
        )
        value = compiled_expression(expression.source)(**context, replied=facts.replied, delivered=facts.delivered)
    except jinja2.TemplateError as error:
        raise CannotRender(workflow.key, where, f"cannot be told: {error.message}") from None
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
        raise CannotRender(workflow.key, where, f"cannot be told: {type(error).__name__}") from None
    if isinstance(value, jinja2.Undefined):
        raise CannotRender(workflow.key, where, "speaks of something that is not there")
    return value
