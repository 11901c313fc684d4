"""Where Rasa hands over what the bot says: silent in a turn, posted to Relais outside of one.

A turn's responses are read from its events and leave in its answer. But Rasa gives a reminder the output channel of
the turn that set it, and `trigger_intent` asks the input channel for one: nobody waits for an answer there.
"""

from typing import Any

from rasa.core.channels.channel import OutputChannel

from relais_bot.unasked import Unasked

#: Of the input and the output: `channel: whatsapp` in a domain and `output_channel=whatsapp` mean this one.
CHANNEL = "whatsapp"


class UnaskedOutput(OutputChannel):
    """Posts everything."""

    def __init__(self, unasked: Unasked) -> None:
        self._unasked = unasked

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Whole response by whole response. Rasa's own would make several messages of one."""
        self._unasked.say(recipient_id, message)


class TurnOutput(UnaskedOutput):
    """Says nothing until its turn is over."""

    def __init__(self, unasked: Unasked) -> None:
        super().__init__(unasked)
        self._turn_is_over = False

    def end_turn(self) -> None:
        """What comes now comes from a reminder."""
        self._turn_is_over = True

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        if self._turn_is_over:
            await super().send_response(recipient_id, message)
