"""How the backend fails, in the words of those who ask it.

    BackendError
    ├── BackendUnavailable   down, too slow, overloaded or broken (5xx, 429): worth asking again later
    │   └── InDoubt          a write that may have been done all the same: only the same key finds out
    ├── NotFound             it does not exist, or not for this customer (404)
    ├── Refused              it understood and said no (any other 4xx); the code says why
    └── Unreadable           it answered something that is not the contract; names the field

Messages name no customer: they may be logged.
"""

from trade.problems import Problem


class BackendError(Exception):
    """The backend did not give what was asked; catch this one when the difference does not matter."""


class BackendUnavailable(BackendError):
    """The backend is down, too slow, overloaded or broken: the same question may work later."""


class InDoubt(BackendUnavailable):
    """A write whose answer was lost: it may have been done. The same write with the same key is safe, and finds out."""


class NotFound(BackendError):
    """What was asked for does not exist, or is not this customer's; no caller can tell which."""


class Refused(BackendError):
    """The backend understood and said no; asking again gives the same answer."""

    def __init__(self, status: int, problem: Problem) -> None:
        """Keep the HTTP status, and the backend's own sentence out of the message: it may quote anybody."""
        super().__init__(f"answered {status}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """Why, as one of `trade.problems.ProblemCode`; "" or another word from a backend that says it differently."""
        return self.problem.code

    @property
    def detail(self) -> str:
        """The backend's own sentence, never for a customer."""
        return self.problem.detail


class Unreadable(BackendError):
    """The backend answered something that is not the contract."""

    def __init__(self, field: str, problem: str) -> None:
        """Keep the field that is wrong, as a path like `missions.0.value.amount`."""
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem
