"""A switch that makes the contract's calls slow or failing, to see how the bot behaves then."""

from dataclasses import dataclass, field
from typing import Annotated

import anyio
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.backend.problems import problem_response

LONGEST_DELAY_SECONDS = 120


class Faults(BaseModel, frozen=True):
    """What to do to the calls of the contract."""

    delay_seconds: Annotated[float, Field(ge=0, le=LONGEST_DELAY_SECONDS)] = 0
    """How long to wait before answering."""
    status: Annotated[int | None, Field(ge=400, le=599)] = None
    """Answer with this status instead of the truth."""
    after_work: bool = False
    """Do what was asked before failing: the answer is lost, not the request."""


@dataclass(slots=True)
class FaultSwitch:
    """Holds the faults of this process; they are gone when it stops."""

    now: Faults = field(default_factory=Faults)
    of_customers: dict[str, Faults] = field(default_factory=dict)
    """By phone in E.164: instead of `now`, for the calls on behalf of this customer."""

    def clear(self) -> None:
        """Everybody is well again."""
        self.now = Faults()
        self.of_customers.clear()

    def of(self, customer: str) -> Faults:
        """The faults that a call on behalf of this customer meets."""
        return self.of_customers.get(customer, self.now)


class FaultMiddleware:
    """Applies the switch to /v1, and to nothing else: the page that turns it off must keep working."""

    def __init__(self, app: ASGIApp, switch: FaultSwitch) -> None:
        """Wrap the application."""
        self._app = app
        self._switch = switch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then fail or answer."""
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            return await self._app(scope, receive, send)
        faults = self._switch.of(Headers(scope=scope).get("Relais-Customer", ""))
        await anyio.sleep(faults.delay_seconds)
        if faults.status is None:
            return await self._app(scope, receive, send)
        if faults.after_work:
            await self._app(scope, receive, _nowhere)
        return await problem_response(faults.status, "A fault was asked for.")(scope, receive, send)


async def _nowhere(message: Message) -> None:
    """Lose an answer."""
