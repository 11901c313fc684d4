"""What can be wrong with what somebody at the desk wants to do with a talk.

HandoffError
├── NobodyThere      there is no such talk, or it went on as another one
├── NotYours         nobody, or somebody else, has taken it up: take it first
├── TakenByAnother   somebody else has it; says who
└── WindowClosed     the person has not written for 24 hours: a template alone may be sent
"""


class HandoffError(Exception):
    """A talk stays as it is."""


class NobodyThere(HandoffError):
    """There is no such talk."""


class NotYours(HandoffError):
    """Who wants to speak has not taken the talk up."""


class TakenByAnother(HandoffError):
    """Two would answer one person."""

    def __init__(self, agent_id: str) -> None:
        super().__init__("Somebody else has taken this talk up.")
        self.agent_id = agent_id


class WindowClosed(HandoffError):
    """WhatsApp takes no words of our own any more."""
