"""The one table of what mail servers answer: what their codes mean, by the moment at which they come.

A reply has three digits (RFC 5321) and often a finer code such as 5.1.1 (RFC 3463). The same 550 says "no such
mailbox" to RCPT and "this is spam" to the content, so a row may hold for one stage only. Bounces use the same codes.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from channels.failures import Cause, FailureKind, FailureLine, FailureRow
from channels.sending import LOST_ANSWER


class Stage(StrEnum):
    """What the server was asked when it said no."""

    CONNECT = "connect"  # greeting, EHLO, STARTTLS
    SIGN_IN = "sign-in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


GREYLIST_SECONDS: Final = 300
"""Servers that put strangers off let them in after one to five minutes; 300 s is the default of postgrey."""

_FINER: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_GREYLIST: Final = re.compile(r"gr[ae]y[- ]?list", re.IGNORECASE)


def row_of(code: int, text: str, stage: Stage) -> FailureRow:
    """What a reply means; `text` is what follows its three digits. What is no reply to a question leaves all open."""
    if 400 <= code < 500 and _GREYLIST.search(text):
        return _GREYLISTED
    finer = finer_code(text) or ""
    same_class = finer[:1] == str(code)[:1]  # else it was said by another server, and is only quoted
    for row in (_FINER_CODES.get(finer) if same_class else None, _STAGED.get((stage, code)), _CODES.get(code)):
        if row is not None:
            return row
    if 400 <= code < 500:
        return _TEMPORARY
    if 500 <= code < 600:
        return _REFUSED[stage]
    return LOST_ANSWER if stage is Stage.CONTENT else _TEMPORARY


def finer_code(text: str) -> str | None:
    """The enhanced status code in a reply, such as 5.1.1."""
    found = _FINER.search(text)
    return found[1] if found else None


def all_rows() -> Iterator[FailureLine]:
    """Every line of the table, the finer ones first, as they are looked up."""
    yield FailureLine(codes="4xx, greylisting", row=_GREYLISTED)
    for finer, row in _FINER_CODES.items():
        yield FailureLine(codes=finer, row=row)
    for (stage, code), row in _STAGED.items():
        yield FailureLine(codes=f"{code}, {stage}", row=row)
    for code, row in _CODES.items():
        yield FailureLine(codes=str(code), row=row)
    for stage, row in _REFUSED.items():
        yield FailureLine(codes=f"other 5xx, {stage}", row=row)
    yield FailureLine(codes="other 4xx", row=_TEMPORARY)


def _retryable(advice: str, cause: Cause = Cause.TEMPORARY, wait: int | None = None) -> FailureRow:
    return FailureRow(kind=FailureKind.RETRYABLE, cause=cause, advice=advice, retry_after_seconds=wait)


def _throttled(advice: str, cause: Cause = Cause.RATE, wait: int | None = None) -> FailureRow:
    return FailureRow(kind=FailureKind.THROTTLED, cause=cause, advice=advice, retry_after_seconds=wait)


def _final(cause: Cause, advice: str) -> FailureRow:
    return FailureRow(kind=FailureKind.FINAL, cause=cause, advice=advice)


_TEMPORARY: Final = _retryable("The mail server has a difficulty of its own; it is tried again.")
_GREYLISTED: Final = _retryable(
    "The mail server puts strangers off once (greylisting).", Cause.PAIR_RATE, wait=GREYLIST_SECONDS
)

_NO_MAILBOX: Final = _final(Cause.RECIPIENT, "There is no such mailbox: ask the person for another address.")
_NO_MAIL: Final = _final(Cause.RECIPIENT, "The recipient's domain takes no mail: ask the person for another address.")
_FULL: Final = _final(Cause.RECIPIENT, "The mailbox is full: use another channel.")
_CLOSED: Final = _final(Cause.RECIPIENT, "The mailbox is closed or takes no mail: use another channel.")
_SPAM: Final = _final(Cause.CONTENT, "The mail server takes it for spam: look at its words, links and pictures.")
_TOO_BIG: Final = _final(Cause.CONTENT, "The message is larger than the mail server takes: make it smaller.")
_SIGN_IN: Final = _final(Cause.ACCOUNT, "The mail server does not accept the user name and password: check both.")
_SENDER: Final = _final(
    Cause.ACCOUNT, "The mail server does not let this account write as this sender: check the sender's address."
)
_UNPROVEN: Final = _final(
    Cause.ACCOUNT, "The recipient's server finds no proof of who writes: set up SPF, DKIM and DMARC for the domain."
)
_NOT_LET_IN: Final = _final(
    Cause.ACCOUNT, "The mail server does not let this account send: see its words, and whether the domain is blocked."
)
_MISTAKE: Final = _final(Cause.REQUEST, "The mail server does not understand a command: a mistake in Relais or there.")

_FINER_CODES: Final = {
    "4.2.2": _retryable("The mailbox is full; it is tried again.", Cause.RECIPIENT),
    "4.4.5": _throttled("The mail server is congested; sending slows down."),
    "4.7.28": _throttled("The recipient's server sees too much mail from here; sending slows down."),
    "5.1.1": _NO_MAILBOX,
    "5.1.2": _NO_MAIL,
    "5.1.3": _NO_MAILBOX,
    "5.1.6": _NO_MAILBOX,
    "5.1.7": _SENDER,
    "5.1.8": _SENDER,
    "5.1.10": _NO_MAIL,
    "5.2.1": _CLOSED,
    "5.2.2": _FULL,
    "5.2.3": _TOO_BIG,
    "5.3.4": _TOO_BIG,
    "5.4.1": _NO_MAIL,
    "5.4.4": _NO_MAIL,
    "5.7.8": _SIGN_IN,
    "5.7.9": _SIGN_IN,
    "5.7.23": _UNPROVEN,
    "5.7.25": _UNPROVEN,
    "5.7.26": _UNPROVEN,
    "5.7.27": _UNPROVEN,
    "5.7.28": _throttled("The recipient's server sees too much mail from here; sending slows down."),
}

_STAGED: Final = {
    (Stage.RECIPIENT, 550): _NO_MAILBOX,
    (Stage.RECIPIENT, 551): _NO_MAILBOX,
    (Stage.RECIPIENT, 552): _FULL,
    (Stage.RECIPIENT, 553): _NO_MAILBOX,
    (Stage.RECIPIENT, 554): _NOT_LET_IN,
    (Stage.SENDER, 552): _TOO_BIG,
    (Stage.CONTENT, 552): _TOO_BIG,
}

_CODES: Final = {
    421: _throttled("The mail server closes the connection, most often since it is asked too much."),
    450: _throttled("The mailbox is busy or puts us off; others go on.", Cause.PAIR_RATE, GREYLIST_SECONDS),
    451: _retryable("The mail server could not take it just then; many mean greylisting.", wait=GREYLIST_SECONDS),
    452: _throttled("The mail server has no room for more just then; sending slows down."),
    454: _retryable("The mail server cannot encrypt or check the password just then; it is tried again."),
    500: _MISTAKE,
    501: _MISTAKE,
    502: _MISTAKE,
    503: _MISTAKE,
    504: _MISTAKE,
    530: _SIGN_IN,
    534: _SIGN_IN,
    535: _SIGN_IN,
    538: _SIGN_IN,
    555: _MISTAKE,
    556: _NO_MAIL,
}

_REFUSED: Final = {
    Stage.CONNECT: _NOT_LET_IN,
    Stage.SIGN_IN: _SIGN_IN,
    Stage.SENDER: _SENDER,
    Stage.RECIPIENT: _NO_MAILBOX,
    Stage.CONTENT: _SPAM,
}
"""Any other 5xx, by what was asked."""
