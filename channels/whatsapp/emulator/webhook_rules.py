"""What a test plans for the webhooks to come: doubled, late, lost, in one post, in another order. Never by chance."""

from dataclasses import dataclass
from typing import Literal

type Release = Literal["one_post", "reversed"]

GATHER_SECONDS = 2.0  # webhooks that wait for company go without it after so long


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRule:
    """What happens to one webhook. With `at_once` it does not wait for those before it."""

    drop: bool = False
    times: int = 1
    delay_seconds: float = 0.0
    at_once: bool = False
    gather: int = 1  # wait until there are so many …
    release: Release = "one_post"  # … and go together, or the last one first
    gather_seconds: float = GATHER_SECONDS


UNTOUCHED = WebhookRule()


@dataclass(slots=True, kw_only=True)
class _Plan:
    number: int
    rule: WebhookRule
    left: int | None  # None: until they are cleared
    only: frozenset[str]  # what the webhook must be about; empty: anything
    phone: str | None  # whose chat it must be of; None: anybody's


class WebhookRules:
    """In order of arrival; the first that fits a webhook is used up by one."""

    def __init__(self) -> None:
        self._plans: list[_Plan] = []
        self._made = 0

    def plan(self, rule: WebhookRule, *, count: int | None, only: frozenset[str], phone: str | None = None) -> None:
        self._made += 1
        self._plans.append(_Plan(number=self._made, rule=rule, left=count, only=only, phone=phone))

    def take(self, about: str, lane: str) -> tuple[int, WebhookRule] | None:
        """The rule for a webhook of this lane about this (text, sent, …), and the rule's number."""
        for plan in self._plans:
            if plan.only and about not in plan.only:
                continue
            if plan.phone is not None and not lane.endswith(f"-{plan.phone}"):
                continue
            if plan.left is not None:
                plan.left -= 1
                if plan.left == 0:
                    self._plans.remove(plan)
            return plan.number, plan.rule
        return None

    def clear(self) -> None:
        self._plans.clear()

    def planned(self) -> int:
        return len(self._plans)
