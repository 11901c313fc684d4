"""The second hop of a media download: the signed link, which wants the same token, and gives whole files or parts."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from channels.whatsapp.emulator.byte_ranges import part_of
from channels.whatsapp.emulator.graph.caller import refused
from channels.whatsapp.emulator.graph_errors import GraphError, unauthorized
from channels.whatsapp.emulator.media_links import PATH
from channels.whatsapp.emulator.parts import parts_of

router = APIRouter()


@router.get(PATH)
async def download(
    request: Request,
    mid: str,
    ext: Annotated[str, Query(pattern=r"^[0-9]{1,12}$")],
    hash: str,
    authorization: Annotated[str, Header()] = "",
) -> Response:
    parts = parts_of(request)
    if authorization != f"Bearer {parts.settings.whatsapp_token.get_secret_value()}":
        return refused(unauthorized())
    media = parts.media.find_unexpired(mid)
    if media is None or not parts.links.is_good(mid, ext, hash):
        return refused(GraphError(100, http_status=404, subcode=33, message="(#100) The link has expired."))
    return part_of(media.content, media.mime_type, request.headers.get("range"))
