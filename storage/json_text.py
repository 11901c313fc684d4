"""JSON as the columns hold it, written and read by orjson; what it will not take goes the standard library's way."""

import json
from typing import Any, Final

import orjson

_STRICT: Final = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
"""A moment in a document is a mistake here as it is to `json`: the two would write it differently."""


def to_json(value: Any) -> str:
    """The text of a document. Raises TypeError for what JSON cannot say."""
    try:
        return orjson.dumps(value, option=_STRICT).decode()
    except orjson.JSONEncodeError:
        # Whole numbers beyond 64 bits, and halves of an emoji, which only ASCII escapes can carry.
        return json.dumps(value)


def from_json(text: str | bytes) -> Any:
    """What a document holds."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)
