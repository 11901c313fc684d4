"""The channels that a trigger wishes in place of the workflow's own."""

from collections.abc import Mapping
from typing import Any, Final

from notifications.workflows import Ladder, Problem, Rung, Send, Step, Workflow
from notifications.workflows.duration import read_duration
from notifications.workflows.workflow import CHANNELS, SUCCESSES

MEMBERS: Final = frozenset({"channel", "success", "fallback_after"})


class BadRouting(ValueError):
    """The wish cannot be granted; `problem` names the field."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def steps_of(workflow: Workflow, routing: Mapping[str, Any] | None) -> tuple[Step, ...]:
    """The steps to walk: the first that sends goes by the wished channels, others that send fall away.

    Raises BadRouting.
    """
    if routing is None:
        return workflow.steps
    wished = _wished(workflow, routing)
    steps: list[Step] = []
    for step in workflow.steps:
        if not isinstance(step, Send | Ladder):
            steps.append(step)
        elif wished not in steps:
            steps.append(wished)
    return tuple(steps)


def _wished(workflow: Workflow, routing: Mapping[str, Any]) -> Send | Ladder:
    listed = routing.get("channels")
    if not isinstance(listed, list | tuple) or not listed:
        raise _wrong("channels", 'is no list such as [{"channel": "whatsapp"}]')
    rungs = tuple(_rung(workflow, index, each, len(listed)) for index, each in enumerate(listed))
    names = [rung.channel for rung in rungs]
    if len(set(names)) < len(names):
        raise _wrong("channels", "names a channel twice; leave the second one out, a retry is made anyhow")
    return Ladder(rungs=rungs) if len(rungs) > 1 else Send(channel=rungs[0].channel)


def _rung(workflow: Workflow, index: int, given: Any, count: int) -> Rung:
    where = f"channels.{index}"
    if isinstance(given, str):
        given = {"channel": given}
    if not isinstance(given, Mapping) or not MEMBERS.issuperset(given):
        raise _wrong(where, f"is not made of {', '.join(sorted(MEMBERS))}")
    channel, success = given.get("channel"), given.get("success", "delivered")
    if channel not in CHANNELS:
        raise _wrong(f"{where}.channel", f"is not one of {', '.join(CHANNELS)}")
    if getattr(workflow.contents, channel) is None:
        raise _wrong(f"{where}.channel", f"is {channel}, for which {workflow.key} has no words")
    if success not in SUCCESSES or (success == "read" and channel == "sms"):
        raise _wrong(f"{where}.success", f"is not one of {', '.join(SUCCESSES)} that {channel} reports")
    after = given.get("fallback_after")
    is_last = index == count - 1
    if is_last != (after is None):
        problem = "stands on the last channel, which nothing follows" if is_last else "is missing; write PT15M or 15m"
        raise _wrong(f"{where}.fallback_after", problem)
    try:
        wait = None if after is None else read_duration(_ours(after))
    except ValueError as error:
        raise _wrong(f"{where}.fallback_after", f"{error}, or PT15M") from None
    return Rung(channel=channel, success=success, fallback_after=wait)


def _ours(duration: object) -> str:
    """PT15M, as ISO 8601 writes it, is 15m."""
    text = duration if isinstance(duration, str) else ""
    return text[1:].replace("T", "", 1).lower() if text.startswith("P") else text


def _wrong(where: str, problem: str) -> BadRouting:
    return BadRouting(Problem(field=f"routing.{where}", problem=problem))
