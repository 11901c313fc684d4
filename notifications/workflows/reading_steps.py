"""The steps of a workflow, as its file writes them: one line, or one mapping, for each."""

from collections.abc import Callable
from typing import Any, Final

from notifications.workflows.names import BadTemplate, check_expression
from notifications.workflows.part import Part
from notifications.workflows.schema import Schema
from notifications.workflows.workflow import (
    CHANNELS,
    SUCCESSES,
    Condition,
    Delay,
    Digest,
    Expr,
    Ladder,
    Rung,
    Send,
    Step,
)

MOST_STEPS: Final = 50
"""of one workflow. Our choice, far above what anybody can follow."""


def read_expression(part: Part, name: str, schema: Schema) -> Expr:
    """An expression such as payload.code."""
    source = part.text(name)
    try:
        check_expression(source, schema)
    except BadTemplate as error:
        raise part.wrong(name, str(error), "Write for instance payload.code, without braces") from None
    return Expr(source=source)


def read_steps(part: Part, schema: Schema) -> tuple[Step, ...]:
    """The member `steps`. Raises BadWorkflow, also where they send nothing."""
    steps = tuple(_read_step(each, schema) for each in part.each("steps"))
    if not any(isinstance(step, Send | Ladder) for step in steps):
        raise part.wrong("steps", "send nothing", "Add a line such as - send: whatsapp")
    if len(steps) > MOST_STEPS:
        raise part.wrong("steps", f"are {len(steps)}; at most {MOST_STEPS} are allowed", "Split the workflow")
    if not isinstance(steps[-1], Send | Ladder):
        raise part.wrong("steps", "end with one that nothing follows", "Take the last one away, or send something")
    return steps


def _read_step(part: Part, schema: Schema) -> Step:
    if len(part.names) != 1 or part.names[0] not in _READERS:
        raise part.wrong("", "is not one step", f"Begin it with one of {', '.join(_READERS)}")
    step: Step = _READERS[part.names[0]](part, schema)
    part.done()
    return step


def _read_send(part: Part, _: Schema) -> Step:
    return Send(channel=part.choice("send", CHANNELS))


def _read_ladder(part: Part, _: Schema) -> Step:
    rungs = tuple(_read_rung(each) for each in part.each("ladder"))
    if len(rungs) < 2:
        raise part.wrong("ladder", "has fewer than two rungs", "Use send: for a single channel")
    if len({rung.channel for rung in rungs}) < len(rungs):
        raise part.wrong("ladder", "names a channel twice", "Leave the second one out: a retry is made anyhow")
    for index, rung in enumerate(rungs[:-1]):
        if rung.fallback_after is None:
            where = f"ladder.{index}.fallback_after"
            raise part.wrong(where, "is missing", "Say how long to wait for the receipt, such as 15m")
    if rungs[-1].fallback_after is not None:
        where = f"ladder.{len(rungs) - 1}.fallback_after"
        raise part.wrong(where, "stands on the last rung, which nothing follows", "Take it away")
    return Ladder(rungs=rungs)


def _read_rung(part: Part) -> Rung:
    rung = Rung(
        channel=part.choice("channel", CHANNELS),
        success=part.choice("success", SUCCESSES, default="delivered"),
        fallback_after=part.duration("fallback_after"),
    )
    part.done()
    if rung.channel == "sms" and rung.success == "read":
        raise part.wrong("success", "is read, which no SMS ever reports", "Use delivered")
    return rung


def _read_delay(part: Part, schema: Schema) -> Step:
    if isinstance(part.take("delay"), str):
        return Delay(for_=part.duration("delay"))
    moment = part.nested("delay")
    if len(moment.names) != 1:
        raise moment.wrong("", "is not one moment", "Name one of until, before and after")
    if "until" not in moment and (before := moment.duration("before")) is not None:
        return Delay(around=-before)
    if "until" not in moment and (after := moment.duration("after")) is not None:
        return Delay(around=after)
    until = read_expression(moment, "until", schema)
    moment.done()
    return Delay(until=until)


def _read_digest(part: Part, schema: Schema) -> Step:
    found = part.nested("digest")
    window = found.duration("window")
    if window is None:
        raise found.wrong("window", "is missing", "Say how long to gather, such as 10m")
    digest = Digest(key=read_expression(found, "key", schema), window=window, most=found.number("most", least=2))
    found.done()
    return digest


def _read_condition(part: Part, schema: Schema) -> Step:
    return Condition(when=read_expression(part, "condition", schema))


_READERS: Final[dict[str, Callable[[Part, Schema], Any]]] = {
    "send": _read_send,
    "ladder": _read_ladder,
    "delay": _read_delay,
    "digest": _read_digest,
    "condition": _read_condition,
}
