"""The one table of Meta's error codes: the kind of each failure, its cause, what follows, and what a person should do.

Meta reports the same codes in the answer to a send, in a `failed` receipt and beside an inbound message. Sources:
Meta, Cloud API error codes; what to do is what nyaruka/courier, kapso and pywa do in production.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from channels.failures import Cause, FailureKind, Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRow:
    kind: FailureKind
    cause: Cause
    remedy: Remedy
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """One line of the table as a page prints it."""

    codes: str  # "131056", "200-299", "190/463" (code and subcode)
    row: ErrorRow


def look_up(code: int, subcode: int | None = None) -> ErrorRow | None:
    """The row of a code, a finer one where the subcode has its own; None for a code not known yet."""
    finer = None if subcode is None else _SUBCODES.get((code, subcode))
    if finer is not None:
        return finer
    return _PERMISSION if code in _PERMISSION_CODES else _CODES.get(code)


def all_rows() -> Iterator[CodeRow]:
    """Every line of the table, in the order in which it is written."""
    for code, row in _CODES.items():
        yield CodeRow(codes=str(code), row=row)
    yield CodeRow(codes=f"{_PERMISSION_CODES.start}-{_PERMISSION_CODES.stop - 1}", row=_PERMISSION)
    for (code, subcode), row in _SUBCODES.items():
        yield CodeRow(codes=f"{code}/{subcode}", row=row)


def _temporary(advice: str, remedy: Remedy = Remedy.TRY_AGAIN) -> ErrorRow:
    return ErrorRow(kind=FailureKind.RETRYABLE, cause=Cause.TEMPORARY, remedy=remedy, advice=advice)


def _rate(advice: str, cause: Cause = Cause.RATE, remedy: Remedy = Remedy.SLOW_NUMBER) -> ErrorRow:
    return ErrorRow(kind=FailureKind.THROTTLED, cause=cause, remedy=remedy, advice=advice)


def _media(advice: str) -> ErrorRow:
    return ErrorRow(kind=FailureKind.RETRYABLE, cause=Cause.MEDIA, remedy=Remedy.RENEW_FILE, advice=advice)


def _final(cause: Cause, remedy: Remedy, advice: str) -> ErrorRow:
    return ErrorRow(kind=FailureKind.FINAL, cause=cause, remedy=remedy, advice=advice)


def _person(advice: str) -> ErrorRow:
    return _final(Cause.RECIPIENT, Remedy.OTHER_CHANNEL, advice)


def _account(advice: str) -> ErrorRow:
    return _final(Cause.ACCOUNT, Remedy.STOP_NUMBER, advice)


def _request(advice: str) -> ErrorRow:
    return _final(Cause.REQUEST, Remedy.MEND_REQUEST, advice)


def _template(advice: str) -> ErrorRow:
    return _final(Cause.TEMPLATE_STATE, Remedy.STOP_TEMPLATE, advice)


_PERMISSION_CODES: Final = range(200, 300)
_PERMISSION: Final = _account("The access token lacks a permission: grant it in the app's settings at Meta.")

_SUBCODES: Final = {
    (100, 33): _final(
        Cause.REQUEST,
        Remedy.RENEW_FILE,
        "Meta does not know the object: a media id that has expired, or the wrong phone_number_id for this token.",
    ),
    (190, 463): _account("The access token has expired: make a new one for WHATSAPP_TOKEN or WHATSAPP_TOKENS_FILE."),
}

_CODES: Final = {
    # Meta, for a moment.
    1: _temporary(
        "Meta failed for a reason it does not name; it is tried again. See its status page if this lasts.",
        Remedy.TRY_A_FEW_TIMES,
    ),
    2: _temporary("Meta is overloaded or down; it is tried again. See its status page if this lasts."),
    131000: _temporary("Meta failed for a reason it does not name; it is tried again.", Remedy.TRY_A_FEW_TIMES),
    131016: _temporary("A service of Meta's is down; it is tried again."),
    131057: _temporary("The number is in maintenance, often a throughput upgrade of a minute; it is tried again."),
    133004: _temporary("Meta's server is down for a moment; it is tried again."),
    # Too fast.
    4: _rate("The app called too often; sending slows down."),
    80007: _rate("The WhatsApp account called too often in this hour; sending slows down."),
    130429: _rate("The number sent more messages per second than it may; sending slows down."),
    131056: _rate(
        "Too many messages to one person in a short time; theirs wait, others go on.",
        Cause.PAIR_RATE,
        Remedy.SLOW_PERSON,
    ),
    # Files.
    131052: _media("A file a person sent could not be fetched; ask for it again if this lasts."),
    131053: _media("Meta could not fetch or accept our file: check its address, type and size."),
    # Not today.
    130472: _final(
        Cause.LATER,
        Remedy.OTHER_CHANNEL,
        "Meta tests messaging on this person and lets no marketing through; do not try again.",
    ),
    131048: _final(
        Cause.LATER,
        Remedy.PAUSE_MARKETING,
        "People marked messages as spam and Meta limits the number: pause all marketing.",
    ),
    131049: _final(
        Cause.LATER, Remedy.TOMORROW, "Meta spares this person further marketing for now; not before tomorrow."
    ),
    # The person.
    131047: _final(
        Cause.WINDOW_CLOSED,
        Remedy.USE_TEMPLATE,
        "The person last wrote more than 24 hours ago: only a template may be sent.",
    ),
    131050: _final(
        Cause.OPTED_OUT, Remedy.KEEP_OPT_OUT, "The person has stopped marketing messages from this business: send none."
    ),
    131021: _person("The number wrote to itself: recipient and sender are the same."),
    131026: _person("Not on WhatsApp, an old version, or terms not accepted: use another channel."),
    131030: _person("A test number only writes to the people on its list: add this one at Meta."),
    131062: _person("This message cannot go to a person without a phone number."),
    137000: _person("The person's identity has changed and must be confirmed before writing again."),
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
    131063: _template("Marketing templates are switched off for the Cloud API on this account."),
    132015: _template("The template is paused for its low quality: use another until it is back."),
    132016: _template("The template is disabled for its low quality: write a new one."),
    # The account.
    0: _account("Meta does not accept the access token: make a new one for WHATSAPP_TOKEN or WHATSAPP_TOKENS_FILE."),
    3: _account("The app lacks a capability or permission: see the app's settings at Meta."),
    10: _account("The app lacks a permission, or it was withdrawn: see the app's settings at Meta."),
    190: _account("The access token is no longer valid: make a new one for WHATSAPP_TOKEN or WHATSAPP_TOKENS_FILE."),
    368: _account("Meta has blocked the account for a time after a breach of policy: see the account at Meta."),
    # One country is closed to the account: the number goes on for everybody else.
    130497: _final(Cause.ACCOUNT, Remedy.OTHER_CHANNEL, "The account may not write to people in this country."),
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
