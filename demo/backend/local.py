"""Keeps the demo's controls to this machine: they change data and ask for no token."""

import ipaddress
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import Request

from demo.backend.problems import Refusal


def local_only(request: Request) -> None:
    """Refuse callers from elsewhere, foreign host names (DNS rebinding) and other sites' forms (CSRF)."""
    if request.client is None or not _is_loopback(request.client.host):
        raise Refusal(HTTPStatus.FORBIDDEN, "This page answers only to its own machine.")
    if not _is_loopback(request.url.hostname or ""):
        raise Refusal(HTTPStatus.FORBIDDEN, "Open this page as 127.0.0.1 or localhost: no other Host is served.")
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refusal(HTTPStatus.FORBIDDEN, "Another site may not use this page's buttons (Origin).")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
