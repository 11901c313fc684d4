"""`/{phone_number_id}`: its state, registration, profile, and whom it blocks."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request

from channels.whatsapp.emulator.chats import Chat
from channels.whatsapp.emulator.directory import Number
from channels.whatsapp.emulator.graph.caller import GraphRoute, json_body, number_of
from channels.whatsapp.emulator.graph_errors import GraphError, invalid, missing, required
from channels.whatsapp.emulator.numbers import wa_id_of
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.rules import limits
from channels.whatsapp.emulator.shapes import array, link, one_of, record, text

DEFAULT_FIELDS = (
    *("verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type"),
    *("throughput", "webhook_configuration", "id"),
)
_PIN = re.compile(r"[0-9]{6}", re.ASCII)

# Lengths in characters, as Meta's reference of business profiles has them.
_PROFILE = record(
    {"messaging_product": one_of("whatsapp")},
    {
        "about": text(limits.PROFILE_ABOUT),
        "address": text(limits.PROFILE_ADDRESS),
        "description": text(limits.PROFILE_DESCRIPTION),
        "email": text(limits.PROFILE_EMAIL),
        "vertical": text(64),
        "websites": array(link, fewest=0, most=limits.PROFILE_WEBSITES),
        "profile_picture_handle": text(2048),
    },
)

NOT_YET_CONNECTED = ("PENDING", "DISCONNECTED")  # ended by registering

router = APIRouter(route_class=GraphRoute)


def describe(parts: Parts, number: Number, fields: str | None) -> dict[str, Any]:
    """A number's state; without `fields`, the ones Meta tells unasked."""
    facts = parts.facts.number(number.phone_number_id)
    known = {
        **facts,
        "id": number.phone_number_id,
        "display_phone_number": number.display_number,
        "verified_name": number.business,
        "webhook_configuration": {"application": parts.settings.emulator_webhook_url},
        "health_status": _health(parts, number, str(facts["can_send_message"])),
    }
    wanted = [name.strip() for name in fields.split(",")] if fields else DEFAULT_FIELDS
    return {name: known[name] for name in (*wanted, "id") if name in known and name != "can_send_message"}


@router.post("/v{version}/{node_id}/register", name="register")
async def register(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts, document = parts_of(request), await json_body(request)
    number_of(parts, node_id)
    request.state.payload = {name: value for name, value in document.items() if name != "pin"}
    if document.get("messaging_product") != "whatsapp":
        raise required("messaging_product")
    if not _PIN.fullmatch(str(document.get("pin", ""))):
        raise GraphError(100, "Param pin must be six digits.")
    connected = {"status": "CONNECTED"} if parts.facts.number(node_id)["status"] in NOT_YET_CONNECTED else {}
    parts.facts.change_number(node_id, {"registered": True, **connected})
    return {"success": True}


@router.post("/v{version}/{node_id}/deregister", name="deregister")
async def deregister(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts = parts_of(request)
    number_of(parts, node_id)
    parts.facts.change_number(node_id, {"registered": False, "status": "DISCONNECTED"})
    return {"success": True}


@router.get("/v{version}/{node_id}/whatsapp_business_profile", name="profile")
async def profile(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts = parts_of(request)
    number_of(parts, node_id)
    known = parts.facts.profile(node_id)
    wanted = request.query_params.get("fields")
    names = [name.strip() for name in wanted.split(",")] if wanted else list(known)
    return {"data": [{"messaging_product": "whatsapp", **{name: known[name] for name in names if name in known}}]}


@router.post("/v{version}/{node_id}/whatsapp_business_profile", name="profile_change")
async def change_profile(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts, document = parts_of(request), await json_body(request)
    number_of(parts, node_id)
    _PROFILE("", document)
    changes = {name: value for name, value in document.items() if name != "messaging_product"}
    handle = changes.pop("profile_picture_handle", None)
    if handle is not None and parts.uploads.type_of(handle) is None:
        raise invalid("profile_picture_handle", "is not the handle of an upload")
    for website in changes.get("websites", ()):
        if len(website) > limits.PROFILE_WEBSITE:
            raise invalid("websites", f"has an address longer than {limits.PROFILE_WEBSITE}")
    parts.facts.change_profile(node_id, changes)
    return {"success": True}


@router.get("/v{version}/{node_id}/block_users", name="block_users")
async def blocked(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts = parts_of(request)
    number_of(parts, node_id)
    barred = [chat for chat in parts.chats.recent() if chat.phone_number_id == node_id and chat.barred]
    return {"data": [{"messaging_product": "whatsapp", "wa_id": chat.wa_id} for chat in barred]}


@router.post("/v{version}/{node_id}/block_users", name="block_users_add")
async def block(version: str, node_id: str, request: Request) -> dict[str, Any]:
    """What these people write is not told any more, and what is sent to them fails."""
    return await _bar(request, node_id, barred=True)


@router.delete("/v{version}/{node_id}/block_users", name="block_users_remove")
async def unblock(version: str, node_id: str, request: Request) -> dict[str, Any]:
    return await _bar(request, node_id, barred=False)


async def _bar(request: Request, phone_number_id: str, *, barred: bool) -> dict[str, Any]:
    parts, document = parts_of(request), await json_body(request)
    number_of(parts, phone_number_id)
    if document.get("messaging_product") != "whatsapp":
        raise required("messaging_product")
    named = document.get("block_users")
    if not isinstance(named, list) or not all(isinstance(each, dict) and each.get("user") for each in named):
        raise missing("block_users[].user")
    chats = [(str(each["user"]), _find(parts, phone_number_id, each)) for each in named]
    with parts.database.transaction() as t:
        for _, chat in chats:
            if chat is not None:
                parts.chats.mark(t, chat, "barred", barred)
    parts.feed.wake()
    done = [{"input": said, "wa_id": chat.wa_id} for said, chat in chats if chat]
    failed = [{"input": said, "wa_id": None} for said, chat in chats if not chat]
    word = "added_users" if barred else "removed_users"
    return {
        "messaging_product": "whatsapp",
        "block_users": {word: done, **({"failed_users": failed} if failed else {})},
    }


def _find(parts: Parts, phone_number_id: str, named: Mapping[str, Any]) -> Chat | None:
    try:
        return parts.chats.find(phone_number_id, wa_id_of(str(named["user"])))
    except ValueError:
        return parts.chats.by_user_id(phone_number_id, str(named["user"]))


def _health(parts: Parts, number: Number, can_send: str) -> dict[str, Any]:
    trouble = {
        "error_code": 141000,
        "error_description": "The emulator was told that this number cannot send.",
        "possible_solution": "Set can_send_message to AVAILABLE.",
    }
    entities: Sequence[tuple[str, str, str]] = (
        ("PHONE_NUMBER", number.phone_number_id, can_send),
        ("WABA", number.account_id, "AVAILABLE"),
        ("APP", parts.settings.emulator_app_id, "AVAILABLE"),
    )
    return {
        "can_send_message": can_send,
        "entities": [
            {
                "entity_type": kind,
                "id": identity,
                "can_send_message": state,
                **({} if state == "AVAILABLE" else {"errors": [trouble]}),
            }
            for kind, identity, state in entities
        ],
    }
