"""News of our numbers."""

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.reading.envelope import Change
from channels.whatsapp.received import NumberNameChange, NumberQualityChange, SecurityEvent


def read_quality(change: Change, value: JsonObject) -> NumberQualityChange:
    return NumberQualityChange(
        **change.news(),
        event=value.string("event"),
        display_number=value.text("display_phone_number"),
        current_limit=value.text("current_limit"),
        previous_limit=value.text("old_limit"),
        max_daily_conversations=value.text("max_daily_conversations_per_business"),
    )


def read_name(change: Change, value: JsonObject) -> NumberNameChange:
    reason = value.text("rejection_reason")
    return NumberNameChange(
        **change.news(),
        decision=value.string("decision"),
        display_number=value.text("display_phone_number"),
        name=value.text("requested_verified_name"),
        reason=None if reason == "NONE" else reason,
    )


def read_security(change: Change, value: JsonObject) -> SecurityEvent:
    return SecurityEvent(
        **change.news(),
        event=value.string("event"),
        display_number=value.text("display_phone_number"),
        requester=value.text("requester"),
    )
