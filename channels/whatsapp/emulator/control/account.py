"""What Meta measures and decides about numbers and accounts, told by its webhooks."""

from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from channels.whatsapp.emulator.directory import Number
from channels.whatsapp.emulator.envelope import digits
from channels.whatsapp.emulator.parts import Parts, parts_of

router = APIRouter()


class Throughput(BaseModel):
    level: Literal["STANDARD", "HIGH", "NOT_APPLICABLE"]


class NumberChange(BaseModel):
    """Facts as the Graph API tells them; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    quality_rating: Literal["GREEN", "YELLOW", "RED", "UNKNOWN"] | None = None
    status: (
        Literal["CONNECTED", "PENDING", "FLAGGED", "RATE_LIMITED", "RESTRICTED", "BANNED", "DISCONNECTED", "DELETED"]
        | None
    ) = None
    name_status: Literal["APPROVED", "PENDING_REVIEW", "DECLINED", "EXPIRED", "NONE"] | None = None
    code_verification_status: Literal["VERIFIED", "NOT_VERIFIED", "EXPIRED"] | None = None
    throughput: Throughput | None = None
    whatsapp_business_manager_messaging_limit: (
        Literal["TIER_250", "TIER_2K", "TIER_10K", "TIER_100K", "TIER_UNLIMITED"] | None
    ) = None
    can_send_message: Literal["AVAILABLE", "LIMITED", "BLOCKED"] | None = None
    is_on_biz_app: bool | None = None
    registered: bool | None = None


class TokenChange(BaseModel):
    """Seconds since 1970, as `debug_token` tells them; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    issued_at: int | None = Field(default=None, ge=0)
    expires_at: int | None = Field(default=None, ge=0)  # 0: never


class Telling(BaseModel):
    """Any webhook field about an account, for what the emulator does not bring about itself."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(pattern=r"^[a-z_]{1,64}$")
    value: dict[str, Any]


@router.get("/numbers")
async def numbers(request: Request) -> dict[str, Any]:
    parts = parts_of(request)
    known = parts.directory.numbers.values()
    return {"app_id": parts.settings.emulator_app_id, "numbers": [_json(parts, number) for number in known]}


@router.post("/numbers/{phone_number_id}")
async def change_number(phone_number_id: str, change: NumberChange, request: Request) -> dict[str, Any]:
    parts = parts_of(request)
    number = parts.directory.numbers.get(phone_number_id)
    if number is None:
        raise HTTPException(404, "No business has this phone_number_id.")
    before = parts.facts.number(phone_number_id)
    with parts.database.transaction() as t:
        parts.facts.change_number(phone_number_id, change.model_dump(exclude_none=True))
        after = parts.facts.number(phone_number_id)
        if event := _quality_event(before, after):
            limit = after["whatsapp_business_manager_messaging_limit"]
            value = {
                "display_phone_number": digits(number.display_number),
                "event": event,
                "current_limit": limit,
                "max_daily_conversations_per_business": limit,
            }
            parts.outgoing.tell(
                t,
                number.account_id,
                value,
                lane=f"number-{phone_number_id}",
                about=f"number {event}",
                field="phone_number_quality_update",
            )
    parts.feed.wake()
    return _json(parts, number)


@router.post("/token")
async def change_token(change: TokenChange, request: Request) -> dict[str, int]:
    """Since when there is the access token, and when it ends: from then on calls with it are refused (190)."""
    parts = parts_of(request)
    parts.facts.change_token(change.model_dump(exclude_none=True))
    return parts.facts.token()


@router.post("/accounts/{account_id}/tell")
async def tell(account_id: str, telling: Telling, request: Request) -> dict[str, bool]:
    """Queue a webhook such as account_update, signed and retried like every other."""
    parts = parts_of(request)
    if all(number.account_id != account_id for number in parts.directory.numbers.values()):
        raise HTTPException(404, "There is no such account: GET /api/numbers lists them.")
    with parts.database.transaction() as t:
        lane = f"account-{account_id}"
        parts.outgoing.tell(t, account_id, telling.value, lane=lane, about=telling.field, field=telling.field)
    parts.feed.wake()
    return {"told": parts.facts.is_subscribed(account_id)}


def _quality_event(before: dict[str, Any], after: dict[str, Any]) -> str | None:
    """What Meta would say of the difference; None when it says nothing."""
    if after["quality_rating"] != before["quality_rating"]:
        if after["quality_rating"] == "RED":
            return "FLAGGED"
        if before["quality_rating"] == "RED":
            return "UNFLAGGED"
    if after["throughput"] != before["throughput"] and after["throughput"]["level"] == "HIGH":
        return "THROUGHPUT_UPGRADE"
    tiers = ("TIER_250", "TIER_2K", "TIER_10K", "TIER_100K", "TIER_UNLIMITED")
    old, new = (tiers.index(facts["whatsapp_business_manager_messaging_limit"]) for facts in (before, after))
    return None if old == new else "UPGRADE" if new > old else "DOWNGRADE"


def _json(parts: Parts, number: Number) -> dict[str, Any]:
    return {
        "phone_number_id": number.phone_number_id,
        "display_phone_number": number.display_number,
        "business": number.business,
        "waba_id": number.account_id,
        "subscribed": parts.facts.is_subscribed(number.account_id),
        **parts.facts.number(number.phone_number_id),
    }
