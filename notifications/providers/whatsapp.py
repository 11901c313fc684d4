"""Delivers messages over the WhatsApp Cloud API."""

from typing import Final

from channels.failures import Cause, Remedy
from channels.whatsapp.client import WhatsAppClient
from channels.whatsapp.error_codes import look_up
from channels.whatsapp.errors import UnknownOutcome, WhatsAppError
from channels.whatsapp.media.links import named_files
from channels.whatsapp.messages import InvalidMessage
from notifications.outgoing import Outgoing
from notifications.providers.base import Accepted, Failed, Outcome, Uncertain
from notifications.providers.media import MediaAsGiven, OutgoingMedia, Prepared

NAME: Final = "whatsapp"

HELD = {
    "held_for_quality_assessment": "WhatsApp holds it until it knows how people take the template's first messages.",
    "paused": "WhatsApp holds it: the template is paused.",
}
"""What WhatsApp's `message_status` means for a message it took; any other word means that it is on its way."""

UNKNOWN_OBJECT_SUBCODE = 33
"""Under code 100: an object that Meta does not know, such as a media id that expired; Meta, Graph API errors."""


class WhatsAppProvider:
    """Hands a message to WhatsApp; our id travels with it, so that a receipt finds it if the answer is lost."""

    name = NAME
    channel = NAME

    def __init__(self, client: WhatsAppClient, media: OutgoingMedia | None = None) -> None:
        self._client = client
        self._media = media or MediaAsGiven()

    async def deliver(self, message: Outgoing) -> Outcome:
        try:
            prepared = await self._prepared(message)
        except UnknownOutcome as error:
            # A file may have been uploaded twice; the message itself has not left.
            return _failed(error, Remedy.TRY_AGAIN)
        except WhatsAppError as error:
            # A file that takes long is not WhatsApp's doing.
            return _failed(error, error.remedy, was_asked=error.cause is not Cause.MEDIA)
        except InvalidMessage as error:
            return _invalid(error)
        try:
            accepted = await self._client.send(
                message.phone_number_id, message.recipient or "", prepared.payload, callback_data=message.id
            )
        except UnknownOutcome as error:
            return Uncertain(provider=NAME, reason=str(error))
        except WhatsAppError as error:
            return _failed(error, self._remedy(error, message))
        except InvalidMessage as error:
            return _invalid(error)
        return Accepted(
            provider=NAME,
            provider_message_id=accepted.wamid,
            notes=(*prepared.notes, *_held(accepted.status)),
            wa_id=accepted.wa_id,
            user_id=accepted.user_id,
            usage=accepted.usage,
        )

    async def _prepared(self, message: Outgoing) -> Prepared:
        """Its files uploaded; after WhatsApp refused one uploaded anew, and after that left out."""
        refusals = message.failures if _is_about_a_file(message.error_code) else 0
        if refusals > 1:
            without = self._media.without_media(message.payload)
            if without is not None:
                return without
        return await self._media.prepare(message.phone_number_id, message.payload, renew=refusals == 1)

    def _remedy(self, error: WhatsAppError, message: Outgoing) -> Remedy:
        """What Meta says of a file can be no file's fault where the message has none."""
        if error.remedy is not Remedy.RENEW_FILE:
            return error.remedy
        has_file = bool(named_files(message.payload)) or self._media.without_media(message.payload) is not None
        return Remedy.RENEW_FILE if has_file else Remedy.MEND_REQUEST


def _held(status: str | None) -> tuple[str, ...]:
    return (HELD[status],) if status in HELD else ()


def _is_about_a_file(code: int | None) -> bool:
    """Whether a message that waits with this code waits for a file to be renewed."""
    if code is None:
        return False
    rows = look_up(code), look_up(code, UNKNOWN_OBJECT_SUBCODE)
    return any(row is not None and row.remedy is Remedy.RENEW_FILE for row in rows)


def _failed(error: WhatsAppError, remedy: Remedy, *, was_asked: bool = True) -> Failed:
    return Failed(
        provider=NAME,
        reason=str(error),
        code=error.code,
        remedy=remedy,
        retry_after_seconds=error.retry_after_seconds,
        was_asked=was_asked,
    )


def _invalid(error: InvalidMessage) -> Failed:
    return Failed(provider=NAME, reason=str(error), code=None, remedy=Remedy.MEND_REQUEST, was_asked=False)
