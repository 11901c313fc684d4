"""Taps and forms, and what they are read as."""

from datetime import UTC, datetime

from channels.whatsapp.webhook import (
    BrokenInteractive,
    ButtonReply,
    CallPermissionReply,
    FlowReply,
    ListReply,
    NumberErrors,
    OtherReceived,
    StatusError,
)
from tests.channels.whatsapp.situations.expected import Expected, said, told_of_number

OURS = "wamid.OURS1"
LOST = StatusError(code=131000, title="Something went wrong")

TAPS: Expected = {
    "button_reply": [said(ButtonReply(id="t-1", title="Contact"), context_id=OURS)],
    "list_reply": [
        said(ListReply(id="t-2", title="COUR-20250127-061", description="En transit"), context_id="wamid.OURS2")
    ],
    "list_reply_without_description": [said(ListReply(id="t-2", title="COUR-20250127-061"))],
    "template_button": [said(ButtonReply(id="t-3", title="Suivre", from_template=True), context_id=OURS)],
    "template_button_without_context": [said(ButtonReply(id="t-3", title="Suivre", from_template=True))],
    "template_button_without_payload": [said(ButtonReply(id="Suivre", title="Suivre", from_template=True))],
    "flow_reply": [said(FlowReply(name="flow", body="Sent", response={}))],
    "flow_reply_with_token": [
        said(
            FlowReply(
                name="flow",
                body="Sent",
                response={"flow_token": "t-9", "date": "2025-06-20", "people": 4},
                flow_token="t-9",
            ),
            context_id=OURS,
        )
    ],
    "flow_reply_with_an_address": [
        said(
            FlowReply(
                name="address_message",
                body="12 avenue de la Paix",
                response={"saved_address_id": "a1", "values": {"city": "Brazzaville"}},
            ),
            context_id=OURS,
        )
    ],
    "call_permission_given": [
        said(
            CallPermissionReply(
                response="accept",
                expires_at=datetime(2025, 6, 23, 16, 24, 5, tzinfo=UTC),
                source="user_action",
            ),
            context_id=OURS,
        )
    ],
    "call_permission_refused": [said(CallPermissionReply(response="reject", source="user_action"), context_id=OURS)],
    "interactive_kind_not_known": [said(OtherReceived(kind="interactive.wheel_reply"))],
    "interactive_without_its_object": [
        said(BrokenInteractive(), errors=(LOST,)),
        told_of_number(NumberErrors, "messages", at=None, errors=(LOST,)),
    ],
}

FORMS_NOBODY_CAN_READ: Expected = {
    name: [said(FlowReply(name="flow", body="Sent"), context_id=OURS)]
    for name in ("flow_reply_that_is_no_json", "flow_reply_that_is_a_list", "flow_reply_without_response")
}

EXPECTED: Expected = TAPS | FORMS_NOBODY_CAN_READ
