"""What can be wrong with a trigger. Nothing of it was done.

TriggerError
├── UnknownWorkflow   the business has no workflow of that key
├── BadPayload        what the workflow is to say cannot be said with these data
├── BadRecipient      who is to be told cannot be found out
└── BadTrigger        anything else: routing, lane, category, times
"""

from collections.abc import Sequence

from notifications.workflows import Problem


class TriggerError(Exception):
    """Whoever triggers has to change the request; `problems` name each field, what is wrong and how to mend it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(str(each) for each in problems))
        self.problems = tuple(problems)


class UnknownWorkflow(TriggerError):
    """No such workflow."""


class BadPayload(TriggerError):
    """The payload does not fit the workflow."""


class BadRecipient(TriggerError):
    """Nobody, or nobody certain, is named."""


class BadTrigger(TriggerError):
    """A wish about how to tell it cannot be granted."""
