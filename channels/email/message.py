"""An email to one person, as a value that no text in it can turn into another email.

InvalidMessage      a part can never be sent as it is; the problem names it and quotes nothing of it
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Final, Self
from urllib.parse import urlsplit

from channels.invalid import InvalidMessage

MAX_ADDRESS: Final = 254
"""octets of a whole address; RFC 5321, 4.5.3.1.3 less its angle brackets"""

MAX_LOCAL_PART: Final = 64
"""octets before the @; RFC 5321, 4.5.3.1.1"""

MAX_SUBJECT: Final = 255
"""characters. Nothing in RFC 5322 limits a folded subject; mail programs show 40 to 80. Our choice."""

MAX_URL: Final = 900
"""characters of an address in a header, which may not be folded: with its name it fits the 998 of a line, RFC 5322"""

MAX_HEADER: Final = 900
"""characters of a header of the caller's own; as above"""

MAX_CATEGORIES: Final = 10
"""categories of one message; SendGrid"""

MAX_CATEGORY: Final = 255
"""characters of a category; SendGrid"""

OURS: Final = frozenset(
    {"bcc", "cc", "content-transfer-encoding", "content-type", "date", "dkim-signature", "from", "list-unsubscribe"}
    | {"list-unsubscribe-post", "message-id", "mime-version", "received", "reply-to", "return-path", "sender"}
    | {"subject", "to", "x-sg-eid", "x-sg-id"}
)
"""Headers that this package or a mail server writes, in small letters; nobody else may."""

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>{_LABEL}(?:\.{_LABEL})+)")
_HEADER_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,75}")
_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")
_LINK: Final = re.compile(r"[!#-;=?-~]+")
_CONTROLS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Where an email goes or comes from, with the name that a reader sees."""

    address: str = field(repr=False)
    name: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        check_one_line("name", self.name)
        _check_address(self.address)

    @classmethod
    def parse(cls, text: str) -> Self:
        """`Kimia <bonjour@kimia.example>`, or an address alone. Raises InvalidMessage."""
        check_one_line("address", text)
        name, address = parseaddr(text)
        return cls(name=name, address=address or text)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    message_id: str
    """Our id of the message; it stands in the Message-ID, and comes back with each of a provider's reports."""
    sender: Mailbox
    recipient: Mailbox
    reply_to: Mailbox | None = None
    subject: str = field(repr=False)
    html: str | None = field(default=None, repr=False)
    """A page with its styles in `<style>`; they are written into its elements when it is sent."""
    text: str | None = field(default=None, repr=False)
    """The same for readers without HTML; made from `html` where it is absent."""
    list_unsubscribe: str | None = field(default=None, repr=False)
    """The address that ends such messages with one POST (RFC 8058); see `unsubscribe`."""
    categories: tuple[str, ...] = ()
    """What kind of message it is, for the provider's statistics; nothing about a person."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not _MESSAGE_ID.fullmatch(self.message_id):
            raise InvalidMessage("message_id", "is not made of letters, digits, dots, hyphens and underscores")
        if not self.subject.strip():
            raise InvalidMessage("subject", "is empty")
        if len(self.subject) > MAX_SUBJECT:
            raise InvalidMessage("subject", f"is longer than {MAX_SUBJECT} characters")
        check_one_line("subject", self.subject)
        self._check_bodies()
        if self.list_unsubscribe is not None:
            _check_unsubscribe(self.list_unsubscribe)
        _check_categories(self.categories)
        for name, value in self.headers.items():
            _check_header(name, value)

    def _check_bodies(self) -> None:
        if not (self.html or "").strip() and not (self.text or "").strip():
            raise InvalidMessage("text", "is empty, and so is html: there is nothing to read")
        for name, body in (("html", self.html), ("text", self.text)):
            if body is not None and any("\ud800" <= character <= "\udfff" for character in body):
                raise InvalidMessage(name, "holds half a character (a lone surrogate), which cannot be encoded")

    @property
    def rfc_message_id(self) -> str:
        """The Message-ID: the same however often and by whomever it is sent, so that a reader sees a repeat once."""
        return f"<{self.message_id}@{self.sender.domain}>"


def check_one_line(name: str, value: str) -> None:
    """A line break in a header begins another header. Raises InvalidMessage."""
    if any(unicodedata.category(character) in _CONTROLS for character in value):
        raise InvalidMessage(name, "holds a line break or another control character")


def _check_address(address: str) -> None:
    if not address.isascii():
        raise InvalidMessage("address", "holds letters outside ASCII: write its domain as xn--…")
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise InvalidMessage("address", "is not of the form name@domain.example")
    if len(match["local"]) > MAX_LOCAL_PART or len(address) > MAX_ADDRESS:
        raise InvalidMessage("address", f"is longer than {MAX_LOCAL_PART} before the @, or {MAX_ADDRESS} altogether")


def _check_unsubscribe(url: str) -> None:
    if len(url) > MAX_URL:
        raise InvalidMessage("list_unsubscribe", f"is longer than {MAX_URL} characters")
    if not _LINK.fullmatch(url):
        raise InvalidMessage("list_unsubscribe", "holds what cannot stand in an address")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise InvalidMessage("list_unsubscribe", "is no address of a page") from None
    is_here = parts.hostname in ("localhost", "127.0.0.1")
    if not parts.hostname or not (parts.scheme == "https" or (is_here and parts.scheme == "http")):
        raise InvalidMessage("list_unsubscribe", "does not begin with https://, and mail programs would ignore it")


def _check_categories(categories: tuple[str, ...]) -> None:
    if len(categories) > MAX_CATEGORIES:
        raise InvalidMessage("categories", f"are more than {MAX_CATEGORIES}")
    for category in categories:
        if not category or len(category) > MAX_CATEGORY or not category.isascii():
            raise InvalidMessage("categories", f"holds one that is not 1 to {MAX_CATEGORY} ASCII characters")
        check_one_line("categories", category)


def _check_header(name: str, value: str) -> None:
    if not _HEADER_NAME.fullmatch(name):
        raise InvalidMessage("headers", "holds a name that is not made of letters, digits and hyphens")
    if name.lower() in OURS:
        raise InvalidMessage("headers", f"holds {name}, which is written from the message itself")
    if len(value) > MAX_HEADER:
        raise InvalidMessage("headers", f"holds {name} with more than {MAX_HEADER} characters")
    check_one_line(f"headers {name}", value)
