"""What somebody sees who opens the tracking link that a person of a script was given."""

import json
import re
from typing import Any

from tests.stack import Stack

_LINK = re.compile(r"http://[\w.:]+/t/[\w-]+")


def opened(stack: Stack, messages: list[dict[str, Any]], language: str) -> str:
    """The page behind the last link in these messages, as a browser of this language gets it."""
    links = _LINK.findall(json.dumps([each["payload"] for each in messages]))
    assert links, "nobody was given a link yet"
    return stack.http.get(links[-1], headers={"Accept-Language": language}).text
