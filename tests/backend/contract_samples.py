"""What docs/backend-openapi.json allows: the least and the most that an answer may hold."""

import json
from pathlib import Path
from typing import Any

from tests.backend.fake_backend import GRACE

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "docs" / "backend-openapi.json").read_text("utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]

BY_FORMAT = {"date-time": "2025-01-27T10:15:00+01:00", "uri": "https://shop.test/photo.jpg"}
BY_PATTERN = {
    r"^\+[1-9][0-9]{6,14}$": GRACE.phone,
    "^[A-Z]{3}$": "XAF",
    r"^[0-9]{1,16}(\.[0-9]+)?$": "8000",
}


def sample(schema: dict[str, Any], *, everything: bool) -> Any:
    """A value of this schema with all its fields, or with those alone that must be there."""
    if "$ref" in schema:
        return sample(SCHEMAS[schema["$ref"].rpartition("/")[2]], everything=everything)
    if "anyOf" in schema:
        options = [each for each in schema["anyOf"] if (each.get("type") == "null") is not everything]
        return sample(options[0], everything=everything)
    if schema.get("type") == "object":
        return _object(schema, everything=everything)
    if schema.get("type") == "array":
        return [sample(schema["items"], everything=everything)] if everything else []
    return _scalar(schema)


def _scalar(schema: dict[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    match schema["type"]:
        case "string":
            return BY_FORMAT.get(schema.get("format", "")) or BY_PATTERN.get(schema.get("pattern", ""), "a1")
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "null":
            return None
    raise AssertionError(f"a kind of schema nobody thought of: {schema}")


def _object(schema: dict[str, Any], *, everything: bool) -> dict[str, Any]:
    properties = schema.get("properties", {})
    names = properties if everything else schema.get("required", ())
    named = {name: sample(properties[name], everything=everything) for name in names}
    values = schema.get("additionalProperties")
    if isinstance(values, dict) and everything:
        named["mon-fri"] = sample(values, everything=everything)
    return named


def unknown_fields(body: Any, schema: dict[str, Any], path: str = "") -> set[str]:
    """The fields of a request that the contract does not name, and those that it misses."""
    if "$ref" in schema:
        return unknown_fields(body, SCHEMAS[schema["$ref"].rpartition("/")[2]], path)
    if "anyOf" in schema:
        return min((unknown_fields(body, each, path) for each in schema["anyOf"]), key=len)
    if isinstance(body, list):
        return set().union(
            *(unknown_fields(each, schema["items"], f"{path}.{place}") for place, each in enumerate(body))
        )
    if not isinstance(body, dict):
        return set() if schema.get("type") not in {"object", "array", "null"} else {path}
    properties = schema.get("properties", {})
    wrong = {f"{path}.{name}" for name in (set(body) - set(properties)) | (set(schema.get("required", ())) - set(body))}
    known = (unknown_fields(body[name], properties[name], f"{path}.{name}") for name in set(body) & set(properties))
    return wrong.union(*known)
