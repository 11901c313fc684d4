"""Turns what a client of email or SMS says of a send into the outcome that all providers share."""

from collections.abc import Awaitable, Callable

from channels import sending
from channels.failures import Remedy, remedy_of
from channels.invalid import InvalidMessage
from notifications.providers.base import Accepted, Failed, Outcome, Uncertain

RECIPIENT_FIELDS = frozenset({"address", "recipient"})
"""Fields of an email or an SMS that say who gets it: a mistake there is the person's address, and no fault of ours."""


async def outcome_of(provider: str, send: Callable[[], Awaitable[sending.Accepted]]) -> Outcome:
    """What came of a send. `send` also makes the message, so that one that can never go fails here like any other."""
    try:
        accepted = await send()
    except sending.UnknownOutcome as error:
        return Uncertain(provider=provider, reason=str(error))
    except sending.SendError as error:
        return Failed(
            provider=provider,
            reason=str(error),
            code=_number(error.code),
            remedy=remedy_of(error.row),
            retry_after_seconds=error.retry_after_seconds,
        )
    except InvalidMessage as error:
        is_theirs = error.field in RECIPIENT_FIELDS
        remedy = Remedy.OTHER_CHANNEL if is_theirs else Remedy.MEND_REQUEST
        return Failed(provider=provider, reason=str(error), code=None, remedy=remedy, was_asked=False)
    return Accepted(provider=provider, provider_message_id=accepted.provider_message_id)


def _number(code: str | None) -> int | None:
    """Codes such as 5.1.1 stand in the reason alone."""
    return int(code) if code is not None and code.isascii() and code.isdecimal() and len(code) < 10 else None
