"""Sends SMS by OVH and asks what became of them; OVH's own calls about it are not signed, so none is believed.

SendError           what OVH or the way to it said no with (see `channels.sending`)
"""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from channels.failures import Cause, FailureKind, FailureRow
from channels.reports import Report
from channels.sending import LOST_ANSWER, Accepted, SendError, send_error
from channels.sms.message import Sms
from channels.sms.ovh_api import OvhApi
from channels.sms.ovh_reports import read_outgoing
from channels.sms.segments import Encoding, segmented

_NO_NUMBER: Final = FailureRow(
    kind=FailureKind.FINAL,
    cause=Cause.RECIPIENT,
    advice="OVH takes this for no number that it can reach: ask the person for another.",
)

_CODINGS: Final[Mapping[Encoding, str]] = {Encoding.GSM7: "7bit", Encoding.UCS2: "8bit"}


class OvhClient:
    """Speaks for one SMS account of OVH's, such as sms-ab12345-1."""

    def __init__(self, api: OvhApi, service: str) -> None:
        self._api = api
        self._path = f"/sms/{quote(service, safe='')}"

    async def send(self, sms: Sms) -> Accepted:
        told = await self._api.ask("POST", f"{self._path}/jobs", _job(sms))
        job = told if isinstance(told, Mapping) else {}
        ids = job.get("ids")
        if isinstance(ids, list) and ids and isinstance(ids[0], int):
            return Accepted(provider_message_id=str(ids[0]))
        raise send_error(_NO_NUMBER if job.get("invalidReceivers") else LOST_ANSWER)

    async def report(self, provider_message_id: str, asked_at: datetime) -> Report | None:
        """What OVH knows of a message now; None while it has not left yet, when OVH still calls it a job."""
        try:
            told = await self._api.ask("GET", f"{self._path}/outgoing/{quote(provider_message_id, safe='')}")
        except SendError as error:
            if error.code == str(HTTPStatus.NOT_FOUND.value):
                return None
            raise
        return read_outgoing(told, asked_at) if isinstance(told, Mapping) else None


def _job(sms: Sms) -> dict[str, Any]:
    return {
        "message": sms.text,
        "receivers": [sms.recipient],
        # Without a name of ours, a short number of OVH's sends it, and the person can answer to that.
        **({"sender": sms.sender} if sms.sender is not None else {"senderForResponse": True}),
        "noStopClause": not sms.stop_clause,
        "priority": "high",
        "charset": "UTF-8",
        "coding": _CODINGS[segmented(sms.text).encoding],
        "tag": sms.message_id,
    }
