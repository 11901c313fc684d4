"""The in-app inbox as a channel: what a message there may hold, and the token that opens one person's inbox."""

from channels.inapp.message import InAppMessage
from channels.inapp.token import InboxPass, make_token, read_token

__all__ = ["InAppMessage", "InboxPass", "make_token", "read_token"]
