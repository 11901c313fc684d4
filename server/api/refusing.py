"""Answers what notifications refuse as problems, wherever a route meets it."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from notifications.topics import NoSuchTopic, TopicInUse
from notifications.triggering import TriggerError
from server.api.problems import Problem, not_found
from server.api.recipients import field_errors_of, refused


def answer_with_refusals(app: FastAPI) -> None:
    """Let the errors of triggers and topics be answered as problems."""

    @app.exception_handler(TriggerError)
    async def of_triggers(_request: Request, error: TriggerError) -> JSONResponse:
        return refused(field_errors_of(error)).response()

    @app.exception_handler(NoSuchTopic)
    async def of_topics(_request: Request, _error: NoSuchTopic) -> JSONResponse:
        return not_found("topic").response()

    @app.exception_handler(TopicInUse)
    async def of_topics_in_use(_request: Request, error: TopicInUse) -> JSONResponse:
        return Problem("conflict", str(error)).response()
