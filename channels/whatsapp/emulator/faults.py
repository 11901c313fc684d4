"""Faults on demand: what the next so many Graph calls answer instead of working. By rule, never by chance."""

from dataclasses import dataclass
from typing import Literal

type Target = Literal["messages", "read", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How one call goes wrong. Without code, http_status and lose_answer it is only late, or without receipts."""

    code: int | None = None
    http_status: int | None = None
    details: str | None = None
    retry_after_seconds: int | None = None
    delay_seconds: float = 0.0
    lose_answer: bool = False  # accepted and shown on the phone, but the caller never hears of it
    receipts: bool = True  # False: no status webhook is ever sent for it

    @property
    def refuses(self) -> bool:
        return self.code is not None or self.http_status is not None


NO_FAULT = Fault()


@dataclass(slots=True, kw_only=True)
class _Rule:
    fault: Fault
    left: int
    target: Target
    to: str | None


class Faults:
    """Rules in order of arrival; the first that fits a call is used up by one."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []

    def plan(self, fault: Fault, *, count: int, target: Target, to: str | None) -> None:
        self._rules.append(_Rule(fault=fault, left=count, target=target, to=to))

    def take(self, kind: Literal["messages", "read"], to: str | None) -> Fault | None:
        for rule in self._rules:
            if rule.target in (kind, "any") and rule.to in (None, to):
                rule.left -= 1
                if rule.left == 0:
                    self._rules.remove(rule)
                return rule.fault
        return None

    def clear(self) -> None:
        self._rules.clear()

    def left(self) -> int:
        """How many calls are still to go wrong."""
        return sum(rule.left for rule in self._rules)
