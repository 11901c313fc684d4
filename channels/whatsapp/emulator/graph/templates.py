"""`/{waba_id}/message_templates` and `/{template_id}`: create, list, edit, delete."""

import base64
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import APIRouter, Request

from channels.whatsapp.emulator.graph.caller import GraphRoute, account_of, json_body
from channels.whatsapp.emulator.graph_errors import GraphError, required
from channels.whatsapp.emulator.message_templates.creation import (
    check_content,
    check_creation,
    normalised,
    reads_like_promotion,
)
from channels.whatsapp.emulator.message_templates.decisions import announce, review
from channels.whatsapp.emulator.message_templates.refusals import refused
from channels.whatsapp.emulator.message_templates.template import Template
from channels.whatsapp.emulator.parts import Parts, parts_of

PAGE = 25  # Graph API: items of a page unless `limit` says otherwise
LARGEST_PAGE = 1000
EDITABLE = ("APPROVED", "REJECTED", "PAUSED")
DEFAULT_FIELDS = ("name", "parameter_format", "components", "language", "status", "category", "id")

router = APIRouter(route_class=GraphRoute)


@router.post("/v{version}/{node_id}/message_templates", name="template_create")
async def create(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts, document = parts_of(request), await json_body(request)
    account_of(parts, node_id)
    check_creation(document, lambda handle: parts.uploads.type_of(handle) is not None)
    if parts.templates.find(node_id, document["name"], document["language"]):
        raise refused(
            2388024,
            "Content in this language already exists",
            f"There is already {document['language']} content for this template.",
        )
    category = str(document["category"]).upper()
    if category == "UTILITY" and document.get("allow_category_change") and reads_like_promotion(document["components"]):
        category = "MARKETING"
    template = parts.templates.create(node_id, {**normalised(document), "category": category})
    review(parts, template)
    return {"id": str(template.id), "status": "PENDING", "category": category}


@router.get("/v{version}/{node_id}/message_templates", name="template_list")
async def listing(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts, query = parts_of(request), request.query_params
    account_of(parts, node_id)
    wanted = [template for template in parts.templates.of_account(node_id) if _fits(template, dict(query))]
    limit = _limit(query.get("limit"))
    start, end = _place(query.get("after"), query.get("before"), limit, len(wanted))
    fields = _fields(query.get("fields"))
    page: dict[str, Any] = {"data": [_json(template, fields) for template in wanted[start:end]]}
    if wanted[start:end]:
        page["paging"] = {"cursors": {"before": _cursor(start), "after": _cursor(min(end, len(wanted)))}}
        if end < len(wanted):
            page["paging"]["next"] = str(
                request.url.include_query_params(after=_cursor(end)).remove_query_params("before")
            )
        if start > 0:
            page["paging"]["previous"] = str(
                request.url.include_query_params(before=_cursor(start)).remove_query_params("after")
            )
    return page


@router.delete("/v{version}/{node_id}/message_templates", name="template_delete")
async def delete(version: str, node_id: str, request: Request) -> dict[str, Any]:
    """Every language of a name; with `hsm_id`, only that one."""
    parts, query = parts_of(request), request.query_params
    account_of(parts, node_id)
    name, template_id = query.get("name"), query.get("hsm_id")
    if not name:
        raise required("name")
    doomed = [
        template
        for template in parts.templates.of_account(node_id)
        if template.name == name and template_id in (None, str(template.id))
    ]
    if not doomed:
        raise GraphError(100, "Message template was not found.", subcode=2593002)
    for template in doomed:
        announce(parts, template, "DELETED")
        parts.templates.delete(template)
    return {"success": True}


async def edit(parts: Parts, template: Template, request: Request) -> dict[str, Any]:
    """`POST /{template_id}`: other words or another category, and a new review."""
    document = await json_body(request)
    if template.status not in EDITABLE:
        raise GraphError(100, f"Only a template that is {', '.join(EDITABLE)} can be edited: {template.status}.")
    category = str(document.get("category", template.category)).upper()
    if category != template.category and template.status == "APPROVED":
        raise GraphError(100, "The category of an approved template can't be changed.")
    whole = {
        "name": template.name,
        "language": template.language,
        "parameter_format": template.parameter_format,
        "components": template.components,
        **document,
        "category": category,
    }
    check_content(whole, category, lambda handle: parts.uploads.type_of(handle) is not None)
    changes: dict[str, object] = {
        "components": normalised(whole)["components"],
        "category": category,
        "parameter_format": str(whole["parameter_format"]).upper(),
        "status": "PENDING",
        "reason": "NONE",
    }
    if "message_send_ttl_seconds" in document:
        changes["time_to_live"] = document["message_send_ttl_seconds"]
    review(parts, parts.templates.change(template, **changes))
    return {"success": True, "id": str(template.id), "name": template.name, "category": category}


def describe(template: Template, fields: str | None) -> dict[str, Any]:
    return _json(template, _fields(fields))


def _json(template: Template, fields: Iterable[str]) -> dict[str, Any]:
    known: dict[str, Any] = {
        "name": template.name,
        "parameter_format": template.parameter_format,
        "components": template.components,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "id": str(template.id),
        "quality_score": {"score": template.quality},
        "rejected_reason": template.reason,
        "message_send_ttl_seconds": template.time_to_live,
    }
    return {name: known[name] for name in fields if known.get(name) is not None}


def _fields(wanted: str | None) -> Sequence[str]:
    return (*filter(None, (name.strip() for name in wanted.split(","))), "id") if wanted else DEFAULT_FIELDS


def _fits(template: Template, query: dict[str, str]) -> bool:
    return (
        query.get("name", "") in template.name
        and query.get("status", template.status).upper() == template.status
        and query.get("category", template.category).upper() == template.category
        and query.get("language", template.language) == template.language
        and query.get("quality_score", template.quality).upper() == template.quality
    )


def _limit(said: str | None) -> int:
    if said is None:
        return PAGE
    if not (said.isascii() and said.isdigit() and 0 < int(said[:9]) <= LARGEST_PAGE):
        raise GraphError(100, f"Param limit must lie between 1 and {LARGEST_PAGE}.")
    return int(said)


def _place(after: str | None, before: str | None, limit: int, total: int) -> tuple[int, int]:
    if before is not None and after is None:
        end = min(_read_cursor(before), total)
        return max(0, end - limit), end
    start = 0 if after is None else _read_cursor(after)
    return start, start + limit


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"at {place}".encode()).decode()


def _read_cursor(cursor: str) -> int:
    try:
        word, place = base64.urlsafe_b64decode(cursor).decode().split(" ")
        if word == "at" and place.isascii() and place.isdigit() and len(place) < 10:
            return int(place)
    except ValueError:
        pass
    raise GraphError(100, "The cursor is not valid.")
