"""The one table of Meta's error codes: what kind of failure each is, what causes it, and what a person should do.

Meta reports the same codes in the answer to a send, in a `failed` receipt and beside an inbound message. Sources:
Meta, Cloud API error codes; what to do is what nyaruka/courier, kapso and pywa do in production.
"""

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

    TEMPORARY = "temporary"  # Meta or the way to it
    RATE = "rate"  # too fast for the number or the account
    PAIR_RATE = "pair_rate"  # too fast for one person; others are not concerned
    MEDIA = "media"  # a file could not be fetched
    LATER = "later"  # not today; never in a tight loop
    WINDOW_CLOSED = "window_closed"  # a template may go instead
    OPTED_OUT = "opted_out"  # of marketing
    RECIPIENT = "recipient"  # this person cannot be reached here
    REQUEST = "request"  # a mistake of ours in what was asked
    TEMPLATE_STATE = "template_state"  # the template is not usable now
    ACCOUNT = "account"  # nothing passes until a person has acted
    LOST_ANSWER = "lost_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRow:
    kind: FailureKind
    cause: Cause
    advice: str


def look_up(code: int, subcode: int | None = None) -> ErrorRow | None:
    """The row of a code, a finer one where the subcode has its own; None for a code not known yet."""
    finer = None if subcode is None else _SUBCODES.get((code, subcode))
    if finer is not None:
        return finer
    return _PERMISSION if code in _PERMISSION_CODES else _CODES.get(code)


def _temporary(advice: str) -> ErrorRow:
    return ErrorRow(kind=FailureKind.RETRYABLE, cause=Cause.TEMPORARY, advice=advice)


def _rate(advice: str, cause: Cause = Cause.RATE) -> ErrorRow:
    return ErrorRow(kind=FailureKind.THROTTLED, cause=cause, advice=advice)


def _media(advice: str) -> ErrorRow:
    return ErrorRow(kind=FailureKind.RETRYABLE, cause=Cause.MEDIA, advice=advice)


def _final(cause: Cause, advice: str) -> ErrorRow:
    return ErrorRow(kind=FailureKind.FINAL, cause=cause, advice=advice)


def _account(advice: str) -> ErrorRow:
    return _final(Cause.ACCOUNT, advice)


def _request(advice: str) -> ErrorRow:
    return _final(Cause.REQUEST, advice)


_PERMISSION_CODES: Final = range(200, 300)
_PERMISSION: Final = _account("The access token lacks a permission: grant it in the app's settings at Meta.")

_SUBCODES: Final = {
    (100, 33): _request(
        "Meta does not know the object: a media id that has expired, or the wrong phone_number_id for this token."
    ),
    (190, 463): _account("The access token has expired: create a new one and set WHATSAPP_TOKEN."),
}

_CODES: Final = {
    # Meta, for a moment.
    1: _temporary("Meta failed for a reason it does not name; it is tried again. See its status page if this lasts."),
    2: _temporary("Meta is overloaded or down; it is tried again. See its status page if this lasts."),
    131000: _temporary("Meta failed for a reason it does not name; it is tried again."),
    131016: _temporary("A service of Meta's is down; it is tried again."),
    131057: _temporary("The number is in maintenance, often a throughput upgrade of a minute; it is tried again."),
    133004: _temporary("Meta's server is down for a moment; it is tried again."),
    # Too fast.
    4: _rate("The app called too often; sending slows down."),
    80007: _rate("The WhatsApp account called too often in this hour; sending slows down."),
    130429: _rate("The number sent more messages per second than it may; sending slows down."),
    131056: _rate("Too many messages to one person in a short time; theirs wait, others go on.", Cause.PAIR_RATE),
    # Files.
    131052: _media("A file a person sent could not be fetched; ask for it again if this lasts."),
    131053: _media("Meta could not fetch or accept our file: check its address, type and size."),
    # Not today.
    130472: _final(Cause.LATER, "Meta tests messaging on this person and lets no marketing through; do not try again."),
    131048: _final(Cause.LATER, "People marked messages as spam and Meta limits the number: pause all marketing."),
    131049: _final(Cause.LATER, "Meta spares this person further marketing for now; not before tomorrow."),
    # The person.
    131047: _final(Cause.WINDOW_CLOSED, "The person last wrote more than 24 hours ago: only a template may be sent."),
    131050: _final(Cause.OPTED_OUT, "The person has stopped marketing messages from this business: send none."),
    131021: _final(Cause.RECIPIENT, "The number wrote to itself: recipient and sender are the same."),
    131026: _final(Cause.RECIPIENT, "Not on WhatsApp, an old version, or terms not accepted: use another channel."),
    131030: _final(Cause.RECIPIENT, "A test number only writes to the people on its list: add this one at Meta."),
    131062: _final(Cause.RECIPIENT, "This message cannot go to a person without a phone number."),
    137000: _final(Cause.RECIPIENT, "The person's identity has changed and must be confirmed before writing again."),
    # The request.
    33: _request("The phone_number_id is not known to Meta, or the number was deleted: check business.yml."),
    100: _request("Meta does not accept a parameter: its message names it; this is a mistake in Relais or a payload."),
    131008: _request("A required parameter is missing: this is a mistake in Relais or a payload."),
    131009: _request("A parameter has a value that Meta does not accept: this is a mistake in Relais or a payload."),
    131051: _request("Meta does not support this kind of message."),
    132000: _request("The template was given another number of parameters than it has."),
    132001: _request("No approved template has this name in this language."),
    132005: _request("The template's text with its parameters filled in is too long."),
    132007: _request("The template's content breaks Meta's rules on format characters."),
    132008: _request("A parameter of the template is not acceptable."),
    132012: _request("A parameter of the template has another format than the template asks for."),
    132018: _request("A parameter of the template holds a newline, a tab or too many spaces in a row."),
    132068: _request("The flow is blocked: look at its health at Meta."),
    132069: _request("The flow is throttled by Meta: look at its health there."),
    135000: _request("Meta did not understand the request and does not say why."),
    # The template.
    131063: _final(Cause.TEMPLATE_STATE, "Marketing templates are switched off for the Cloud API on this account."),
    132015: _final(Cause.TEMPLATE_STATE, "The template is paused for its low quality: use another until it is back."),
    132016: _final(Cause.TEMPLATE_STATE, "The template is disabled for its low quality: write a new one."),
    # The account.
    0: _account("Meta does not accept the access token: create a new one and set WHATSAPP_TOKEN."),
    3: _account("The app lacks a capability or permission: see the app's settings at Meta."),
    10: _account("The app lacks a permission, or it was withdrawn: see the app's settings at Meta."),
    190: _account("The access token is no longer valid: create a new one and set WHATSAPP_TOKEN."),
    368: _account("Meta has blocked the account for a time after a breach of policy: see the account at Meta."),
    130497: _account("The account may not write to people in this country."),
    131005: _account("Access is denied: check the token's permissions and that it belongs to this account."),
    131031: _account("Meta has locked the account: see why in the WhatsApp manager."),
    131037: _account("The number's display name is not approved yet: request it in the WhatsApp manager."),
    131042: _account("A payment is due or the payment method is missing: see billing at Meta."),
    131045: _account("The number is not registered correctly: register it again."),
    131064: _account("Meta has stopped this account from sending: see the WhatsApp manager."),
    133000: _account("An earlier deregistration is incomplete: deregister the number again, then register it."),
    133005: _account("The number's two-step PIN is wrong: check or reset it."),
    133006: _account("The number must be verified before it is registered."),
    133008: _account("The two-step PIN was guessed wrong too often: wait as long as Meta says."),
    133009: _account("The two-step PIN was entered too fast: wait, then try again."),
    133010: _account("The number is not registered on the Cloud API: register it."),
    133015: _account("The number was deleted a moment ago: wait five minutes before registering it again."),
    133016: _account("The number was registered too often: wait 72 hours."),
}
