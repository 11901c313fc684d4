"""Asks the Graph API to send a message or to mark one as read; what goes wrong is in `errors`.

It logs nothing: who sends knows better what may be said about it.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from channels.whatsapp.answers import LOST_ANSWER, NOT_REACHED, Accepted, read_accepted, read_error
from channels.whatsapp.errors import Retryable, UnknownOutcome
from channels.whatsapp.limits import MAX_CALLBACK_DATA, length
from channels.whatsapp.messages import InvalidMessage, is_digits
from channels.whatsapp.transport import AnswerLost, NotSent, Transport, TransportResponse

__all__ = ["Accepted", "WhatsAppClient"]

TIMEOUT_SECONDS: Final = 10.0
"""For one request, from waiting for a connection to the last byte; Meta answers in well under one. Our choice, far
below the lease of whoever sends."""

SUCCESS: Final = range(200, 300)

_VERSION: Final = re.compile(r"v\d{1,3}\.\d{1,2}")


class WhatsAppClient:
    """Speaks for every number of ours that the token covers."""

    def __init__(self, transport: Transport, base_url: str, api_version: str, token: str) -> None:
        if not _VERSION.fullmatch(api_version):
            raise ValueError("api_version is not of the form v23.0")
        self._transport = transport
        self._root = f"{base_url.rstrip('/')}/{api_version}"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def send(
        self, phone_number_id: str, to: str, payload: Mapping[str, Any], callback_data: str | None = None
    ) -> Accepted:
        """`payload` is what `to_payload` made; `to` is digits; `callback_data` comes back in every receipt."""
        if not is_digits(to):
            raise InvalidMessage("to", "is not made of digits alone")
        if callback_data is not None and not 0 < length(callback_data) <= MAX_CALLBACK_DATA:
            raise InvalidMessage("callback_data", f"is empty or longer than {MAX_CALLBACK_DATA}")
        traced = {} if callback_data is None else {"biz_opaque_callback_data": callback_data}
        envelope = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, **traced}
        return read_accepted(await self._post(phone_number_id, {**payload, **envelope}))

    async def mark_read(self, phone_number_id: str, wamid: str, typing: bool = False) -> None:
        """Marks a message and all before it as read; `typing` shows that an answer is coming, for up to 25 s."""
        shown = {"typing_indicator": {"type": "text"}} if typing else {}
        read = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid, **shown}
        await self._post(phone_number_id, read)

    async def _post(self, phone_number_id: str, document: Mapping[str, Any]) -> TransportResponse:
        if not is_digits(phone_number_id):
            raise InvalidMessage("phone_number_id", "is not made of digits alone")
        url = f"{self._root}/{phone_number_id}/messages"
        content = json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
        try:
            response = await self._transport.request("POST", url, self._headers, content, TIMEOUT_SECONDS)
        except NotSent as error:
            raise Retryable(NOT_REACHED, title=str(error)) from error
        except AnswerLost as error:
            raise UnknownOutcome(LOST_ANSWER, title=str(error)) from error
        if response.status not in SUCCESS:
            raise read_error(response)
        return response
