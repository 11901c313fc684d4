"""An email as it goes over the wire: both bodies, styles in the elements, and headers that mail programs act on.

InvalidMessage      the styles of the page cannot be read
"""

import re
from binascii import b2a_qp
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from css_inline import CSSInliner, InlineError

from channels.email.headers import mailbox_header, one_line_header, text_header
from channels.email.message import Email
from channels.email.plain import plain_text
from channels.invalid import InvalidMessage

ONE_CLICK: Final = "List-Unsubscribe=One-Click"
"""The body of the POST that a mail program makes; RFC 8058, 3.1"""

# What applies by the width of the screen or to a dark one has no other place than <style>: it stays there.
_INLINER: Final = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


_BOUNDARY: Final = "=_next"
"""Quoted-printable writes no = before a _, so this stands in no body."""

_LINE_END: Final = re.compile(r"\r\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bodies:
    """What a reader sees, with HTML and without."""

    text: str = field(repr=False)
    html: str | None = field(repr=False)


def bodies(email: Email) -> Bodies:
    """Mail programs ignore style sheets, so the page's styles are written into its elements; nothing is fetched."""
    html = _inlined(email.html) if email.html is not None and email.html.strip() else None
    if email.text is not None and email.text.strip():
        return Bodies(text=email.text, html=html)
    return Bodies(text=plain_text(email.html or ""), html=html)


def unsubscribe_headers(email: Email) -> dict[str, str]:
    """The two headers that let a mail program show "unsubscribe" and do it with one tap; RFC 8058."""
    if email.list_unsubscribe is None:
        return {}
    return {"List-Unsubscribe": f"<{email.list_unsubscribe}>", "List-Unsubscribe-Post": ONE_CLICK}


def to_mime(email: Email, sent_at: datetime) -> bytes:
    """The whole message in 7-bit ASCII with CRLF, which no relay has to change."""
    headers = [mailbox_header("From", email.sender), mailbox_header("To", email.recipient)]
    if email.reply_to is not None:
        headers.append(mailbox_header("Reply-To", email.reply_to))
    headers.append(text_header("Subject", email.subject))
    headers.append(one_line_header("Date", format_datetime(sent_at)))
    headers.append(one_line_header("Message-ID", email.rfc_message_id))
    headers.extend(one_line_header(name, value) for name, value in unsubscribe_headers(email).items())
    headers.extend(text_header(name, value) for name, value in email.headers.items())
    headers.append(one_line_header("MIME-Version", "1.0"))
    both = bodies(email)
    text = _part("plain", both.text)
    content = text if both.html is None else _alternatives(text, _part("html", both.html))
    return "".join(headers).encode("ascii") + content


def _inlined(html: str) -> str:
    try:
        return _INLINER.inline(html)
    except InlineError as error:
        raise InvalidMessage("html", "has styles that cannot be read") from error


def _alternatives(*parts: bytes) -> bytes:
    """The same in several forms, the best one last."""
    edge = f"--{_BOUNDARY}\r\n".encode()
    head = one_line_header("Content-Type", f'multipart/alternative; boundary="{_BOUNDARY}"')
    return f"{head}\r\n".encode() + b"".join(edge + part for part in parts) + f"--{_BOUNDARY}--\r\n".encode()


def _part(subtype: str, text: str) -> bytes:
    lines = _LINE_END.sub("\n", text).encode()
    encoded = b2a_qp(lines if lines.endswith(b"\n") else lines + b"\n")
    head = one_line_header("Content-Type", f'text/{subtype}; charset="utf-8"')
    head += one_line_header("Content-Transfer-Encoding", "quoted-printable")
    return f"{head}\r\n".encode() + encoded.replace(b"\n", b"\r\n")
