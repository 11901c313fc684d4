"""One receipt. Almost anything but its id, its status and its moment may be missing."""

from collections.abc import Sequence
from typing import Any, Final

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.reading.errors import read_errors
from channels.whatsapp.reading.moments import moment, moment_or_none
from channels.whatsapp.reading.people import People
from channels.whatsapp.received import BillingConversation, Pricing, Sender, StatusError, StatusUpdate

_USER_ID: Final = ("recipient_participant_user_id", "recipient_user_id")
_PARENT_USER_ID: Final = (
    "recipient_participant_parent_user_id",
    "recipient_parent_user_id",
    "parent_recipient_user_id",
)


def read_status(
    status: JsonObject,
    raw: dict[str, Any],
    phone_number_id: str,
    waba_id: str | None,
    people: People,
    errors_beside: tuple[StatusError, ...],
) -> StatusUpdate:
    word, errors, kind = status.string("status"), read_errors(status), status.text("recipient_type")
    group_id = status.text("recipient_id") if kind == "group" else None
    named = Sender(
        wa_id=status.text("recipient_participant_id") or (None if group_id else status.text("recipient_id")),
        user_id=_first(status, _USER_ID),
        parent_user_id=_first(status, _PARENT_USER_ID),
    )
    recipient = people.completed(named)
    return StatusUpdate(
        phone_number_id=phone_number_id,
        waba_id=waba_id,
        wamid=status.identifier("id"),
        status=word,
        # Not from the contacts: they are not always there, and the same receipt must name the same recipient.
        recipient=named.wa_id or named.user_id or named.parent_user_id or group_id or "",
        recipient_user_id=recipient.user_id,
        recipient_parent_user_id=recipient.parent_user_id,
        recipient_type=kind,
        group_id=group_id,
        at=moment(status, "timestamp"),
        callback_data=status.text("biz_opaque_callback_data"),
        conversation=_conversation(status.part_or_none("conversation")),
        pricing=_pricing(status.part_or_none("pricing")),
        errors=errors_beside if word == "failed" and not errors else errors,
        raw=raw,
    )


def _first(status: JsonObject, names: Sequence[str]) -> str | None:
    return next((text for name in names if (text := status.text(name)) is not None), None)


def _conversation(conversation: JsonObject | None) -> BillingConversation | None:
    if conversation is None:
        return None
    return BillingConversation(
        id=conversation.text("id"),
        origin=conversation.part("origin").text("type"),
        expires_at=moment_or_none(conversation, "expiration_timestamp"),
    )


def _pricing(pricing: JsonObject | None) -> Pricing | None:
    if pricing is None:
        return None
    return Pricing(
        billable=pricing.truth("billable"),
        model=pricing.text("pricing_model"),
        type=pricing.text("type") or pricing.text("pricing_type"),
        category=pricing.text("category"),
    )
