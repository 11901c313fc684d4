"""Words that all channels share for what goes wrong: how one may go on, whose fault it is, and what a log may show."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FailureKind(StrEnum):
    RETRYABLE = "retryable"  # the same request may pass later
    THROTTLED = "throttled"  # it may pass later, and what goes beside it must slow down too
    FINAL = "final"  # it never passes as it is
    UNKNOWN = "unknown"  # it may have been carried out


class Cause(StrEnum):
    """What the failure says about the world, for those who can do more than try again."""

    TEMPORARY = "temporary"  # the provider or the way to it; another provider may do it now
    RATE = "rate"  # too fast for the number or the account
    PAIR_RATE = "pair_rate"  # too fast for one person; others are not concerned
    MEDIA = "media"  # a file could not be fetched
    LATER = "later"  # not today; never in a tight loop
    WINDOW_CLOSED = "window_closed"  # WhatsApp: a template may go instead
    OPTED_OUT = "opted_out"  # the person wants no such messages: keep it, and send none elsewhere
    RECIPIENT = "recipient"  # this person cannot be reached here; another channel may
    CONTENT = "content"  # what it says, or how much of it; another provider or channel may take it
    REQUEST = "request"  # a mistake of ours in what was asked
    TEMPLATE_STATE = "template_state"  # WhatsApp: the template is not usable now
    ACCOUNT = "account"  # nothing passes until a person has acted; another provider may do it now
    LOST_ANSWER = "lost_answer"


class Remedy(StrEnum):
    """What is done about a failed message, and about what goes beside it; one for each row of a provider's table."""

    #: the same message after a pause that grows, for as long as it may still go
    TRY_AGAIN = "try_again"
    #: the same, a few times: no reason is named, and it may lie in the message
    TRY_A_FEW_TIMES = "try_a_few_times"
    #: the number sends fewer messages per second, then recovers
    SLOW_NUMBER = "slow_number"
    #: messages to this one person wait, four times longer at each refusal in a row
    SLOW_PERSON = "slow_person"
    #: its file is uploaded anew, once; then the message goes as text
    RENEW_FILE = "renew_file"
    #: it goes once more in a day, and this person's other marketing waits as long
    TOMORROW = "tomorrow"
    #: marketing of the number rests for a day
    PAUSE_MARKETING = "pause_marketing"
    #: failed; only an approved template may reach the person now
    USE_TEMPLATE = "use_template"
    #: failed, and kept as an opt-out: of marketing on WhatsApp, of everything on other channels
    KEEP_OPT_OUT = "keep_opt_out"
    #: failed; the person must be reached by other means, if at all
    OTHER_CHANNEL = "other_channel"
    #: failed; somebody must mend what we ask
    MEND_REQUEST = "mend_request"
    #: failed, and the template is not used until Meta says otherwise
    STOP_TEMPLATE = "stop_template"
    #: the number's messages wait until one of them passes again; somebody must act
    STOP_NUMBER = "stop_number"
    #: the provider's messages go by another of the channel, or wait until one passes again; somebody must act
    STOP_PROVIDER = "stop_provider"
    #: this provider does not take it; another of the channel may, else it has failed
    OTHER_PROVIDER = "other_provider"
    #: skipped: nothing is set up that could deliver it
    NOT_OFFERED = "not_offered"
    #: nobody knows whether it went; a receipt may tell
    AWAIT_RECEIPT = "await_receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow:
    """One line of a provider's table: what a code of theirs means here."""

    kind: FailureKind
    cause: Cause
    advice: str
    """A sentence for whoever runs Relais: what it means, and what to do."""
    retry_after_seconds: int | None = None
    """How long to wait where the provider says nothing of it; None leaves it to whoever tries again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureLine:
    """A line of a provider's table as a page prints it."""

    codes: str
    row: FailureRow


_REMEDIES: Final[Mapping[Cause, Remedy]] = {
    Cause.TEMPORARY: Remedy.TRY_AGAIN,
    Cause.RATE: Remedy.TRY_AGAIN,
    Cause.PAIR_RATE: Remedy.TRY_A_FEW_TIMES,
    Cause.MEDIA: Remedy.MEND_REQUEST,
    Cause.LATER: Remedy.TOMORROW,
    Cause.OPTED_OUT: Remedy.KEEP_OPT_OUT,
    Cause.RECIPIENT: Remedy.OTHER_CHANNEL,
    Cause.CONTENT: Remedy.OTHER_PROVIDER,
    Cause.REQUEST: Remedy.MEND_REQUEST,
    Cause.ACCOUNT: Remedy.STOP_PROVIDER,
    Cause.LOST_ANSWER: Remedy.AWAIT_RECEIPT,
}


def remedy_of(row: FailureRow) -> Remedy:
    """What is done about a failure of a channel that has no column of remedies of its own, as WhatsApp has."""
    if row.kind is FailureKind.UNKNOWN:
        return Remedy.AWAIT_RECEIPT
    if row.kind is FailureKind.RETRYABLE and row.cause is Cause.RECIPIENT:
        # A full mailbox, a phone that is off: of one person, and no outage.
        return Remedy.TRY_A_FEW_TIMES
    return _REMEDIES.get(row.cause, Remedy.MEND_REQUEST)


_PRIVATE: Final = re.compile(
    r"wamid\.\S+"  # WhatsApp's message ids encode a phone number
    r"|[^\s<>\"'(),;:=/]+@[^\s<>\"'(),;]+"
    r"|\+?\d(?:[ ().-]{0,2}\d){6,}"  # as long as a phone number; error codes are shorter
)


def without_private(text: str) -> str:
    """What a provider said, without addresses, phone numbers and message ids: fit for a log."""
    return _PRIVATE.sub("…", text)
