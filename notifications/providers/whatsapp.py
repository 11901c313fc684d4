"""Delivers messages over the WhatsApp Cloud API."""

from channels.whatsapp.client import WhatsAppClient
from channels.whatsapp.error_codes import Cause
from channels.whatsapp.errors import Retryable, Throttled, UnknownOutcome, WhatsAppError
from channels.whatsapp.messages import InvalidMessage
from notifications.claim import Outgoing
from notifications.providers.base import Accepted, Failed, Outcome, Uncertain


class WhatsAppProvider:
    """Hands a message to WhatsApp; our id travels with it, so that a receipt finds it if the answer is lost."""

    def __init__(self, client: WhatsAppClient) -> None:
        self._client = client

    async def deliver(self, message: Outgoing) -> Outcome:
        try:
            accepted = await self._client.send(
                message.phone_number_id, message.recipient, message.payload, callback_data=message.id
            )
        except UnknownOutcome as error:
            return Uncertain(reason=str(error))
        except WhatsAppError as error:
            return Failed(
                reason=str(error),
                code=error.code,
                retryable=isinstance(error, Retryable | Throttled),
                # An outage or a limit is not the message's fault: it waits, until its window closes.
                counts=not isinstance(error, Throttled) and error.cause is not Cause.TEMPORARY,
                retry_after_seconds=error.retry_after_seconds,
            )
        except InvalidMessage as error:
            return Failed(reason=str(error), code=None, retryable=False)
        return Accepted(provider_message_id=accepted.wamid)
