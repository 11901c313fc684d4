"""The client asks what docs/backend-openapi.json offers, as it wants to be asked, and reads whatever it may answer."""

import json
import re
from contextlib import suppress
from typing import Any

import pytest

from backend import BackendError
from tests.backend.contract_samples import DOCUMENT, SCHEMAS, sample, unknown_fields
from tests.backend.every_call import EVERY, KEY, WRITES
from tests.backend.fake_backend import Backend, as_json
from trade.missions import Allowed, DelayReason
from trade.problems import ProblemCode

OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
FOR_WHATSAPP = {"photo"}


def _answer_schema(operation: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    status = next(status for status in ("200", "201") if status in operation["responses"])
    schema: dict[str, Any] = operation["responses"][status]["content"]["application/json"]["schema"]
    return int(status), schema


def test_the_client_asks_for_everything_that_the_contract_offers() -> None:
    assert set(EVERY) == set(OPERATIONS) - FOR_WHATSAPP


@pytest.mark.parametrize("name", EVERY)
async def test_a_request_is_what_the_contract_wants(name: str) -> None:
    method, path, operation = OPERATIONS[name]
    backend = Backend(as_json({}))

    with suppress(BackendError):  # it reads nothing; what it asks is the question here
        await EVERY[name](backend.client())

    (request,) = backend.requests
    assert (request.method, re.sub("/a1(?=/|$)", "/{}", request.url.path)) == (method, re.sub(r"{\w+}", "{}", path))
    queries = {each["name"] for each in operation["parameters"] if each["in"] == "query"}
    assert set(request.url.params) == queries
    headers = [each["name"] for each in operation["parameters"] if each["in"] == "header"]
    assert [header for header in headers if header not in request.headers] == []
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        assert request.headers["Content-Type"] == "application/json"
        assert unknown_fields(json.loads(request.content), schema) == set()
    else:
        assert request.content == b""


@pytest.mark.parametrize("name", EVERY)
async def test_a_write_carries_its_key_and_a_read_none(name: str) -> None:
    backend = Backend(as_json({}))

    with suppress(BackendError):
        await EVERY[name](backend.client())

    assert backend.requests[0].headers.get("Idempotency-Key") == (KEY if name in WRITES else None)


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("name", EVERY)
async def test_the_least_and_the_most_that_an_answer_may_hold_is_read(name: str, everything: bool) -> None:
    status, schema = _answer_schema(OPERATIONS[name][2])
    body = sample(schema, everything=everything)

    value = await EVERY[name](Backend(as_json(body, status)).client())

    assert value is not None


def test_both_sides_know_the_same_reasons() -> None:
    assert set(SCHEMAS["Code"]["enum"]) == {code.value for code in ProblemCode}


@pytest.mark.parametrize(("words", "field"), [(Allowed, "allowed"), (DelayReason, "reason")])
def test_the_contract_names_the_words_that_the_client_knows(words: type[Allowed | DelayReason], field: str) -> None:
    schema = SCHEMAS["Mission" if field == "allowed" else "Delay"]["properties"][field]

    assert set(re.findall(r"\w+", schema["description"])) >= {word.value for word in words}
