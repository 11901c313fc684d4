"""Why the bot does not start: each reason is one sentence that says what to do.

Refused
├── SettingsError   a setting is missing or wrong
├── WrongRasa       the environment holds another Rasa
└── SchemaRefused   the database was not made by, or for, this version
"""

#: Starting again would not help (sysexits.h: EX_CONFIG); the launcher gives up.
EXIT_REFUSED = 78

MODEL_MISSING = "There is no model at {model}: run `make train`."
PORT_TAKEN = "Port {port} is taken by another program: set BOT_PORT to a free one."


class Refused(Exception):
    """The bot cannot start like this; the message is for the person who starts it."""


class SettingsError(Refused):
    """A setting is missing or wrong."""


class WrongRasa(Refused):
    """The installed Rasa is not the one this package replaces parts of."""


class SchemaRefused(Refused):
    """The database was not made by, or for, this version of the bot."""
