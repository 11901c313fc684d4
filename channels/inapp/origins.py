"""Origins of web pages, as browsers write them: scheme, host, and a port that is not the scheme's own."""

from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

_PORTS: Final = {"https": 443, "http": 80}


def origin_of(address: str) -> str:
    """Of https pages, and of those on this machine. Raises ValueError for what is none, or is more than an origin."""
    parts = urlsplit(address.strip().rstrip("/").lower())
    host = parts.hostname
    if parts.scheme not in _PORTS or not host or (parts.scheme == "http" and host not in LOOPBACK):
        raise ValueError(address)
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc or not host.isascii() or "*" in host:
        raise ValueError(address)
    named = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{named}{port}"
