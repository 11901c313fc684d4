"""What happens to the webhooks to come: doubled, late, lost, in one post, in another order."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from channels.whatsapp.emulator.parts import parts_of
from channels.whatsapp.emulator.webhook_rules import GATHER_SECONDS, Release, WebhookRule

router = APIRouter(prefix="/webhooks/rules")


class RulePlan(BaseModel):
    """One rule; each webhook is touched by the first that fits it."""

    model_config = ConfigDict(extra="forbid")

    count: int | None = Field(default=None, ge=1)  # the next so many; None: until the rules are deleted
    only: list[str] = []  # what the webhook is about: text, image, sent, delivered …; empty: anything
    phone: str | None = Field(default=None, pattern="^[0-9]+$")  # whose chat; None: anybody's
    drop: bool = False
    times: int = Field(default=1, ge=1, le=100)
    delay_seconds: float = Field(default=0.0, ge=0)
    at_once: bool = False  # not waiting for earlier ones of the same chat
    gather: int = Field(default=1, ge=1, le=1000)
    release: Release = "one_post"
    gather_seconds: float = Field(default=GATHER_SECONDS, ge=0)

    def rule(self) -> WebhookRule:
        return WebhookRule(**self.model_dump(exclude={"count", "only", "phone"}))


@router.post("")
async def plan_rule(plan: RulePlan, request: Request) -> dict[str, int]:
    rules = parts_of(request).webhook_rules
    rules.plan(plan.rule(), count=plan.count, only=frozenset(plan.only), phone=plan.phone)
    return {"rules": rules.planned()}


@router.get("")
async def planned(request: Request) -> dict[str, int]:
    return {"rules": parts_of(request).webhook_rules.planned()}


@router.delete("")
async def clear_rules(request: Request) -> dict[str, int]:
    """Webhooks that wait for company still go when their time is over."""
    parts_of(request).webhook_rules.clear()
    return {"rules": 0}
