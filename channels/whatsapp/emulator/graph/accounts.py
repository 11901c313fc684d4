"""`/{waba_id}`: its numbers and subscribed apps; and what a token may do."""

import hmac
from typing import Any

from fastapi import APIRouter, Request

from channels.whatsapp.emulator.graph import numbers
from channels.whatsapp.emulator.graph.caller import GraphRoute, account_of, json_body, refused
from channels.whatsapp.emulator.graph_errors import GraphError, required, unauthorized
from channels.whatsapp.emulator.parts import Parts, parts_of

SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")

SYSTEM_USER = "122100000000001"

router = APIRouter(route_class=GraphRoute)
tokens = APIRouter()  # asked in the app's own name, not with the token


def describe(parts: Parts, account_id: str) -> dict[str, Any]:
    number = account_of(parts, account_id)[0]
    return {
        "id": account_id,
        "name": number.business,
        "message_template_namespace": f"emulator_{account_id}",
        "account_review_status": "APPROVED",
        "business_verification_status": "verified",
    }


@router.get("/v{version}/{node_id}/phone_numbers", name="phone_numbers")
async def phone_numbers(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts, fields = parts_of(request), request.query_params.get("fields")
    return {"data": [numbers.describe(parts, number, fields) for number in account_of(parts, node_id)]}


@router.get("/v{version}/{node_id}/subscribed_apps", name="subscribed_apps")
async def subscribed_apps(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts = parts_of(request)
    account_of(parts, node_id)
    app = {"link": f"{parts.links.address}/", "name": "Emulated app", "id": parts.settings.emulator_app_id}
    return {"data": [{"whatsapp_business_api_data": app}] if parts.facts.is_subscribed(node_id) else []}


@router.post("/v{version}/{node_id}/subscribed_apps", name="subscribe")
async def subscribe(version: str, node_id: str, request: Request) -> dict[str, Any]:
    parts = parts_of(request)
    account_of(parts, node_id)
    override = (await json_body(request)).get("override_callback_uri") if await request.body() else None
    if override not in (None, parts.settings.emulator_webhook_url):
        raise GraphError(100, "The emulator posts to EMULATOR_WEBHOOK_URL alone: leave out override_callback_uri.")
    parts.facts.change_account(node_id, {"subscribed": True})
    return {"success": True}


@router.delete("/v{version}/{node_id}/subscribed_apps", name="unsubscribe")
async def unsubscribe(version: str, node_id: str, request: Request) -> dict[str, Any]:
    """From now on nothing of this account is told, as with an app nobody subscribed."""
    parts = parts_of(request)
    account_of(parts, node_id)
    parts.facts.change_account(node_id, {"subscribed": False})
    return {"success": True}


@tokens.get("/v{version}/debug_token")
async def debug_token(version: str, request: Request) -> Any:
    """What Meta knows of `input_token`; asked with the app's own token `{app_id}|{app_secret}`, or with ours."""
    parts, said = parts_of(request), request.query_params.get("input_token")
    settings = parts.settings
    token, app_id = settings.whatsapp_token.get_secret_value(), settings.emulator_app_id
    own = f"{app_id}|{settings.whatsapp_app_secret.get_secret_value()}"
    caller = request.headers.get("authorization", "").removeprefix("Bearer ") or request.query_params.get(
        "access_token", ""
    )
    if not any(hmac.compare_digest(caller.encode(), known.encode()) for known in (own, token)):
        return refused(unauthorized())
    if said is None:
        return refused(required("input_token"))
    if not hmac.compare_digest(said.encode(), token.encode()):
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"is_valid": False, "scopes": [], "error": error}}
    facts, has_ended = parts.facts.token(), parts.facts.has_ended(parts.clock())
    if has_ended and not hmac.compare_digest(caller.encode(), own.encode()):
        return refused(unauthorized())
    if has_ended:
        error = {"code": 190, "message": "Error validating access token: Session has expired.", "subcode": 463}
        return {"data": {"app_id": app_id, "is_valid": False, **facts, "scopes": [], "error": error}}
    accounts = sorted({number.account_id for number in parts.directory.numbers.values()})
    return {
        "data": {
            "app_id": app_id,
            "type": "SYSTEM_USER",
            "application": "Emulated app",
            "data_access_expires_at": 0,
            **facts,
            "is_valid": True,
            "scopes": list(SCOPES),
            "granular_scopes": [{"scope": scope, "target_ids": accounts} for scope in SCOPES],
            "user_id": SYSTEM_USER,
        }
    }
