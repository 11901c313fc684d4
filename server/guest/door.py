"""The door of the guest's page: which link, whose browser, and how often.

Turned              an answer that is a page; `why` names its words
"""

import re
from functools import cached_property
from typing import Final

from fastapi import Request
from sqlalchemy.engine import Connection

from conversations.guests import links, talking
from conversations.guests.links import GuestLink
from conversations.people import Conversation
from server.api.limits import LocalLimits, RequestLimits, SharedLimits
from server.parts import Parts, utc_now

COOKIE: Final = "relais_guest"

WORDS_PER_MINUTE: Final = 20
"""Messages of one guest. Our choice."""
NEW_PER_MINUTE: Final = 10
"""Guests that may come by one link, and from one address. Our choice."""
LOOKS_PER_MINUTE: Final = 300
"""From one address: a page asks for news forty times a minute, and a team tries the bot together. Our choice."""

STATUSES: Final = {"gone": 404, "over": 410, "full": 403, "foreign": 403, "often": 429, "not_offered": 422}

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{32}")


class Turned(Exception):
    """Ends a request with a page that says why."""

    def __init__(self, why: str, link: GuestLink | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.link = link

    @property
    def status(self) -> int:
        return STATUSES[self.why]


class GuestDoor:
    """Lets guests in."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @cached_property
    def _looks(self) -> RequestLimits:
        return self._limits("looks", LOOKS_PER_MINUTE)

    @cached_property
    def _words(self) -> RequestLimits:
        return self._limits("words", WORDS_PER_MINUTE)

    @cached_property
    def _new(self) -> RequestLimits:
        return self._limits("new", NEW_PER_MINUTE)

    async def look(self, request: Request, token: str) -> tuple[GuestLink, Conversation | None]:
        """The link, and the talk of this browser, if it has one. Raises Turned."""
        if (await self._looks.count(_address(request))).is_spent:
            raise Turned("often")
        if not _SECRET.fullmatch(token):
            raise Turned("gone")
        return await self._parts.database.read(_find, token, request.cookies.get(COOKIE, ""))

    async def speak(self, request: Request, token: str) -> tuple[GuestLink, Conversation | None]:
        """The same for somebody who sends something, which is counted. Raises Turned."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            # A form that another site made somebody's browser send.
            raise Turned("foreign")
        link, talk = await self.look(request, token)
        counted = [(self._words, talk.id)] if talk else [(self._new, f"link:{link.id}"), (self._new, _address(request))]
        for limits, whose in counted:
            if (await limits.count(whose)).is_spent:
                raise Turned("often", link)
        return link, talk

    def _limits(self, name: str, most: int) -> RequestLimits:
        url = self._parts.settings.redis_url.get_secret_value()
        return SharedLimits(url, most, prefix=f"relais:guests:{name}:") if url else LocalLimits(most)


def _find(connection: Connection, token: str, secret: str) -> tuple[GuestLink, Conversation | None]:
    link = links.find(connection, token)
    if link is None:
        raise Turned("gone")
    if link.is_over(utc_now()):
        raise Turned("over", link)
    return link, talking.known(connection, link, secret) if _SECRET.fullmatch(secret) else None


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
