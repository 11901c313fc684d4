"""What the bodies and addresses of requests are made of: strict models, and texts that both databases can keep."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

MAX_PAYLOAD_BYTES: Final = 32 * 1024
"""Of one notification; a message holds four thousand characters. Our choice."""


class Asked(BaseModel):
    """The body of a request: what it does not know, it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def example(value: dict[str, Any]) -> ConfigDict:
    """The configuration of a body with the example that /api/docs begins with."""
    return ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, json_schema_extra={"examples": [value]})


def _printable(text: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("it holds control characters; leave them out")
    return text


Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
"""A line that people read."""

Key = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_printable)]
"""How a business's own system calls something."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")]
"""How something of ours is called in addresses."""

Moment = AwareDatetime
"""With its offset."""

Payload = Annotated[dict[str, Any], Field(max_length=200)]

SubscriberKey = Annotated[
    str,
    Path(
        min_length=1,
        max_length=255,
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="The person: the id that your system gave them, percent-encoded, else ours",
        examples=["customer-7"],
    ),
]


def written(moment: datetime | None) -> str | None:
    """A moment as the API writes all of them, such as 2026-12-01T09:00:00Z."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
