"""Does the work of a request once, however often it is sent with the same Idempotency-Key."""

import contextlib
import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from fastapi import Header, Request, Response
from sqlalchemy.engine import Connection

from notifications import idempotency
from notifications.idempotency import Claim, Done, LostClaim, Mismatch, UnderWay
from server.api.problems import Problem, invalid
from storage.database import Database, StorageError
from storage.wakeup import Wakeup

KEY_HEADER: Final = "idempotency-key"
MAX_KEY_LENGTH: Final = 255
"""As Knock and Stripe have it."""

SWEEP_SECONDS: Final = 60.0
"""How often, at most, answers are deleted that were kept long enough."""

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")

type Body = Mapping[str, Any]
type Dress = Callable[[Body], Body]
"""Adds what is shown and never kept, such as a secret, to an answer; of a repeated one too."""

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Names this request: sent again within a day, it is answered the same and done once.",
        examples=["order-4711-confirmed"],
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a request is answered with, once its work is committed."""

    status_code: int
    body: Body
    wakes: tuple[str, ...] = field(default=("messages",))
    """Topics with new work."""


type Work = Callable[[Connection], Answer]
"""A unit of work. What it raises undoes it."""


class Once:
    """Runs the work of requests in one transaction with what keeps them from being done twice."""

    def __init__(self, database: Database, wakeup: Wakeup) -> None:
        self._database = database
        self._wakeup = wakeup
        self._swept_at = 0.0

    async def answer(
        self, request: Request, business_id: str, work: Work, dress: Dress = lambda body: body
    ) -> Response:
        """Do the work, or tell again what was answered. Raises Problem, and what the work raises."""
        key = request.headers.get(KEY_HEADER)
        if key is None:
            answer = await self._database.write(work)
            self._wake(answer)
            return _response(answer.status_code, _text(dress(answer.body)))
        if not _KEY.fullmatch(key):
            raise invalid(
                "header.Idempotency-Key",
                "it is no key",
                f"Send 1 to {MAX_KEY_LENGTH} visible ASCII characters without spaces, such as a UUID.",
            )
        claimed = await self._claim(business_id, key, await _fingerprint(request))
        if isinstance(claimed, Done):
            body = _text(dress(json.loads(claimed.body)))
            return _response(claimed.status_code, body, {"Idempotent-Replayed": "true"})
        answer = await self._do(claimed, work)
        self._wake(answer)
        return _response(answer.status_code, _text(dress(answer.body)))

    async def _claim(self, business_id: str, key: str, fingerprint: str) -> Claim | Done:
        await self._sweep()
        match await self._database.write(idempotency.claim, business_id, key, fingerprint):
            case UnderWay():
                raise _under_way()
            case Mismatch():
                raise Problem("key-reused", "This Idempotency-Key was used for another request; use a new one.")
            case claimed:
                return claimed

    async def _do(self, claim: Claim, work: Work) -> Answer:
        """The work and its answer in one transaction; where it fails, the key is free again."""

        def kept(connection: Connection) -> Answer:
            answer = work(connection)
            idempotency.finish(connection, claim, answer.status_code, _text(answer.body))
            return answer

        try:
            return await self._database.write(kept)
        except LostClaim:
            raise _under_way() from None
        except BaseException:
            # Who is refused may mend the request and send it under the same key.
            with contextlib.suppress(StorageError):
                await self._database.write(idempotency.release, claim)
            raise

    async def _sweep(self) -> None:
        if time.monotonic() - self._swept_at > SWEEP_SECONDS:
            self._swept_at = time.monotonic()
            await self._database.write(idempotency.forget)

    def _wake(self, answer: Answer) -> None:
        for topic in answer.wakes:
            self._wakeup.signal(topic)


async def _fingerprint(request: Request) -> str:
    """SHA-256 of what the request asks for."""
    asked = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    asked.update(await request.body())
    return asked.hexdigest()


def _text(body: Body) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _response(status_code: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(text, status_code, headers=dict(headers or {}), media_type="application/json")


def _under_way() -> Problem:
    return Problem(
        "under-way", "The same request is at work at this moment; send it again.", headers={"Retry-After": "1"}
    )
