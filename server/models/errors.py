"""Why nothing was done about a model; each message says what is in the way.

ModelError
├── NoSuchModel     there is no file of that name
├── NoEnvironment   this machine cannot train or compare
├── Busy            something else is under way; one at a time
├── WorkFailed      training or comparing ended badly; the message holds the end of what it printed
├── BadChange       a changed file is none of the assistant's project
└── NotPromoted     the model stays where it is, and another one goes on answering
"""


class ModelError(Exception):
    """What was asked of a model was not done."""


class NoSuchModel(ModelError):
    """There is no file of that name."""


class NoEnvironment(ModelError):
    """The bot's environment is not on this machine."""


class Busy(ModelError):
    """Something else is under way."""


class WorkFailed(ModelError):
    """A process ended badly."""


class BadChange(ModelError):
    """A changed file is none of the project."""


class NotPromoted(ModelError):
    """The model does not answer people."""
