"""`/{id}` alone: the id decides whether it is a template, a number, an account or a file."""

from typing import Any

from fastapi import APIRouter, Request

from channels.whatsapp.emulator.graph import accounts, media, numbers, templates
from channels.whatsapp.emulator.graph.caller import GraphRoute
from channels.whatsapp.emulator.graph_errors import unknown_object
from channels.whatsapp.emulator.parts import parts_of

router = APIRouter(route_class=GraphRoute)


@router.get("/v{version}/{node_id}", name="node")
async def tell(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts, query = parts_of(request), request.query_params
    if template := parts.templates.by_id(node_id):
        return templates.describe(template, query.get("fields"))
    if number := parts.directory.numbers.get(node_id):
        return numbers.describe(parts, number, query.get("fields"))
    if any(number.account_id == node_id for number in parts.directory.numbers.values()):
        return accounts.describe(parts, node_id)
    return media.describe(parts, node_id, query.get("phone_number_id"))


@router.post("/v{version}/{node_id}", name="change_node")
async def change(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts = parts_of(request)
    if template := parts.templates.by_id(node_id):
        return await templates.edit(parts, template, request)
    raise unknown_object(node_id)


@router.delete("/v{version}/{node_id}", name="delete_node")
async def delete(version: str, node_id: str, request: Request) -> dict[str, Any]:
    return media.delete(parts_of(request), node_id, request.query_params.get("phone_number_id"))
