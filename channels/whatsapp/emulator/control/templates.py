"""The part of Meta's reviewers: see the templates, decide about them."""

from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, model_validator

from channels.whatsapp.emulator.message_templates import decisions
from channels.whatsapp.emulator.message_templates.template import Template
from channels.whatsapp.emulator.parts import Parts, parts_of

router = APIRouter(prefix="/templates")

type Decide = Literal["approve", "reject", "pause", "unpause", "disable", "reinstate", "flag", "category", "quality"]
type Category = Literal["UTILITY", "MARKETING", "AUTHENTICATION"]
type Quality = Literal["GREEN", "YELLOW", "RED", "UNKNOWN"]
type Reason = Literal[
    "NONE",
    "ABUSIVE_CONTENT",
    "INCORRECT_CATEGORY",
    "INVALID_FORMAT",
    "PROMOTIONAL",
    "SCAM",
    "TAG_CONTENT_MISMATCH",
    "CATEGORY_NOT_AVAILABLE",
]


class Decision(BaseModel):
    """One decision, told to the server by its webhook."""

    model_config = ConfigDict(extra="forbid")

    decide: Decide
    reason: Reason = "INVALID_FORMAT"  # of reject
    title: Literal["FIRST_PAUSE", "SECOND_PAUSE", "RATE_LIMITING_PAUSE"] = "FIRST_PAUSE"  # of pause
    category: Category | None = None
    quality: Quality | None = None

    @model_validator(mode="after")
    def says_what(self) -> "Decision":
        for name in ("category", "quality"):
            if (self.decide == name) != (getattr(self, name) is not None):
                raise ValueError(f"`{name}` goes with decide={name!r}, and only with it")
        return self


@router.get("")
async def templates(request: Request) -> dict[str, Any]:
    return {"templates": [_json(template) for template in parts_of(request).templates.all()]}


@router.post("/{template_id}")
async def decide(template_id: str, decision: Decision, request: Request) -> dict[str, Any]:
    parts = parts_of(request)
    template = parts.templates.by_id(template_id)
    if template is None:
        raise HTTPException(404, "There is no such template.")
    return _json(carry_out(parts, template, decision))


def carry_out(parts: Parts, template: Template, decision: Decision) -> Template:
    """The template as it is afterwards."""
    match decision.decide:
        case "reject":
            return decisions.reject(parts, template, decision.reason)
        case "pause":
            return decisions.pause(parts, template, decision.title)
        case "category":
            return decisions.recategorise(parts, template, decision.category or template.category)
        case "quality":
            return decisions.rate(parts, template, decision.quality or template.quality)
    plain = {
        "approve": decisions.approve,
        "unpause": decisions.unpause,
        "disable": decisions.disable,
        "reinstate": decisions.reinstate,
        "flag": decisions.flag,
    }
    return plain[decision.decide](parts, template)


def _json(template: Template) -> dict[str, Any]:
    return {
        "id": str(template.id),
        "waba_id": template.account_id,
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "parameter_format": template.parameter_format,
        "components": template.components,
        "status": template.status,
        "reason": template.reason,
        "quality": template.quality,
        "from_file": template.from_file,
    }
