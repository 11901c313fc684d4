"""The page where one decides about templates, as Meta's reviewers and measurements do: read, decided, shown again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, get_args

from fastapi import APIRouter, Form, Header, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from channels.whatsapp.emulator.control.templates import Category, Decide, Decision, Quality, Reason, carry_out
from channels.whatsapp.emulator.labels import labels_for, locale_of
from channels.whatsapp.emulator.message_templates import decisions
from channels.whatsapp.emulator.message_templates.template import Template
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.view import View

NOT_A_REASON = "NONE"

router = APIRouter(prefix="/templates")

type Word = Annotated[str, Form()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A WhatsApp Business Account with its templates: first what waits for a decision, then the newest."""

    id: str
    businesses: Sequence[str]
    templates: Sequence[Template]


@router.get("", response_class=HTMLResponse)
async def panel(request: Request, accept_language: Annotated[str, Header()] = "") -> HTMLResponse:
    parts = parts_of(request)
    view = View(parts, labels_for(locale_of(accept_language)))
    change = parts.chats.last_change()  # before anything is read, so that no change falls in between
    return HTMLResponse(
        view.render(
            "templates.html",
            rows=view.rows(),
            shown=[],
            beside={},
            change=change,
            notice=view.notice(),
            wrong_number=None,
            in_review=parts.templates.count_pending(),
            is_reviewing=True,
            listed=render_accounts(parts, view),
        )
    )


@router.post("/approve")
async def approve_all(request: Request) -> Response:
    """Everything that waits for a decision, such as what was created all at once."""
    parts = parts_of(request)
    for template in parts.templates.all():
        if template.status == "PENDING":
            decisions.approve(parts, template)
    return _done(request)


@router.post("/{template_id}")
async def decide(
    template_id: str,
    request: Request,
    decide: Annotated[Decide, Form()],
    reason: Annotated[Reason, Form()] = "INVALID_FORMAT",
    category: Annotated[Category | None, Form()] = None,
    quality: Annotated[Quality | None, Form()] = None,
) -> Response:
    """One form has every choice in it; of these only what goes with the decision counts."""
    parts = parts_of(request)
    template = parts.templates.by_id(template_id)
    if template is None:
        raise HTTPException(404, "There is no such template.")
    if (decide == "category" and category is None) or (decide == "quality" and quality is None):
        raise HTTPException(422, f"Say which {decide}.")
    decision = Decision(
        decide=decide,
        reason=reason,
        category=category if decide == "category" else None,
        quality=quality if decide == "quality" else None,
    )
    carry_out(parts, template, decision)
    return _done(request, f"#template-{template.id}")


def render_accounts(parts: Parts, view: View) -> str:
    """The list as HTML: on the page, and sent again whenever it has changed."""
    return view.render(
        "review/accounts.html",
        accounts=_accounts(parts),
        reasons=[each for each in get_args(Reason.__value__) if each != NOT_A_REASON],
        categories=get_args(Category.__value__),
        qualities=get_args(Quality.__value__),
    )


def _accounts(parts: Parts) -> list[Account]:
    businesses: dict[str, list[str]] = {}
    for number in parts.directory.numbers.values():
        names = businesses.setdefault(number.account_id, [])
        if number.business not in names:
            names.append(number.business)
    listed: dict[str, list[Template]] = {account_id: [] for account_id in businesses}
    for template in parts.templates.all():
        listed.setdefault(template.account_id, []).append(template)
    return [
        Account(
            id=account_id,
            businesses=businesses.get(account_id, ()),
            templates=sorted(templates, key=lambda each: (each.status != "PENDING", -each.id)),
        )
        for account_id, templates in listed.items()
    ]


def _done(request: Request, place: str = "") -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({})
    return RedirectResponse("/templates" + place, 303)
