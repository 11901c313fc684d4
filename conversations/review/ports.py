"""What review asks of whoever sends messages; implemented elsewhere, plugged in by `server`."""

from typing import Any, Protocol

import sqlalchemy as sa


class Sends(Protocol):
    """What was sent, as far as lists of talks ask for it."""

    def failed_talks(self, business_id: str) -> sa.Select[Any]:
        """A query for the ids of the talks in which a message failed for good, and nobody has dealt with it."""
        ...
