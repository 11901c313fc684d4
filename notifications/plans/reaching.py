"""Whether a person can, and wants to, be told on a channel: what is known of it before a message is made.

The gate asks again when the message is claimed (`gate.refusal`): much can happen in between.
"""

from typing import Final

from notifications.consent import CATEGORIES
from notifications.plans.plan import Plan, Who

BINDING_SOURCES: Final = frozenset({"whatsapp", "provider"})
"""Where a no holds for critical notifications too: the provider would refuse them, or the law lets it."""

_ADDRESSES: Final = {
    "whatsapp": "WhatsApp number",
    "email": "email address",
    "sms": "phone number",
    "webhook": "address for webhooks",
}


def refusal(plan: Plan, who: Who, channel: str) -> str | None:
    """Why nothing goes to this person on this channel, as a sentence; None where it may."""
    if channel not in who.reachable:
        return f"By {channel} nobody can be told: no {_ADDRESSES.get(channel, 'address')} is known."
    if plan.category not in CATEGORIES:
        return None
    source = who.declined.get((plan.category, channel))
    if source is None or (plan.lane == "critical" and source not in BINDING_SOURCES):
        return None
    return f"The person does not want {plan.category} messages by {channel}."
