"""The cookie of a session: for our own pages alone, out of every script's reach."""

from fastapi import Request, Response

from server.desk.door import COOKIE
from server.desk.page import ROOT
from staff.sessions import LONGEST


def keep_cookie(response: Response, request: Request, token: str) -> Response:
    """Let the browser keep the session."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LONGEST.total_seconds()),
        path=ROOT,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


def drop_cookie(response: Response) -> Response:
    """Let the browser forget it."""
    response.delete_cookie(COOKIE, path=ROOT, httponly=True, samesite="strict")
    return response
