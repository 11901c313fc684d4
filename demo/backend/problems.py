"""Every error leaves as an RFC 9457 problem: a code for programs, and one sentence that says what to change."""

from http import HTTPStatus
from typing import Any, Self

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from demo.backend.contract.problems import Code, Obstacle, Problem

PROBLEM_MEDIA_TYPE = "application/problem+json"
_STATUSES = frozenset(HTTPStatus)
_CODES: dict[int, Code] = {
    HTTPStatus.UNAUTHORIZED: Code.UNAUTHORIZED,
    HTTPStatus.NOT_FOUND: Code.NOT_FOUND,
}


class Refusal(Exception):
    """Answers the request with a problem."""

    def __init__(self, status: HTTPStatus, detail: str, code: Code | None = None, **facts: Any) -> None:
        """Keep the status, the sentence, the code and what belongs to it: a total, a product."""
        super().__init__(detail)
        self.status = status
        self.obstacle = Obstacle(code=code or _code(status), detail=detail, **facts)

    @classmethod
    def because(cls, code: Code, detail: str, **facts: Any) -> Self:
        """The request is right, but the state of things says no."""
        return cls(HTTPStatus.CONFLICT, detail, code, **facts)

    @classmethod
    def of(cls, obstacle: Obstacle) -> Self:
        """What a quote tells beside its price, an order is refused for."""
        refusal = cls(HTTPStatus.CONFLICT, obstacle.detail)
        refusal.obstacle = obstacle
        return refusal

    @property
    def problem(self) -> dict[str, Any]:
        """The body of the answer."""
        return _body(self.status, self.obstacle)


def problem_response(status: int, detail: str) -> JSONResponse:
    """The problem as an HTTP answer, with the code that fits its status."""
    return _response(status, _body(status, Obstacle(code=_code(status), detail=detail)))


def answer_problems(app: FastAPI) -> None:
    """Make the framework's own errors speak the same way."""

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> JSONResponse:
        return _response(refusal.status, refusal.problem)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, _invalid_sentence(error))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        response = problem_response(error.status_code, str(error.detail))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> JSONResponse:
        # The traceback goes to the log of the server, which raises the error again after this answer.
        return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, "The backend itself failed; its log says why.")


def _code(status: int) -> Code:
    return _CODES.get(status, Code.FAILED if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Code.INVALID)


def _body(status: int, obstacle: Obstacle) -> dict[str, Any]:
    """A problem without the facts that do not belong to its code."""
    title = HTTPStatus(status).phrase if status in _STATUSES else "Error"
    facts = obstacle.model_dump(mode="json", exclude_none=True)
    return Problem.model_validate({"title": title, "status": status, **facts}).model_dump(
        mode="json", exclude_none=True
    )


def _response(status: int, body: dict[str, Any]) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    return JSONResponse(body, status, headers, media_type=PROBLEM_MEDIA_TYPE)


def _invalid_sentence(error: RequestValidationError) -> str:
    """Name the field and its problem; the input itself is not quoted, it may be a phone number."""
    first = error.errors()[0]
    place, *path = [str(part) for part in first["loc"]]
    field = ".".join(path) or place
    if first["type"] == "missing":
        return f"{field} is missing from the {place}."
    return f"{field} in the {place} is wrong: {first['msg'][:1].lower()}{first['msg'][1:]}."
