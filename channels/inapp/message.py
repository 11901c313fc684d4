"""A message in somebody's inbox, as a value.

InvalidMessage      a part can never be shown as it is; the problem names it and quotes nothing of it
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit

from channels.invalid import InvalidMessage

MAX_TITLE, MAX_BODY, MAX_URL = 300, 4_000, 2_000
"""characters: a line, some screens, what every browser takes. The lint of workflows asks for less. Our choice."""

_RECIPIENT: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_WEB: Final = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True, kw_only=True)
class InAppMessage:
    recipient: str
    """The id of whose inbox it is put into."""
    title: str = field(repr=False)
    body: str = field(repr=False)
    url: str | None = field(default=None, repr=False)
    """Where a tap on it leads: a page on the web, or a path of the business's own app that begins with a slash."""

    def __post_init__(self) -> None:
        if not _RECIPIENT.fullmatch(self.recipient):
            raise InvalidMessage("recipient", "is no id of ours")
        _check_words("title", self.title, MAX_TITLE)
        _check_words("text", self.body, MAX_BODY)
        if self.url is not None:
            _check_url(self.url)

    @classmethod
    def of(cls, recipient: str | None, payload: Mapping[str, Any]) -> Self:
        """The message that a payload holds. Raises InvalidMessage."""
        title, body, url = (payload.get(name) for name in ("title", "body", "url"))
        if not isinstance(title, str):
            raise InvalidMessage("title", "is no text")
        if not isinstance(body, str):
            raise InvalidMessage("text", "is no text")
        if not (url is None or isinstance(url, str)):
            raise InvalidMessage("url", "is no text")
        return cls(recipient=recipient or "", title=title, body=body, url=url)


def _check_words(field_name: str, words: str, most: int) -> None:
    if not words.strip():
        raise InvalidMessage(field_name, "is empty")
    if len(words) > most:
        raise InvalidMessage(field_name, f"has more than {most} characters")


def _check_url(url: str) -> None:
    """A page puts it into a link: `javascript:` there would run in the name of whoever taps it."""
    if len(url) > MAX_URL:
        raise InvalidMessage("url", f"has more than {MAX_URL} characters")
    # A browser leaves out what is below a space, and reads a backslash as a slash.
    if any(ord(sign) <= 32 or sign == "\\" for sign in url):
        raise InvalidMessage("url", "holds a space, a backslash or a control character")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise InvalidMessage("url", "is no address") from None
    is_path = url.startswith("/") and not url.startswith("//")
    if not is_path and not (parts.scheme in _WEB and parts.hostname):
        raise InvalidMessage("url", "is neither a page on the web nor a path that begins with one slash")
