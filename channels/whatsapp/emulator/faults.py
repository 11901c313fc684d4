"""Faults on demand: what the next so many Graph calls answer instead of working. By rule, never by chance."""

from dataclasses import dataclass, field
from typing import Literal

from channels.whatsapp.emulator.graph_errors import GraphError
from channels.whatsapp.emulator.status_plan import StatusPlan

type Target = Literal["messages", "read", "media", "templates", "account", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How one call goes wrong. Without code, http_status and lose_answer it is only late, or without receipts."""

    code: int | None = None
    subcode: int | None = None
    http_status: int | None = None
    message: str | None = field(default=None, repr=False)  # instead of the code's usual one
    details: str | None = None
    retry_after_seconds: int | None = None
    delay_seconds: float = 0.0
    lose_answer: bool = False  # accepted and shown on the phone, but the caller never hears of it
    receipts: bool = True  # False: no status webhook is ever sent for it
    statuses: StatusPlan | None = None  # what becomes of it instead of the usual

    @property
    def refuses(self) -> bool:
        return self.code is not None or self.http_status is not None

    def error(self) -> GraphError:
        """What a call is refused with."""
        return GraphError(
            131000 if self.code is None else self.code,
            self.details,
            subcode=self.subcode,
            http_status=self.http_status,
            message=self.message,
        )


NO_FAULT = Fault()


@dataclass(slots=True, kw_only=True)
class _Rule:
    fault: Fault
    left: int | None  # None: until the rules are cleared
    target: Target
    to: str | None


class Faults:
    """Rules in order of arrival; the first that fits a call is used up by one."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []

    def plan(self, fault: Fault, *, count: int | None, target: Target, to: str | None) -> None:
        """For the next `count` calls; None: for all of them."""
        self._rules.append(_Rule(fault=fault, left=count, target=target, to=to))

    def take(self, kind: Target, to: str | None) -> Fault | None:
        for rule in self._rules:
            if rule.target not in (kind, "any") or rule.to not in (None, to):
                continue
            if rule.left is not None:
                rule.left -= 1
                if rule.left == 0:
                    self._rules.remove(rule)
            return rule.fault
        return None

    def clear(self) -> None:
        self._rules.clear()

    def left(self) -> int:
        """How many calls are still to go wrong, as far as rules count them."""
        return sum(rule.left or 0 for rule in self._rules)
