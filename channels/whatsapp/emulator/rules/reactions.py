"""An emoji on somebody's message; an empty one takes it away."""

from channels.whatsapp.emulator.graph_errors import invalid
from channels.whatsapp.emulator.rules import limits
from channels.whatsapp.emulator.shapes import also, record, text


def _no_words(path: str, value: object) -> None:
    """Letters are no emoji. Which signs are is left to the phone: Unicode adds some every year."""
    if any(sign.isalpha() or sign.isspace() for sign in str(value)):
        raise invalid(path, "is not an emoji")


REACTION = record(
    {"message_id": text(limits.WAMID), "emoji": also(text(limits.EMOJI, shortest=0), _no_words)},
)
