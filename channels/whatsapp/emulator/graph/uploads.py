"""`POST /{app_id}/uploads` and `/upload:…`: files for template headers and profile pictures, piece by piece."""

from typing import Any

from fastapi import APIRouter, Request

from channels.whatsapp.emulator.graph.caller import GraphRoute
from channels.whatsapp.emulator.graph_errors import GraphError, required, unknown_object
from channels.whatsapp.emulator.media_types import kind_of_type, largest_bytes
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.uploads import PREFIX, Upload

router = APIRouter(route_class=GraphRoute)


@router.post("/v{version}/{node_id}/uploads", name="upload_begin")
async def begin(version: str, node_id: str, request: Request) -> dict[str, str]:
    parts, query = parts_of(request), request.query_params
    if node_id not in ("app", parts.settings.emulator_app_id):
        raise unknown_object(node_id)
    for name in ("file_length", "file_type"):
        if not query.get(name):
            raise required(name)
    length, file_type = query["file_length"], query["file_type"]
    kind = kind_of_type(file_type)
    if kind is None:
        raise GraphError(100, f"The file type '{file_type}' is not supported.")
    if not (length.isascii() and length.isdigit() and 0 < int(length) <= largest_bytes(kind, b"")):
        raise GraphError(100, "Param file_length must be the file's length in bytes, within the type's limit.")
    upload = parts.uploads.begin(file_name=query.get("file_name", ""), file_type=file_type, file_length=int(length))
    return {"id": upload.id}


@router.post(f"/v{{version}}/{PREFIX}{{session}}", name="upload_piece")
async def go_on(version: str, session: str, request: Request) -> dict[str, Any]:
    parts, piece = parts_of(request), await request.body()
    upload = _existing(parts, session, request)
    if request.headers.get("file_offset", "") != str(upload.offset):
        raise GraphError(100, f"The header file_offset must be {upload.offset}: that much is here.")
    if upload.offset + len(piece) > upload.file_length:
        raise GraphError(100, f"More than the {upload.file_length} bytes that were announced.")
    upload = parts.uploads.go_on(upload, piece)
    return {"h": upload.handle} if upload.handle else {"id": upload.id, "file_offset": upload.offset}


@router.get(f"/v{{version}}/{PREFIX}{{session}}", name="upload_offset")
async def offset(version: str, session: str, request: Request) -> dict[str, Any]:
    upload = _existing(parts_of(request), session, request)
    return {"id": upload.id, "file_offset": upload.offset}


def _existing(parts: Parts, session: str, request: Request) -> Upload:
    if upload := parts.uploads.find(PREFIX + session, request.query_params.get("sig")):
        return upload
    raise unknown_object(PREFIX + session)
