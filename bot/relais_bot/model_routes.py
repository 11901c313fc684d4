"""Which model answers, and how the server puts another one there. RELAIS_SECRET opens both.

GET /model   200 {"model", "taking", "refused"}
PUT /model   {"name", "sha256"} → 200 {"model", "before", "seconds"}   401   409 {"error"}: nothing has changed   422
"""

import hmac
import json
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from relais_bot.model_fetch import ModelSource
from relais_bot.model_files import NAME
from relais_bot.model_swap import ModelSwap
from relais_bot.refusals import Refused

NOT_AUTHORIZED = "The shared secret is missing or wrong."
NOT_ASKED = "Send {name, sha256}: a file name that ends in .tar.gz, and its SHA-256 in hex."


def model_blueprint(swap: ModelSwap, source: ModelSource, secret: str) -> Blueprint:
    """Both routes."""
    blueprint = Blueprint("model")
    authorization = f"Bearer {secret}".encode()

    def is_ours(request: Request) -> bool:
        given = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, authorization)

    # Who asks may send an empty body along, which sanic would complain about.
    @blueprint.get("/model", name="which", ignore_body=False)
    async def which(request: Request) -> HTTPResponse:
        if not is_ours(request):
            return _json(401, {"error": NOT_AUTHORIZED})
        refused = swap.refused and {"model": swap.refused[0], "why": swap.refused[1]}
        return _json(200, {"model": swap.model, "taking": swap.taking, "refused": refused})

    @blueprint.put("/model", name="take")
    async def take(request: Request) -> HTTPResponse:
        if not is_ours(request):
            return _json(401, {"error": NOT_AUTHORIZED})
        wanted = _wanted(request.body)
        if wanted is None:
            return _json(
                422, {"error": "Send {name, sha256}: a file name that ends in .tar.gz, and its SHA-256 in hex."}
            )
        try:
            done = await swap.take(await source.find(*wanted))
        except Refused as error:
            return _json(409, {"error": str(error)})
        return _json(200, {"model": done.model, "before": done.before, "seconds": round(done.seconds, 3)})

    return blueprint


def _wanted(body: bytes) -> "tuple[str, str] | None":
    try:
        asked = json.loads(body)
        name, sha256 = asked["name"], asked["sha256"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(name, str) or not NAME.fullmatch(name) or not isinstance(sha256, str):
        return None
    return name, sha256


def _json(status: int, content: Any) -> HTTPResponse:
    return HTTPResponse(json.dumps(content), status=status, content_type="application/json")
