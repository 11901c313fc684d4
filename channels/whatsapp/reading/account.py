"""News of the WhatsApp Business account."""

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.reading.envelope import Change
from channels.whatsapp.reading.moments import moment_or_none
from channels.whatsapp.received import AccountAlert, AccountReview, AccountUpdate, CapabilityUpdate, Restriction


def read_update(change: Change, value: JsonObject) -> AccountUpdate:
    ban = value.part("ban_info")
    return AccountUpdate(
        **change.news(),
        event=value.string("event"),
        display_number=value.text("phone_number"),
        ban_state=ban.text("waba_ban_state"),
        ban_date=ban.text("waba_ban_date"),
        violation=value.part("violation_info").text("violation_type"),
        restrictions=tuple(map(_restriction, value.parts("restriction_info"))),
    )


def read_alert(change: Change, value: JsonObject) -> AccountAlert:
    # The older shape has no object of its own for the alert.
    alert = value.part_or_none("alert_info") or value
    return AccountAlert(
        **change.news(),
        alert=alert.string("alert_type"),
        severity=alert.text("alert_severity"),
        status=alert.text("alert_status"),
        description=alert.text("alert_description"),
        entity_type=value.text("entity_type"),
        entity_id=value.text("entity_id"),
    )


def read_review(change: Change, value: JsonObject) -> AccountReview:
    return AccountReview(**change.news(), decision=value.string("decision"))


def read_capability(change: Change, value: JsonObject) -> CapabilityUpdate:
    return CapabilityUpdate(
        **change.news(),
        max_daily_conversations_per_number=value.whole("max_daily_conversation_per_phone"),
        max_daily_conversations=value.text("max_daily_conversations_per_business"),
        max_numbers=value.whole("max_phone_numbers_per_business"),
        max_numbers_of_account=value.whole("max_phone_numbers_per_waba"),
    )


def _restriction(restriction: JsonObject) -> Restriction:
    return Restriction(
        type=restriction.text("restriction_type") or "unknown",
        expires_at=moment_or_none(restriction, "expiration"),
        remediation=restriction.text("remediation"),
    )
