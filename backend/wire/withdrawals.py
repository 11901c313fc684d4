"""A write that was given up, on the wire."""

from dataclasses import dataclass

from backend.wire.values import Wire, Word, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """What has become of a write that was given up, for good."""

    code: str | None  # of what it had made already; None where it made nothing, and never will


class _Withdrawn(Wire):
    code: Word | None = None


def read_withdrawn(body: bytes) -> Withdrawn:
    """What had been made already."""
    return Withdrawn(code=read(_Withdrawn, body).code)
