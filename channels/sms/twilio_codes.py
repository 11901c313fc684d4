"""The one table of Twilio's error codes, which come in the answer to a send and in reports alike.

Source: Twilio's error dictionary, and what others do about them in production.
"""

from collections.abc import Iterator
from typing import Final

from channels.failures import Cause, FailureKind, FailureLine, FailureRow


def look_up(code: int) -> FailureRow | None:
    return _CODES.get(code)


def all_rows() -> Iterator[FailureLine]:
    """Every line of the table, in the order in which it is written."""
    for code, row in _CODES.items():
        yield FailureLine(codes=str(code), row=row)


def _retryable(advice: str, cause: Cause = Cause.TEMPORARY) -> FailureRow:
    return FailureRow(kind=FailureKind.RETRYABLE, cause=cause, advice=advice)


def _throttled(advice: str) -> FailureRow:
    return FailureRow(kind=FailureKind.THROTTLED, cause=Cause.RATE, advice=advice)


def _final(cause: Cause, advice: str) -> FailureRow:
    return FailureRow(kind=FailureKind.FINAL, cause=cause, advice=advice)


def _person(advice: str) -> FailureRow:
    return _final(Cause.RECIPIENT, advice)


def _account(advice: str) -> FailureRow:
    return _final(Cause.ACCOUNT, advice)


def _request(advice: str) -> FailureRow:
    return _final(Cause.REQUEST, advice)


_CODES: Final = {
    # Twilio, for a moment.
    20500: _retryable("Twilio has a difficulty of its own; it is tried again."),
    20503: _retryable("Twilio is not available; it is tried again."),
    30008: _retryable("The network gave no reason; it may pass later."),
    30009: _retryable("A segment was lost on its way; it may pass later."),
    30017: _retryable("The carrier is congested; it may pass later."),
    30036: _retryable("It could not be delivered while it was valid; it may pass later."),
    30410: _retryable("The carrier did not answer Twilio in time; it may pass later."),
    # Too fast.
    20429: _throttled("Twilio is asked too often; sending slows down."),
    21611: _throttled("Too many messages wait for this sender's number; sending slows down."),
    30001: _throttled("Too many messages wait for this sender's number; sending slows down."),
    30022: _throttled("The carrier's rate for this sender is reached; sending slows down."),
    30023: _final(Cause.LATER, "The carrier's daily number of messages is reached: not before tomorrow."),
    # The person.
    21610: _final(Cause.OPTED_OUT, "The person wrote STOP to this sender: send none until they write START."),
    30003: _retryable("The phone is off or out of reach; it may pass later.", Cause.RECIPIENT),
    21211: _person("This is no phone number: ask the person for another."),
    21214: _person("The number cannot be reached: use another channel."),
    21217: _person("This is no phone number: ask the person for another."),
    21266: _person("Sender and recipient are the same number."),
    21608: _person("A trial account writes only to numbers that were verified at Twilio: verify this one, or upgrade."),
    21612: _person("No carrier connects this sender with this number: use another sender or channel."),
    21614: _person("The number is no mobile one: use another channel."),
    21635: _person("The number is a landline: use another channel."),
    30004: _person("The person or their carrier blocks these messages: use another channel."),
    30005: _person("The number does not exist or is out of service: ask the person for another."),
    30006: _person("The number is a landline, or its carrier cannot be reached: use another channel."),
    # What it says.
    21617: _final(Cause.CONTENT, "The text is longer than Twilio takes: make it shorter."),
    30007: _final(Cause.CONTENT, "The carrier takes it for spam: look at its words, links and sender."),
    # The request.
    21602: _request("The text is missing: a mistake in Relais."),
    21603: _request("The sender is missing: set one up."),
    21604: _request("The recipient is missing: a mistake in Relais."),
    21609: _request("Twilio does not accept the address for reports: check the public address of the server."),
    # The account.
    20003: _account("Twilio does not accept the account's SID and token: check both."),
    20005: _account("The account is not active: see it at Twilio."),
    20404: _account("Twilio does not know the account: check its SID."),
    21212: _account("The sender is no valid number or name: check it at Twilio."),
    21408: _account("The account may not write to this country: allow it in Twilio's geographic permissions."),
    21601: _account("The sender's number cannot send SMS: choose another at Twilio."),
    21606: _account("The sender's number is not the account's, or cannot send SMS: check it at Twilio."),
    21659: _account("The sender's number is not one of Twilio's: check it there."),
    21660: _account("The sender's number belongs to another account: check it at Twilio."),
    21703: _account("The messaging service has no number to send from: add one at Twilio."),
    21704: _account("The messaging service has no number for this recipient: add one at Twilio."),
    21705: _account("The messaging service is not known to Twilio: check its SID."),
    30002: _account("The account is suspended: see it at Twilio."),
    30010: _account("The message costs more than the account allows: raise its price limit at Twilio."),
    30034: _account("The sender is not registered with the carriers (10DLC): register it at Twilio."),
}
