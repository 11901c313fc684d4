"""News of people, numbers, the account and templates, and what they are read as."""

from datetime import UTC, datetime

from channels.whatsapp.webhook import (
    AccountAlert,
    AccountReview,
    AccountUpdate,
    CapabilityUpdate,
    Echo,
    NumberNameChange,
    NumberQualityChange,
    OtherChange,
    OtherReceived,
    PreferenceChange,
    Restriction,
    SecurityEvent,
    Sender,
    TemplateCategoryChange,
    TemplateComponentsChange,
    TemplateQualityChange,
    TemplateStatusChange,
    TextReceived,
    UserIdUpdate,
)
from tests.channels.whatsapp.cast import GRACE, GRACE_ID, PATRICK
from tests.channels.whatsapp.situations.expected import (
    EXPIRES_AT,
    GRACE_SENDER,
    SENT_AT,
    STRANGER,
    Expected,
    told,
    told_of_number,
)

NUMBER = "242065000001"
ENGLISH = {"name": "mission_update", "language": "en_US", "template_id": "594425479261596"}


def preference(value: str, sender: Sender) -> PreferenceChange:
    return told_of_number(
        PreferenceChange,
        "user_preferences",
        at=SENT_AT,
        sender=sender,
        category="marketing_messages",
        value=value,
    )


def echo(content: TextReceived | OtherReceived, to: Sender = STRANGER) -> Echo:
    return told_of_number(Echo, "smb_message_echoes", at=SENT_AT, to=to, wamid="wamid.OURS9", content=content)


def status(event: str, **more: object) -> TemplateStatusChange:
    return told(TemplateStatusChange, "message_template_status_update", event=event, **{**ENGLISH, **more})


def update(event: str, **more: object) -> AccountUpdate:
    return told(AccountUpdate, "account_update", event=event, **more)


PEOPLE: Expected = {
    "user_preferences": [preference("stop", GRACE_SENDER)],
    "marketing_resumed_without_a_number": [
        preference("resume", Sender(user_id=GRACE_ID, name="Grâce", username="grace"))
    ],
    "preferences_broken_beside_whole": [
        preference("stop", STRANGER),
        "user_preference.wa_id is missing",
        preference("resume", Sender(wa_id=PATRICK)),
    ],
    "echo_of_text": [echo(TextReceived(body="Je m'en occupe"))],
    "echo_of_image_by_link": [echo(OtherReceived(kind="image"))],
    "echo_to_a_person_without_a_number": [echo(TextReceived(body="Oui"), to=GRACE_SENDER)],
    "echoes_broken_beside_whole": [
        echo(TextReceived(body="un")),
        "message_echo.to is missing",
        echo(TextReceived(body="trois")),
    ],
    "user_id_updated": [
        told_of_number(
            UserIdUpdate,
            "user_id_update",
            at=SENT_AT,
            sender=Sender(wa_id=GRACE, user_id="CG.2", parent_user_id="CG.ENT.2", name="Grâce"),
            previous_user_id=GRACE_ID,
            previous_parent_user_id="CG.ENT.1",
        )
    ],
}

TEMPLATES: Expected = {
    "template_status": [status("APPROVED", language="fr", at=None)],
    "template_rejected": [
        status(
            "REJECTED",
            category="UTILITY",
            reason="INCORRECT_CATEGORY",
            rejection_info="It reads like an advertisement. Use the category marketing.",
        )
    ],
    "template_paused": [status("PAUSED", title="FIRST_PAUSE")],
    "template_disabled": [status("DISABLED", disable_date=EXPIRES_AT)],
    "template_disabled_on_a_written_date": [status("DISABLED", disable_date=datetime(2025, 6, 17, tzinfo=UTC))],
    "template_in_short_names": [status("PENDING_DELETION", category="MARKETING", reason="SOMETHING_NEW")],
    "template_without_a_name": ["change.value.message_template_name is missing"],
    "template_quality": [
        told(TemplateQualityChange, "message_template_quality_update", **ENGLISH, previous="GREEN", new="YELLOW")
    ],
    "template_category_changed": [
        told(TemplateCategoryChange, "template_category_update", **ENGLISH, previous="UTILITY", new="MARKETING")
    ],
    "template_category_about_to_change": [
        told(TemplateCategoryChange, "template_category_update", **ENGLISH, new="UTILITY", correct="MARKETING")
    ],
    "template_components": [
        told(
            TemplateComponentsChange,
            "message_template_components_update",
            **ENGLISH,
            header="Votre colis",
            body="Il est en route.",
            footer="Kimia",
            button_texts=("Suivre", "Merci"),
        )
    ],
}

NUMBERS: Expected = {
    "number_flagged": [
        told(
            NumberQualityChange,
            "phone_number_quality_update",
            event="FLAGGED",
            display_number=NUMBER,
            current_limit="TIER_2K",
            previous_limit="TIER_10K",
        )
    ],
    "number_limit_in_newer_words": [
        told(
            NumberQualityChange,
            "phone_number_quality_update",
            event="UPGRADE",
            display_number=NUMBER,
            max_daily_conversations="TIER_10K",
        )
    ],
    "number_name_approved": [
        told(
            NumberNameChange,
            "phone_number_name_update",
            decision="APPROVED",
            display_number=NUMBER,
            name="Kimia",
        )
    ],
    "number_name_rejected": [
        told(
            NumberNameChange,
            "phone_number_name_update",
            decision="REJECTED",
            display_number=NUMBER,
            name="Kimia Express",
            reason="NAME_NOT_RELATED",
        )
    ],
    "number_pin_changed": [
        told(SecurityEvent, "security", event="PIN_CHANGED", display_number=NUMBER, requester="200000000000099")
    ],
}

ACCOUNT: Expected = {
    "account_restricted": [
        update(
            "ACCOUNT_RESTRICTION",
            display_number=NUMBER,
            restrictions=(
                Restriction(type="RESTRICTED_BIZ_INITIATED_MESSAGING", expires_at=EXPIRES_AT, remediation="Wait."),
                Restriction(type="RESTRICTED_ADD_PHONE_NUMBER_ACTION", expires_at=EXPIRES_AT),
            ),
        )
    ],
    "account_violated_a_policy": [update("ACCOUNT_VIOLATION", violation="SCAM")],
    "account_banned": [update("DISABLED_UPDATE", ban_state="SCHEDULE_FOR_DISABLE", ban_date="June 20, 2025")],
    "account_event_not_known": [update("ACCOUNT_FLEW_AWAY")],
    "account_alert": [
        told(
            AccountAlert,
            "account_alerts",
            alert="INCREASED_CAPABILITIES_ELIGIBILITY_FAILED",
            severity="WARNING",
            status="ACTIVE",
            description="Not yet.",
            entity_type="PHONE_NUMBER",
            entity_id="100000000000001",
        )
    ],
    "account_alert_in_the_older_shape": [
        told(
            AccountAlert,
            "account_alerts",
            alert="OBA_REJECTED",
            severity="CRITICAL",
            status="ACTIVE",
            entity_type="BUSINESS",
            entity_id="300000000000001",
        )
    ],
    "account_reviewed": [told(AccountReview, "account_review_update", decision="APPROVED")],
    "account_capability": [
        told(
            CapabilityUpdate,
            "business_capability_update",
            max_daily_conversations_per_number=-1,
            max_daily_conversations="2000",
            max_numbers=25,
            max_numbers_of_account=20,
        )
    ],
}

KEPT_WHOLE: Expected = {
    "call": [told_of_number(OtherChange, "calls")],
    "history": [told_of_number(OtherChange, "history")],
    "app_contacts": [told_of_number(OtherChange, "smb_app_state_sync")],
    "automatic_event": [told_of_number(OtherChange, "automatic_events")],
    "group_made": [told_of_number(OtherChange, "group_lifecycle_update")],
    "flow_status": [told(OtherChange, "flows")],
    "payment_configuration": [told(OtherChange, "payment_configuration_update")],
    "field_not_known": [told(OtherChange, "hologram_update")],
}

EXPECTED: Expected = PEOPLE | TEMPLATES | NUMBERS | ACCOUNT | KEPT_WHOLE
