"""Talks that humans of the business take up.

A talk is with the bot, waits for a human (`waiting`: the bot still answers), is with one (`human`: the bot is silent,
everything is kept), or ends (`closing`: who writes now gets the human again; later, the bot). Every change locks the
conversation's row, as the end of a turn does: what the bot was about to say when a human came is kept, and not sent.
"""

from conversations.handoffs import canned, watching
from conversations.handoffs.asking import ask
from conversations.handoffs.errors import HandoffError, NobodyThere, NotYours, TakenByAnother, WindowClosed
from conversations.handoffs.holding import Held, assign, finish, give_back, held, prefer, reopen, take
from conversations.handoffs.listing import Handoff, close, listed
from conversations.handoffs.returning import HandbackRunner
from conversations.handoffs.saying import say
from conversations.handoffs.talking import heard, spoke_from_app

__all__ = [
    "HandbackRunner",
    "Handoff",
    "HandoffError",
    "Held",
    "NobodyThere",
    "NotYours",
    "TakenByAnother",
    "WindowClosed",
    "ask",
    "assign",
    "canned",
    "close",
    "finish",
    "give_back",
    "heard",
    "held",
    "listed",
    "prefer",
    "reopen",
    "say",
    "spoke_from_app",
    "take",
    "watching",
]
