"""Triggering: a wish to tell somebody something becomes a notification, with its first messages, in one transaction."""

from notifications.triggering.desk import Rehearsal, TriggerDesk
from notifications.triggering.errors import BadPayload, BadRecipient, BadTrigger, TriggerError, UnknownWorkflow
from notifications.triggering.setting_off import Outcome, Tools, Workflows, set_off
from notifications.triggering.trigger import Recipient, Trigger, Triggered

__all__ = [
    "BadPayload",
    "BadRecipient",
    "BadTrigger",
    "Outcome",
    "Recipient",
    "Rehearsal",
    "Tools",
    "Trigger",
    "TriggerDesk",
    "TriggerError",
    "Triggered",
    "UnknownWorkflow",
    "Workflows",
    "set_off",
]
