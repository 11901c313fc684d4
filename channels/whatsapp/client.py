"""Asks the Graph API to send a message or to mark one as read; what goes wrong is in `errors`."""

from collections.abc import Mapping
from typing import Any

from channels.transport import TransportResponse
from channels.whatsapp.answers import Accepted, read_accepted
from channels.whatsapp.graph import Graph
from channels.whatsapp.limits import MAX_CALLBACK_DATA, length
from channels.whatsapp.messages import InvalidMessage, is_bsuid, is_digits

__all__ = ["Accepted", "WhatsAppClient"]


class WhatsAppClient:
    """Speaks for every number of ours that the tokens cover."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def send(
        self, phone_number_id: str, to: str, payload: Mapping[str, Any], callback_data: str | None = None
    ) -> Accepted:
        """`payload` is what `to_payload` made; `callback_data` comes back in every receipt.

        `to` is a number (digits) or, for somebody who hides theirs, a business-scoped user id.
        """
        if callback_data is not None and not 0 < length(callback_data) <= MAX_CALLBACK_DATA:
            raise InvalidMessage("callback_data", f"is empty or longer than {MAX_CALLBACK_DATA}")
        traced = {} if callback_data is None else {"biz_opaque_callback_data": callback_data}
        envelope = {"messaging_product": "whatsapp", "recipient_type": "individual", **_recipient(to), **traced}
        return read_accepted(await self._post(phone_number_id, {**payload, **envelope}))

    async def mark_read(self, phone_number_id: str, wamid: str, typing: bool = False) -> None:
        """Marks a message and all before it as read; `typing` shows that an answer is coming, for up to 25 s."""
        shown = {"typing_indicator": {"type": "text"}} if typing else {}
        read = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid, **shown}
        await self._post(phone_number_id, read)

    async def _post(self, phone_number_id: str, document: Mapping[str, Any]) -> TransportResponse:
        if not is_digits(phone_number_id):
            raise InvalidMessage("phone_number_id", "is not made of digits alone")
        return await self._graph.request(
            "POST", f"{phone_number_id}/messages", owner=phone_number_id, document=document
        )


def _recipient(to: str) -> dict[str, str]:
    if is_digits(to):
        return {"to": to}
    if is_bsuid(to):
        return {"recipient": to}
    raise InvalidMessage("to", "is neither digits nor a business-scoped user id")
