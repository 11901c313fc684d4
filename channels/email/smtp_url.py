"""Reads the address of a mail server as it stands in a setting, such as smtp://user:password@mail.example.com:587.

BadSmtpUrl          what is wrong with it; quotes nothing of it
"""

from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from channels.email.smtp import Security, SmtpServer

PORTS: Final = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}
"""RFC 8314, RFC 6409, RFC 5321"""

FORM: Final = "smtp://user:password@mail.example.com:587, or smtps://… for one that is encrypted from the first byte"


class BadSmtpUrl(ValueError):
    """The address cannot be used."""


def read_smtp_url(url: str) -> SmtpServer:
    """`smtps` is TLS, `smtp` is STARTTLS, `smtp://host:port?encryption=none` a server of one's own, in the clear."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadSmtpUrl(f"must be an address of the form {FORM}") from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise BadSmtpUrl(f"must be an address of the form {FORM}")
    security = _security(parts.scheme, parts.query)
    if (parts.username is None) != (parts.password is None):
        raise BadSmtpUrl("names a user without a password, or a password without a user")
    if parts.username is not None and security is Security.NONE:
        raise BadSmtpUrl("would send the password unencrypted: leave encryption=none out")
    return SmtpServer(
        host=parts.hostname,
        port=port or PORTS[security],
        security=security,
        username=unquote(parts.username) if parts.username is not None else None,
        password=unquote(parts.password) if parts.password is not None else None,
    )


def _security(scheme: str, query: str) -> Security:
    asked = parse_qsl(query, keep_blank_values=True)
    if not asked:
        return Security.TLS if scheme == "smtps" else Security.STARTTLS
    if asked != [("encryption", "none")] or scheme != "smtp":
        raise BadSmtpUrl("may end in ?encryption=none after smtp://, and in nothing else")
    return Security.NONE
