"""What may go wrong. Catch `RelaisError` for all of it.

    RelaisError
    ├── NotReached               no answer came in time; what was asked may have been done
    ├── BadAnswer                something answered that is not Relais
    ├── BadSignature             a webhook was not signed with this secret, or too long ago
    └── Refused                  Relais said no, and why (RFC 9457)
        ├── Unauthorized         401: the key is missing, unknown, revoked or has expired
        ├── Forbidden            403: the key may not do this, or belongs to another business
        ├── NotFound             404
        ├── Conflict             409: it does not fit what is there
        │   ├── TooLate          it cannot be taken back any more
        │   └── UnderWay         the same request is still at work
        ├── Invalid              422: `errors` names each field and how to mend it
        │   └── KeyReused        the idempotency key was used for another request
        ├── TooManyRequests      429
        └── Unavailable          5xx: it broke there, or cannot be kept now

None of them repeats what was sent: it may hold people's numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


class RelaisError(Exception):
    """Something went wrong between us and Relais."""

    may_pass = False
    """Whether the same request may do better in a moment; the clients then try again by themselves."""
    retry_after: float | None = None
    """Seconds to wait before that, where Relais said so."""


class NotReached(RelaisError):
    """No answer came in time; what was asked may have been done. Sent again under the same key, it is done once."""

    may_pass = True

    def __init__(self, asked: str, why: str, idempotency_key: str | None) -> None:
        super().__init__(f"{asked}: no answer ({why})")
        self.idempotency_key = idempotency_key


class BadAnswer(RelaisError):
    """Something answered that is not Relais: is the address right?"""


class BadSignature(RelaisError):
    """The webhook was not signed with this secret, or too long ago: do not believe it."""


@dataclass(frozen=True)
class FieldError:
    """One field that is wrong, and how to mend it."""

    field: str
    problem: str
    mend: str


class Refused(RelaisError):
    """Relais said no, and why, in the members of RFC 9457."""

    def __init__(self, status: int, problem: Mapping[str, Any], retry_after: float | None = None) -> None:
        self.status = status
        self.type = str(problem.get("type") or "about:blank")
        self.title = str(problem.get("title") or f"Refused with status {status}")
        self.detail = str(problem.get("detail") or "")
        self.errors = tuple(_field_error(each) for each in _listed(problem.get("errors")))
        self.problem = dict(problem)
        """All of it, with what a kind of problem adds, such as `scope`."""
        self.retry_after = retry_after
        super().__init__(f"{self.title}. {self.detail}".strip())

    @property
    def kind(self) -> str:
        """The last part of `type`, such as invalid-request; docs/api.md lists them."""
        return self.type.rpartition("/")[2]


class Unauthorized(Refused):
    """The key is missing, unknown, revoked or has expired."""


class Forbidden(Refused):
    """The key may not do this, or belongs to another business."""


class NotFound(Refused):
    """There is no such thing, or it is another business's."""


class Conflict(Refused):
    """It does not fit what is there."""


class TooLate(Conflict):
    """It cannot be taken back any more."""


class UnderWay(Conflict):
    """The same request is still at work."""

    may_pass = True


class Invalid(Refused):
    """Some fields are wrong: `errors` names each. Nothing was changed."""


class KeyReused(Invalid):
    """The idempotency key was used for another request."""


class TooManyRequests(Refused):
    """The key made as many requests as it may, for now."""

    may_pass = True


class Unavailable(Refused):
    """It broke there, or cannot be kept now."""

    may_pass = True


_BY_KIND: Final[Mapping[str, type[Refused]]] = {
    "too-late": TooLate,
    "under-way": UnderWay,
    "key-reused": KeyReused,
}
_BY_STATUS: Final[Mapping[int, type[Refused]]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: Invalid,
    429: TooManyRequests,
}


def refusal(status: int, problem: Mapping[str, Any], retry_after: float | None) -> Refused:
    """The error for an answer of 400 or more."""
    kind = str(problem.get("type") or "").rpartition("/")[2]
    plain = Unavailable if status >= 500 else Refused
    return _BY_KIND.get(kind, _BY_STATUS.get(status, plain))(status, problem, retry_after)


def _listed(errors: Any) -> list[Mapping[str, Any]]:
    return [each for each in errors if isinstance(each, Mapping)] if isinstance(errors, list) else []


def _field_error(told: Mapping[str, Any]) -> FieldError:
    return FieldError(**{name: str(told.get(name) or "") for name in ("field", "problem", "mend")})
