"""The platform's clock and files."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from channels.whatsapp.emulator.parts import Parts, parts_of

router = APIRouter()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")  # a misspelt field is an error, not a surprise


class ClockChange(_Strict):
    advance_seconds: float | None = Field(default=None, ge=-10 * 365 * 86400, le=10 * 365 * 86400)
    now: AwareDatetime | None = None

    @model_validator(mode="after")
    def names_one(self) -> "ClockChange":
        if (self.advance_seconds is None) == (self.now is None):
            raise ValueError("give either advance_seconds or now (with its time zone)")
        return self


@router.get("/clock")
async def clock(request: Request) -> dict[str, Any]:
    return _time(parts_of(request))


@router.post("/clock")
async def move_clock(change: ClockChange, request: Request) -> dict[str, Any]:
    """Later or earlier for everything here: windows, links, ids, statuses to come, retries."""
    parts = parts_of(request)
    _move(parts, change.now or parts.clock() + timedelta(seconds=change.advance_seconds or 0.0))
    return _time(parts)


@router.delete("/clock")
async def real_time(request: Request) -> dict[str, Any]:
    parts = parts_of(request)
    _move(parts, parts.clock() - parts.clock.ahead)
    parts.clock.reset()
    return _time(parts)


@router.get("/media")
async def media(request: Request) -> dict[str, Any]:
    return {"media": parts_of(request).media.list()}


@router.post("/media/{media_id}/expire")
async def expire_media(media_id: str, request: Request) -> dict[str, bool]:
    """As if its days were over."""
    if not parts_of(request).media.expire(media_id):
        raise HTTPException(404, "There is no such media.")
    return {"expired": True}


def _move(parts: Parts, to: datetime) -> None:
    back = parts.clock() - to
    parts.clock.set(to)
    if back > timedelta():
        with parts.database.transaction() as t:
            parts.queue.come_back(t, back)
    parts.feed.wake()


def _time(parts: Parts) -> dict[str, Any]:
    return {"now": parts.clock().isoformat(), "ahead_seconds": round(parts.clock.ahead.total_seconds(), 3)}
