"""What the API says when it says no: RFC 9457 problems, each of a kind that has a page of its own.

A problem names what is wrong and how to mend it; it never repeats what was sent, which may hold people's data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import structlog
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from server.api.mending import FieldError, field_errors
from storage.database import StorageError

log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PATH: Final = "/api/problems/"

RETRY_AFTER_SECONDS: Final = 5
"""When the database cannot commit now. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem; its page is at `type`."""

    status: int
    title: str
    meaning: str


KINDS: Final[Mapping[str, Kind]] = {
    "unauthorized": Kind(
        status=401,
        title="No valid API key came with the request",
        meaning="Send `Authorization: Bearer rk_live_…`. The key is missing, unknown, revoked or has expired.",
    ),
    "missing-scope": Kind(
        status=403,
        title="The API key may not do this",
        meaning="The detail names the scope it lacks. Make a key that has it: `./relais keys create --scope …`.",
    ),
    "other-business": Kind(
        status=403,
        title="The API key belongs to another business",
        meaning="A key sees its own business alone. Leave `business` out, or use a key of that business.",
    ),
    "not-found": Kind(
        status=404,
        title="There is no such thing",
        meaning="The address or the id is wrong, or it is another business's, which looks the same.",
    ),
    "method-not-allowed": Kind(
        status=405,
        title="This address takes other methods",
        meaning="The header `Allow` names them.",
    ),
    "too-late": Kind(
        status=409,
        title="It cannot be taken back any more",
        meaning="The message is on its way, or has arrived. Its status tells which.",
    ),
    "conflict": Kind(
        status=409,
        title="It does not fit what is there",
        meaning="Something of that name or address exists, or is in another state. The detail says what.",
    ),
    "under-way": Kind(
        status=409,
        title="The same request is at work at this moment",
        meaning="Another request with this `Idempotency-Key` has not been answered yet. Send it again in a second.",
    ),
    "too-large": Kind(
        status=413,
        title="The body is too large",
        meaning="The detail names the limit. Send several smaller requests.",
    ),
    "not-json": Kind(
        status=415,
        title="The body is not JSON",
        meaning="Send JSON in UTF-8, with `Content-Type: application/json`. NaN, Infinity and U+0000 are not taken.",
    ),
    "invalid-request": Kind(
        status=422,
        title="Some fields are wrong",
        meaning="`errors` names each field, what is wrong with it and how to mend it. Nothing was changed.",
    ),
    "key-reused": Kind(
        status=422,
        title="The Idempotency-Key was used for another request",
        meaning="A key stands for one request, with one body, for a day. Use a new one for a new request.",
    ),
    "too-many-requests": Kind(
        status=429,
        title="Too many requests",
        meaning="Wait as many seconds as `Retry-After` says. `RateLimit` tells what is left.",
    ),
    "broken": Kind(
        status=500,
        title="Something broke on our side",
        meaning="It was logged. With an `Idempotency-Key` it is safe to send the request again.",
    ),
    "not-now": Kind(
        status=503,
        title="It cannot be kept now",
        meaning="The database cannot be used at this moment; nothing was changed. Send it again after `Retry-After`.",
    ),
}


class Problem(HTTPException):
    """Ends a request with a problem of one of the kinds."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(KINDS[kind].status, detail, headers=dict(headers or {}))
        self.kind = kind
        self.errors = tuple(errors)
        self.more = more

    def response(self) -> JSONResponse:
        """The answer over HTTP."""
        kind = KINDS[self.kind]
        body: dict[str, Any] = {
            "type": TYPE_PATH + self.kind,
            "title": kind.title,
            "status": kind.status,
            "detail": self.detail,
            **self.more,
        }
        if self.errors:
            body["errors"] = [asdict(error) for error in self.errors]
        return JSONResponse(body, kind.status, headers=self.headers, media_type=MEDIA_TYPE)


def not_found(what: str) -> Problem:
    """There is no such thing, or it is another business's."""
    return Problem("not-found", f"There is no such {what}.")


def invalid(field: str, problem: str, mend: str) -> Problem:
    """One field is wrong."""
    return Problem(
        "invalid-request", f"{field}: {problem}", errors=[FieldError(field=field, problem=problem, mend=mend)]
    )


def answer_with_problems(app: FastAPI) -> None:
    """Let every error of the app be answered as a problem."""

    @app.exception_handler(Problem)
    async def ours(_request: Request, error: Problem) -> JSONResponse:
        return error.response()

    @app.exception_handler(StarletteHTTPException)
    async def of_http(_request: Request, error: StarletteHTTPException) -> JSONResponse:
        if error.status_code == 405:
            return Problem("method-not-allowed", "This address takes other methods.", headers=error.headers).response()
        if error.status_code == 404:
            return Problem("not-found", "There is no such address; /api/docs lists them.").response()
        return Problem("not-json", "The body cannot be read.").response()

    @app.exception_handler(RequestValidationError)
    async def of_fields(_request: Request, error: RequestValidationError) -> JSONResponse:
        errors = field_errors(error.errors())
        named = "; ".join(f"{each.field}: {each.problem}" for each in errors[:3])
        more = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
        return Problem("invalid-request", f"{named}{more}.", errors=errors).response()

    @app.exception_handler(StorageError)
    async def of_storage(_request: Request, error: StorageError) -> JSONResponse:
        log.error("api.storage_unavailable", problem=str(error))
        retry = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return Problem("not-now", "It cannot be kept now; send it again.", headers=retry).response()

    @app.exception_handler(Exception)
    async def of_ours(_request: Request, error: Exception) -> JSONResponse:
        log.error("api.broken", problem=type(error).__name__)
        return Problem("broken", "Something broke on our side; it was logged.").response()
