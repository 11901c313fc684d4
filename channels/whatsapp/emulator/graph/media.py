"""`POST /{phone_number_id}/media` uploads a file; the id it gets is told, changed and deleted as a node."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException

from channels.whatsapp.emulator.graph.caller import GraphRoute, number_of
from channels.whatsapp.emulator.graph_errors import GraphError, invalid, required, unknown_object
from channels.whatsapp.emulator.media import Media, MediaProblem, StoredMedia
from channels.whatsapp.emulator.parts import Parts, parts_of

router = APIRouter(route_class=GraphRoute)


@router.post("/v{version}/{node_id}/media", name="media_upload")
async def upload(version: str, node_id: str, request: Request) -> dict[str, str]:
    parts = parts_of(request)
    number_of(parts, node_id)
    try:
        async with request.form() as form:
            request.state.payload = {key: value for key, value in form.items() if isinstance(value, str)}
            mime_type, file = _checked(form)
            content, name = await file.read(), file.filename
        return {"id": parts.media.upload(content, mime_type, phone_number_id=node_id, file_name=name).id}
    except MultiPartException as error:
        raise GraphError(100, f"The body is not multipart form data: {error}.") from None
    except MediaProblem as problem:
        raise GraphError(100, str(problem), message=f"(#100) {problem}") from None


def describe(parts: Parts, media_id: str, phone_number_id: str | None) -> dict[str, Any]:
    """What `GET /{media_id}` answers: where the file is for the next five minutes, and what it is."""
    media = _existing(parts.media, media_id, phone_number_id)
    return {
        "messaging_product": "whatsapp",
        "url": parts.links.make(media.id),
        "mime_type": media.mime_type,
        "sha256": media.sha256,
        "file_size": len(media.content),
        "id": media.id,
    }


def delete(parts: Parts, media_id: str, phone_number_id: str | None) -> dict[str, Any]:
    _existing(parts.media, media_id, phone_number_id)
    parts.media.expire(media_id)
    return {"success": True}


def _existing(media: Media, media_id: str, phone_number_id: str | None) -> StoredMedia:
    found = media.find_unexpired(media_id)
    if found is None or (phone_number_id and found.phone_number_id not in ("", phone_number_id)):
        raise unknown_object(media_id)
    return found


def _checked(form: FormData) -> tuple[str, UploadFile]:
    """The file's type, and the file."""
    product, file = form.get("messaging_product"), form.get("file")
    if product is None:
        raise required("messaging_product")
    if product != "whatsapp":
        raise invalid("messaging_product", "must be whatsapp")
    if not isinstance(file, UploadFile):
        raise required("file")
    if mime_type := str(form.get("type") or file.content_type or ""):
        return mime_type, file
    raise required("type")
