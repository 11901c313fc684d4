"""Every error leaves as an RFC 9457 problem: one sentence that says what to change."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from demo.backend.contract import Problem

PROBLEM_MEDIA_TYPE = "application/problem+json"
_STATUSES = frozenset(HTTPStatus)


class Refusal(Exception):
    """Answers the request with a problem."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        """Keep the status and the sentence."""
        super().__init__(detail)
        self.status = status
        self.detail = detail


def problem_response(status: int, detail: str) -> JSONResponse:
    """The problem as an HTTP answer."""
    title = HTTPStatus(status).phrase if status in _STATUSES else "Error"
    problem = Problem(title=title, status=status, detail=detail)
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    return JSONResponse(problem.model_dump(), status, headers, media_type=PROBLEM_MEDIA_TYPE)


def answer_problems(app: FastAPI) -> None:
    """Make the framework's own errors speak the same way."""

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> JSONResponse:
        return problem_response(refusal.status, refusal.detail)

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


def _invalid_sentence(error: RequestValidationError) -> str:
    """Name the field and its problem; the input itself is not quoted, it may be a phone number."""
    first = error.errors()[0]
    place, *path = [str(part) for part in first["loc"]]
    field = ".".join(path) or place
    if first["type"] == "missing":
        return f"{field} is missing from the {place}."
    return f"{field} in the {place} is wrong: {first['msg'][:1].lower()}{first['msg'][1:]}."
