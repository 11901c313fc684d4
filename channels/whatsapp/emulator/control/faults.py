"""What goes wrong with the next Graph calls, and what becomes of the messages that are taken."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from channels.whatsapp.emulator.faults import Fault, Target
from channels.whatsapp.emulator.parts import parts_of
from channels.whatsapp.emulator.status_plan import StatusName, StatusPlan, StatusStep

LONGEST_DELAY_SECONDS = 120

router = APIRouter(prefix="/faults")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")  # a misspelt field is an error, not a surprise


class Next(_Strict):
    kind: Literal["next"]
    count: int = Field(default=1, ge=1)


class Always(_Strict):
    kind: Literal["always"]  # until the faults are deleted


class Step(_Strict):
    """One status to come; in a list their order is the order of the webhooks."""

    status: StatusName
    after_seconds: float = Field(default=0.0, ge=0)
    code: int | None = None  # of a failure
    times: int = Field(default=1, ge=1, le=100)


class FaultPlan(_Strict):
    """How the next `count` Graph calls go wrong."""

    preset: str | None = None  # a name of PRESETS; what is said beside it goes before it
    trigger: Annotated[Next | Always | None, Field(discriminator="kind")] = None
    count: int = Field(default=1, ge=1)
    target: Target = "messages"
    to: str | None = None  # only calls with exactly this `to` (or `recipient`)
    code: int | None = None
    subcode: int | None = None
    http_status: int | None = Field(default=None, ge=400, le=599)
    message: str | None = None
    details: str | None = None
    retry_after_seconds: int | None = Field(default=None, ge=0)
    delay_seconds: float = Field(default=0.0, ge=0, le=LONGEST_DELAY_SECONDS)
    lose_answer: bool = False
    receipts: bool = True
    statuses: list[Step] | None = Field(default=None, max_length=50)
    before_answer: bool = False  # the statuses arrive before the HTTP response
    contacts: bool = True  # False: statuses without contacts
    pricing: bool = True
    conversation: bool = False

    def fault(self) -> Fault:
        own = {"preset", "trigger", "count", "target", "to", "statuses", "before_answer", "contacts", "pricing"}
        return Fault(**self.model_dump(exclude={*own, "conversation"}), statuses=self._status_plan())

    def how_often(self) -> int | None:
        if self.trigger is None:
            return self.count
        return self.trigger.count if isinstance(self.trigger, Next) else None

    def _status_plan(self) -> StatusPlan | None:
        told = {"before_answer", "contacts", "pricing", "conversation"} & self.model_fields_set
        if self.statuses is None and not told:
            return None
        usual = [Step(status="sent"), Step(status="delivered")]
        steps = usual if self.statuses is None else self.statuses
        return StatusPlan(
            steps=tuple(StatusStep(**step.model_dump()) for step in steps),
            before_answer=self.before_answer,
            contacts=self.contacts,
            pricing=self.pricing,
            conversation=self.conversation,
        )


PRESETS: Mapping[str, Mapping[str, Any]] = {
    "rate_limit_429": {"code": 4, "http_status": 429, "retry_after_seconds": 2},
    "throughput_130429": {"code": 130429},
    "pair_131056": {"code": 131056},
    "spam_rate_131048": {"code": 131048},
    "server_error_500": {"code": 131000, "http_status": 500},
    "timeout_after_accepting": {"lose_answer": True},
    "account_locked_131031": {"code": 131031},
    "token_expired_190_463": {
        "code": 190,
        "subcode": 463,
        "http_status": 401,
        "message": "Error validating access token: Session has expired.",
    },
    "not_on_whatsapp_131026": {"statuses": [{"status": "failed", "code": 131026}]},
    "not_delivered_131049": {"statuses": [{"status": "failed", "code": 131049}]},
    "statuses_out_of_order": {"statuses": [{"status": "read"}, {"status": "delivered"}, {"status": "sent"}]},
    "statuses_doubled": {"statuses": [{"status": "sent", "times": 2}, {"status": "delivered", "times": 2}]},
    "read_without_delivered": {"statuses": [{"status": "sent"}, {"status": "read"}]},
    "delivered_after_failed": {
        "statuses": [{"status": "sent"}, {"status": "failed", "code": 131026}, {"status": "delivered"}]
    },
    "statuses_before_answer": {"before_answer": True},
    "statuses_without_contacts": {"contacts": False},
}


@router.post("")
async def plan_fault(plan: FaultPlan, request: Request) -> dict[str, int]:
    faults = parts_of(request).faults
    if plan.preset is not None:
        if plan.preset not in PRESETS:
            raise HTTPException(422, f"preset: must be one of {', '.join(PRESETS)}.")
        said = plan.model_dump(exclude_unset=True)
        plan = FaultPlan(**{**PRESETS[plan.preset], **said})
    faults.plan(plan.fault(), count=plan.how_often(), target=plan.target, to=plan.to)
    return {"left": faults.left()}


@router.get("")
async def faults_left(request: Request) -> dict[str, int]:
    return {"left": parts_of(request).faults.left()}


@router.delete("")
async def clear_faults(request: Request) -> dict[str, int]:
    parts_of(request).faults.clear()
    return {"left": 0}
