"""Closes the key of a write that a customer gives up, or tells what it has made already."""

import json
import sqlite3
from datetime import datetime
from http import HTTPStatus

from demo.backend.callers import Caller
from demo.backend.contract.problems import Code
from demo.backend.contract.withdrawals import Withdrawn
from demo.backend.problems import Refusal
from demo.backend.records import answers
from demo.backend.records.answers import Answer


def withdraw(database: sqlite3.Connection, asked: Caller, key: str, now: datetime) -> Withdrawn:
    """Whichever comes first, the write or this: in one transaction with everything else, so never both."""
    answer = answers.find(database, asked.business, asked.phone, key)
    if answer is None:
        refusal = Refusal.because(Code.WITHDRAWN, "The customer gave it up before it arrived.")
        body = json.dumps(refusal.problem, ensure_ascii=False)
        closed = Answer(request=answers.ANY, status=refusal.status, body=body)
        answers.keep(database, asked.business, asked.phone, key, closed, now)
        return Withdrawn()
    if answer.status >= HTTPStatus.BAD_REQUEST:
        return Withdrawn()
    return Withdrawn(code=json.loads(answer.body).get("code"))
