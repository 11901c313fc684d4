"""The doors by which the assistant asks for a person's file, and for their end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from backend import BackendError, Refused
from channels.whatsapp.errors import WhatsAppError
from channels.whatsapp.messages import InvalidMessage
from server.parts import Parts, utc_now
from server.personal.desk import NobodyKnown


class Wish(BaseModel):
    """The wish to be forgotten, under an id that makes repeating the request harmless."""

    wish_id: UUID


class File(BaseModel):
    """A file that WhatsApp has, to be sent to this person."""

    media_id: str
    filename: str


class Kept(BaseModel):
    """What the business may not delete yet."""

    what: str
    until: datetime | None


def personal_routes(parts: Parts) -> APIRouter:
    """POST /internal/people/{sender_id}/exports and /erasures; whoever mounts it asks for the secret."""
    router = APIRouter(prefix="/internal/people")

    @router.post("/{sender_id}/exports")
    async def export(sender_id: UUID) -> File:
        """All that is known of this person, as a file at WhatsApp. 404, and 503 while it cannot be put together."""
        with _answered():
            exported = await parts.personal.export(str(sender_id), utc_now())
        return File(media_id=exported.media_id, filename=exported.filename)

    @router.post("/{sender_id}/erasures", status_code=202)
    async def erase(sender_id: UUID, wish: Wish) -> dict[str, list[Kept]]:
        """Forget this person, once. 404; 409 with the business's code where it says no; 503 where that is in doubt."""
        with _answered():
            kept = await parts.personal.erase(str(sender_id), str(wish.wish_id), utc_now())
        return {"kept": [Kept(what=each.what, until=each.until) for each in kept]}

    return router


@contextmanager
def _answered() -> Iterator[None]:
    """What went wrong, in the words of HTTP."""
    try:
        yield
    except NobodyKnown:
        raise HTTPException(404, "There is no such sender.") from None
    except Refused as refused:
        raise HTTPException(409, {"code": refused.code}) from None
    except BackendError:
        raise HTTPException(503, "The business's system does not answer.") from None
    except (WhatsAppError, InvalidMessage):
        raise HTTPException(503, "WhatsApp does not take the file now.") from None
