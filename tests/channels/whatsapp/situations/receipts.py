"""Receipts, whatever they lack, and what they are read as."""

from channels.whatsapp.webhook import BillingConversation, NumberErrors, OtherChange, Pricing, StatusError
from tests.channels.whatsapp.cast import GRACE, GRACE_ID
from tests.channels.whatsapp.situations.expected import (
    EXPIRES_AT,
    GRACE_PARENT,
    REPORTED_AT,
    Expected,
    receipt,
    told_of_number,
)

GROUP = "Y2FwaV9ncm91cDo"
WENT_WRONG = StatusError(code=131000, title="Something went wrong")

EXPECTED: Expected = {
    "status_sent": [
        receipt(
            "sent",
            recipient_user_id=GRACE_ID,
            callback_data="m-1",
            conversation=BillingConversation(id="72b1", origin="utility", expires_at=EXPIRES_AT),
            pricing=Pricing(billable=True, model="PMP", type="regular", category="utility"),
        )
    ],
    "status_delivered_with_a_contact_without_profile": [
        receipt("delivered", recipient_user_id=GRACE_ID, recipient_parent_user_id=GRACE_PARENT)
    ],
    "status_read": [receipt("read")],
    "status_played": [receipt("played")],
    "status_deleted": [receipt("deleted")],
    "status_warning": [receipt("warning")],
    "status_not_known": [receipt("teleported")],
    "status_failed_without_contacts": [
        receipt(
            "failed",
            errors=(
                StatusError(
                    code=131047,
                    title="Re-engagement message",
                    details="More than 24 hours have passed.",
                    href="https://developers.facebook.com/",
                ),
            ),
        )
    ],
    "status_failed_with_odd_errors": [
        receipt("failed", errors=(StatusError(code=131026, title="Undeliverable", details="plain words"),))
    ],
    "status_failed_for_an_error_beside_it": [
        receipt("failed", errors=(WENT_WRONG,)),
        told_of_number(NumberErrors, "messages", at=None, errors=(WENT_WRONG,)),
    ],
    "status_priced_by_conversation": [
        receipt(
            "sent",
            conversation=BillingConversation(id="72b1", origin="referral_conversion", expires_at=EXPIRES_AT),
            pricing=Pricing(billable=False, model="CBP", category="referral_conversion"),
        )
    ],
    "status_free_of_charge": [
        receipt("sent", pricing=Pricing(billable=False, model="PMP", type="free_customer_service", category="service"))
    ],
    "status_with_odd_bill": [receipt("delivered")],
    "status_without_recipient": [receipt("read", recipient="")],
    "status_of_a_person_without_a_number": [receipt("delivered", recipient=GRACE_ID, recipient_user_id=GRACE_ID)],
    "status_with_parent_id_in_the_other_spelling": [
        receipt("delivered", recipient=GRACE_ID, recipient_user_id=GRACE_ID, recipient_parent_user_id=GRACE_PARENT)
    ],
    "status_in_a_group_of_nobody_named": [receipt("sent", recipient=GROUP, recipient_type="group", group_id=GROUP)],
    "status_in_a_group": [receipt("delivered", recipient=GRACE, recipient_type="group", group_id=GROUP)],
    "status_in_a_group_by_user_id": [
        receipt(
            "delivered",
            recipient=GRACE_ID,
            recipient_user_id=GRACE_ID,
            recipient_parent_user_id=GRACE_PARENT,
            recipient_type="group",
            group_id=GROUP,
        )
    ],
    "status_dated_by_a_number_of_milliseconds": [receipt("delivered", at=REPORTED_AT.replace(microsecond=500_000))],
    "status_of_a_payment": [told_of_number(OtherChange, "messages", at=None)],
    "errors_without_a_message": [
        told_of_number(
            NumberErrors,
            "messages",
            at=None,
            errors=(StatusError(code=131042, title="Payment issue", details="No payment method."),),
        )
    ],
}
