"""The guest's page as a channel: what its number and its messages are called, and what may be written there."""

from channels.guest.received import MAX_WORDS, BadWords, Tap, tapped, written

__all__ = ["GUEST", "MAX_WORDS", "BadWords", "Tap", "guest_number", "is_guest_number", "tapped", "written"]

GUEST = "guest"
"""The channel, and its only provider."""


def guest_number(business_id: str) -> str:
    """Stands for our number where a business's guests are concerned; no number of WhatsApp's looks like it."""
    return f"{GUEST}:{business_id}"


def is_guest_number(phone_number_id: str) -> bool:
    """Whether a talk on this number of ours is a guest's."""
    return phone_number_id.startswith(f"{GUEST}:")
