"""Describes for OpenAPI how a route may refuse: each status with the problem that comes with it."""

from typing import Any, Final

from pydantic import BaseModel

from server.api.problems import KINDS, MEDIA_TYPE, TYPE_PATH

EVERYWHERE: Final = (401, 403, 422, 429, 503)


class FieldProblem(BaseModel):
    """A field of the request and what to do about it."""

    field: str
    problem: str
    mend: str


class ProblemBody(BaseModel):
    """Why a request was refused, as in RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that refuses with these statuses beside those that every route has."""
    return {status: _described(status) for status in sorted({*EVERYWHERE, *statuses})}


def with_problems(description: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI description with the shape of a problem in it."""
    schema = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(schema.pop("$defs"))
    schemas[ProblemBody.__name__] = schema
    return description


def _described(status: int) -> dict[str, Any]:
    kinds = [(name, kind) for name, kind in KINDS.items() if kind.status == status]
    content = {
        "schema": {"$ref": "#/components/schemas/ProblemBody"},
        "examples": {
            name: {
                "summary": kind.title,
                "value": {"type": TYPE_PATH + name, "title": kind.title, "status": status, "detail": kind.meaning},
            }
            for name, kind in kinds
        },
    }
    return {"description": "; ".join(kind.title for _, kind in kinds), "content": {MEDIA_TYPE: content}}
