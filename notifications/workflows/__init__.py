"""Workflows: what is sent when, on which channel, in which words. Pure but for `files`, which reads them.

A workflow is data: read from YAML, kept as JSON with every notification that it made, and rendered for a person. It
knows no database, no clock and no provider.
"""

from collections.abc import Mapping
from typing import Any

from notifications.workflows.anchor import Anchor, read_anchor
from notifications.workflows.errors import BadWorkflow, CannotRender, WorkflowError
from notifications.workflows.facts import Facts, around_anchor, digest_key, due_at, group_of, is_met
from notifications.workflows.preview import preview
from notifications.workflows.reading import from_document, read_workflow, to_document
from notifications.workflows.rendered import (
    LEAVE_PLACEHOLDER,
    EmailContent,
    InAppContent,
    Rendered,
    ReplyButton,
    SmsContent,
    WebhookContent,
    WhatsAppContent,
    placeholder,
)
from notifications.workflows.rendering import render
from notifications.workflows.replies import OpenReply, open_replies, reply_meant
from notifications.workflows.schema import Problem, Schema, problems
from notifications.workflows.values import BusinessFacts, Person
from notifications.workflows.workflow import (
    CHANNELS,
    Channel,
    Condition,
    Delay,
    Digest,
    Expr,
    Ladder,
    ReplyContract,
    ReplyOption,
    Rung,
    Send,
    Step,
    Workflow,
)

__all__ = [
    "CHANNELS",
    "LEAVE_PLACEHOLDER",
    "Anchor",
    "BadWorkflow",
    "BusinessFacts",
    "CannotRender",
    "Channel",
    "Condition",
    "Delay",
    "Digest",
    "EmailContent",
    "Expr",
    "Facts",
    "InAppContent",
    "Ladder",
    "OpenReply",
    "Person",
    "Problem",
    "Rendered",
    "ReplyButton",
    "ReplyContract",
    "ReplyOption",
    "Rung",
    "Schema",
    "Send",
    "SmsContent",
    "Step",
    "WebhookContent",
    "WhatsAppContent",
    "Workflow",
    "WorkflowError",
    "around_anchor",
    "check_payload",
    "digest_key",
    "due_at",
    "from_document",
    "group_of",
    "is_met",
    "open_replies",
    "placeholder",
    "preview",
    "read_anchor",
    "read_workflow",
    "render",
    "reply_meant",
    "to_document",
]


def check_payload(workflow: Workflow, payload: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with a payload, each by its field; an empty list where the workflow can use it."""
    return problems(workflow.payload, payload)
