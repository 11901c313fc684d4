"""How strict the platform is: the window, rates, reviews."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import ValidationError

from channels.whatsapp.emulator.parts import parts_of

router = APIRouter(prefix="/policy")


@router.get("")
async def policy(request: Request) -> dict[str, Any]:
    return parts_of(request).policy.current.model_dump()


@router.post("")
async def change_policy(changes: dict[str, Any], request: Request) -> dict[str, Any]:
    """Change what is named; the rest stays."""
    try:
        return parts_of(request).policy.change(changes).model_dump()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise HTTPException(422, f"{'.'.join(map(str, first['loc']))}: {first['msg']}.") from None


@router.delete("")
async def reset_policy(request: Request) -> dict[str, Any]:
    return parts_of(request).policy.reset().model_dump()
