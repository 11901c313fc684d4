"""How the backend fails, in the words of those who ask it.

    BackendError
    ├── BackendUnavailable   down, too slow, overloaded or broken (5xx, 429): worth asking again later
    ├── NotFound             it does not exist, or not for this customer (404)
    ├── Refused              it understood and said no (any other 4xx)
    └── Unreadable           it answered something that is not the contract; names the field

Messages name no customer: they may be logged.
"""


class BackendError(Exception):
    """The backend did not give what was asked; catch this one when the difference does not matter."""


class BackendUnavailable(BackendError):
    """The backend is down, too slow, overloaded or broken: the same question may work later."""


class NotFound(BackendError):
    """What was asked for does not exist, or is not this customer's; no caller can tell which."""


class Refused(BackendError):
    """The backend understood and said no; asking again gives the same answer."""

    def __init__(self, status: int, detail: str) -> None:
        """Keep the HTTP status, and the backend's own sentence out of the message: it may quote anybody."""
        super().__init__(f"answered {status}")
        self.status = status
        self.detail = detail


class Unreadable(BackendError):
    """The backend answered something that is not the contract."""

    def __init__(self, field: str, problem: str) -> None:
        """Keep the field that is wrong, as a path like `missions.0.value.amount`."""
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem
