"""What can stop the emulator from starting, each told in one sentence to the person who started it.

EmulatorProblem
├── SettingsProblem    a setting is missing or wrong; the sentence names the variable
├── DirectoryProblem   business.yml or people.yml cannot be read
├── DatabaseProblem    the database file was made by another version
└── PortTaken          somebody else listens on EMULATOR_PORT
"""


class EmulatorProblem(Exception):
    """Base: `str()` of it is the sentence to print."""


class SettingsProblem(EmulatorProblem):
    """A setting is missing or has a value we cannot use."""


class DirectoryProblem(EmulatorProblem):
    """The files that say which businesses and people exist cannot be read."""


class DatabaseProblem(EmulatorProblem):
    """The database file does not have the tables this version writes."""


class PortTaken(EmulatorProblem):
    """The port is in use."""
