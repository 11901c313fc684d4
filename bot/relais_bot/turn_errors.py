"""Why a turn has no answer. Neither quotes the user.

TurnNotRun     nothing was changed and the same request may simply be sent again (503)
TurnFailed     the turn cannot be completed (500)

TrackerStoreError is said by a tracker store of ours; it becomes one of these.
"""


class TurnNotRun(Exception):
    """Nothing was changed; the same request may be sent again."""


class TurnFailed(Exception):
    """The turn raised. Its message says nothing the user said."""


class TrackerStoreError(Exception):
    """A conversation could not be read or written."""
