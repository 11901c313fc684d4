"""Which addresses a webhook may go to: https ones of the public internet, so that nobody reaches what is beside us."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import urlsplit

MAX_URL_LENGTH: Final = 2048

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class BadWebhookUrl(ValueError):
    """The address cannot be used; the sentence says what is wrong and how to mend it."""


def check_url(url: str, *, allow_private: bool) -> None:
    """Raise BadWebhookUrl unless webhooks may go there. What a host's name leads to is looked at with each request."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadWebhookUrl("it is no address; write it as https://shop.example.com/relais") from None
    if len(url) > MAX_URL_LENGTH or not url.isascii() or any(map(str.isspace, url)) or not url.isprintable():
        raise BadWebhookUrl(f"it is too long or holds odd characters; send at most {MAX_URL_LENGTH} of plain ASCII")
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise BadWebhookUrl("it does not begin with https://; webhooks go encrypted or not at all")
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise BadWebhookUrl("it has no host, a name before an @, or a #; write it as https://shop.example.com/relais")
    if not allow_private and (host == "localhost" or _is_private_literal(host)):
        raise BadWebhookUrl("it leads into a private network; use an address that is public")


def is_public(address: str) -> bool:
    """Whether this IP address is one of the public internet, also where another is hidden within it."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(each.is_global and not each.is_multicast for each in (ip, *_within(ip)))


def _is_private_literal(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return False


def _within(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that ways of translating IPv6 would lead to."""
    if isinstance(ip, IPv4Address):
        return []
    hidden = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        hidden.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return [each for each in hidden if each is not None]
