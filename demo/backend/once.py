"""Does each write once: the same key gets the same answer, however often and from however many places it comes."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from demo.backend.callers import Caller, Clock, caller, clock, shop
from demo.backend.contract.problems import Code
from demo.backend.problems import PROBLEM_MEDIA_TYPE, Refusal
from demo.backend.records import answers
from demo.backend.records.answers import Answer
from demo.backend.store import Store

type Work = Callable[[sqlite3.Connection, datetime], BaseModel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """A write with its key."""

    store: Store
    caller: Caller
    key: str
    operation: str
    now: datetime

    def __call__(self, wanted: BaseModel, work: Work, status: HTTPStatus = HTTPStatus.OK) -> Response:
        """Do the work and keep its answer in one transaction, or give the answer that is kept.

        A second request with the key waits for the first one's transaction, so that none is done twice.
        """
        request = hashlib.sha256(f"{self.operation}\n{wanted.model_dump_json()}".encode()).hexdigest()
        of = (self.caller.business, self.caller.phone, self.key)
        with self.store.writing() as database:
            answer = answers.find(database, *of)
            if answer is None:
                answer = self._answer(database, request, work, status)
                answers.keep(database, *of, answer, self.now)
                return _response(answer, replayed=False)
        if answer.request not in (request, answers.ANY):
            raise Refusal(
                HTTPStatus.UNPROCESSABLE_ENTITY, "This Idempotency-Key came with another request.", Code.KEY_REUSED
            )
        return _response(answer, replayed=True)

    def _answer(self, database: sqlite3.Connection, request: str, work: Work, status: HTTPStatus) -> Answer:
        """A refusal is an answer too: it undoes what was begun, and the same key gets it again.

        A request that is wrong in itself gets no answer to keep: put right, it may come under the same key.
        """
        database.execute("SAVEPOINT work")
        try:
            return Answer(request=request, status=status, body=work(database, self.now).model_dump_json())
        except Refusal as refusal:
            if refusal.status == HTTPStatus.UNPROCESSABLE_ENTITY:
                raise
            database.execute("ROLLBACK TO work")
            return Answer(request=request, status=refusal.status, body=json.dumps(refusal.problem, ensure_ascii=False))


def once(
    request: Request,
    store: Annotated[Store, Depends(shop)],
    asked: Annotated[Caller, Depends(caller)],
    now: Annotated[Clock, Depends(clock)],
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            pattern="^[!-~]{1,255}$",
            description="The same for every try of one write. Same key and body: same answer, nothing is done twice.",
            examples=["0194a7c2-1f0e-7b7a-9d1c-8f4f6d1b2a33:place_order:1"],
        ),
    ],
) -> Once:
    """The write of this request."""
    operation = f"{request.method} {request.url.path}"
    return Once(store=store, caller=asked, key=key, operation=operation, now=now())


def _response(answer: Answer, *, replayed: bool) -> Response:
    is_problem = answer.status >= HTTPStatus.BAD_REQUEST
    return Response(
        answer.body,
        answer.status,
        {"Idempotency-Replayed": "true"} if replayed else None,
        PROBLEM_MEDIA_TYPE if is_problem else "application/json",
    )
