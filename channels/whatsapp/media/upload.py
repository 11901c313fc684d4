"""Brings files to WhatsApp: to be sent by id for thirty days, or as the example in a template's header.

Both raise what the Graph API raises (`channels.whatsapp.errors`), and InvalidMessage for what cannot be named.
"""

import json
import re
import secrets
from typing import Any, Final

from channels.transport import TransportResponse
from channels.whatsapp.answers import LOST_ANSWER
from channels.whatsapp.errors import Retryable, UnknownOutcome
from channels.whatsapp.graph import TIMEOUT_SECONDS, Graph
from channels.whatsapp.messages import InvalidMessage, is_digits

SLOWEST_BYTES_PER_SECOND: Final = 250_000
"""2 Mbit/s: what a connection must manage, beyond the time of any request. Our choice."""

RESUMPTIONS: Final = 3
"""How often a broken resumable upload is taken up again where it broke. Our choice."""

_MIME_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*(; ?[a-z]+=[a-z0-9]+)?", re.IGNORECASE)
_UNQUOTABLE: Final = re.compile(r'[\x00-\x1f\x7f"\\/]')


async def upload(graph: Graph, phone_number_id: str, content: bytes, mime_type: str, filename: str) -> str:
    """Upload a file for one number; returns its id, good for 30 days and for this number alone.

    The name is what Meta sees of it; people see it under a document only if the message gives no other.
    An upload twice is an id too many and nothing else, so a lost answer is asked for once more.
    """
    if not is_digits(phone_number_id):
        raise InvalidMessage("phone_number_id", "is not made of digits alone")
    _check_type(mime_type)
    boundary, form = _form(content, mime_type, filename)
    for is_last in (False, True):
        try:
            answer = await graph.request(
                "POST",
                f"{phone_number_id}/media",
                owner=phone_number_id,
                content=form,
                headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
                timeout_seconds=_seconds_for(len(form)),
            )
            return _read_text(answer, "id")
        except UnknownOutcome:
            if is_last:
                raise
    raise AssertionError("unreachable")


async def upload_handle(graph: Graph, app_id: str, owner: str, content: bytes, mime_type: str, filename: str) -> str:
    """Upload a file as an example for a template's header; returns the handle that creating the template takes.

    `owner` is the number or account whose token speaks; the token must belong to the app. An upload that breaks
    is taken up again where Meta says it broke.
    """
    if not is_digits(app_id):
        raise InvalidMessage("app_id", "is not made of digits alone")
    _check_type(mime_type)
    params = {"file_length": str(len(content)), "file_type": mime_type, "file_name": _plain_name(filename)}
    opened = await graph.request("POST", f"{app_id}/uploads", owner=owner, params=params)
    session, offset = _read_text(opened, "id"), 0
    for resumptions_left in range(RESUMPTIONS, -1, -1):
        try:
            answer = await graph.request(
                "POST",
                session,
                owner=owner,
                content=content[offset:],
                headers={"file_offset": str(offset), "Content-Type": "application/octet-stream"},
                timeout_seconds=_seconds_for(len(content) - offset),
            )
            return _read_text(answer, "h")
        except (UnknownOutcome, Retryable):
            if not resumptions_left:
                raise
            offset = await _offset(graph, session, owner, len(content))
    raise AssertionError("unreachable")


async def _offset(graph: Graph, session: str, owner: str, size: int) -> int:
    """How many bytes of an upload have arrived."""
    offset = _decode(await graph.request("GET", session, owner=owner)).get("file_offset")
    try:
        arrived = int(offset) if isinstance(offset, int | str) else -1
    except ValueError:
        arrived = -1
    if not 0 <= arrived <= size:
        raise UnknownOutcome(LOST_ANSWER, title="an upload whose state cannot be read")
    return arrived


def _form(content: bytes, mime_type: str, filename: str) -> tuple[str, bytes]:
    # Random: no file of anybody's holds it.
    boundary = f"relais-{secrets.token_hex(16)}"
    fields = [
        (b'name="messaging_product"', b"", b"whatsapp"),
        (b'name="type"', b"", mime_type.encode()),
        (
            f'name="file"; filename="{_plain_name(filename)}"'.encode(),
            f"Content-Type: {mime_type}\r\n".encode(),
            content,
        ),
    ]
    line = f"--{boundary}".encode()
    parts = [
        b"%b\r\nContent-Disposition: form-data; %b\r\n%b\r\n%b\r\n" % (line, name, header, value)
        for name, header, value in fields
    ]
    return boundary, b"".join((*parts, line, b"--\r\n"))


def _plain_name(filename: str) -> str:
    """A name that can neither end its header nor be a path."""
    return _UNQUOTABLE.sub("_", filename)[:100] or "file"


def _check_type(mime_type: str) -> None:
    if not _MIME_TYPE.fullmatch(mime_type):
        raise InvalidMessage("mime_type", "is not of the form image/jpeg")


def _seconds_for(size: int) -> float:
    return TIMEOUT_SECONDS + size / SLOWEST_BYTES_PER_SECOND


def _read_text(answer: TransportResponse, name: str) -> str:
    value = _decode(answer).get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value:
        raise UnknownOutcome(LOST_ANSWER, title=f"an upload answered without {name}")
    return value


def _decode(answer: TransportResponse) -> dict[str, Any]:
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
