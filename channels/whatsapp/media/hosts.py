"""Where requests about files may go: Meta's hosts with our token, public addresses without it."""

import ipaddress
from typing import Final
from urllib.parse import SplitResult, urlsplit

META_HOSTS: Final = ("facebook.com", "fbcdn.net", "lookaside.fbsbx.com", "whatsapp.net")
"""Where Meta keeps what people sent; each with everything below it. Seen in webhooks and answers of the Graph API."""

MAX_URL: Final = 2048
"""characters; longer ones are no address of a picture. Our choice."""

LOOPBACK_NAMES: Final = frozenset({"localhost", "ip6-localhost"})

_INNER_ENDINGS: Final = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test", ".invalid", ".example")
"""Names that mean nothing outside a house; RFC 6761, 6762, 8375."""

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_UNICAST: Final = ipaddress.IPv6Network("2000::/3")  # RFC 4291: all that is given out

type _Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def may_carry_token(url: str, base_url: str) -> bool:
    """Whether a file's address may be asked with our token: Meta's hosts over TLS.

    While `base_url` is on this machine, WhatsApp is an emulator: then that origin alone.
    """
    wanted = split(url)
    if wanted is None:
        return False
    known = urlsplit(base_url)
    if is_loopback(known.hostname or ""):
        return (wanted.scheme, wanted.hostname, wanted.port) == (known.scheme, known.hostname, known.port)
    host = wanted.hostname or ""
    is_metas = any(host == meta or host.endswith(f".{meta}") for meta in META_HOSTS)
    return is_metas and wanted.scheme == "https" and wanted.port in (None, 443)


def split(url: str) -> SplitResult | None:
    """The parts of a web address without a name and password in it; None for anything else."""
    if len(url) > MAX_URL or any(ord(char) <= 0x20 or char == "\\" for char in url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    is_plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return parts if is_plain else None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet.

    Not so: this machine, private and carriers' networks, link-local, multicast, and all of these inside an IPv6 one.
    """
    parsed = parse_address(address)
    if parsed is None:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return parsed.is_global and not parsed.is_multicast
    inner = _inside(parsed)
    if inner is not None:
        return is_public(str(inner))
    return parsed in _UNICAST and parsed.is_global


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, is this machine."""
    if host.lower() in LOOPBACK_NAMES:
        return True
    parsed = parse_address(host)
    return parsed is not None and parsed.is_loopback


def is_showable(link: str) -> bool:
    """Whether a link, by its looks, leads somewhere for the person who gets it as text."""
    parts = split(link)
    host = (parts.hostname or "").rstrip(".") if parts else ""
    if not host or is_loopback(host) or host.endswith(_INNER_ENDINGS):
        return False
    return is_public(host) if parse_address(host) else "." in host


def parse_address(host: str) -> _Address | None:
    """An IP address as it is written; None for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
