"""Where a business is told what became of its messages: endpoints, their secrets, and something to try them with."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection

from channels.webhook import BadWebhookUrl, check_url, derived_secret
from notifications import hooks
from notifications.hooks import Endpoint
from notifications.hooks.endpoints import MOST, TooManyEndpoints
from server.api.bodies import StrictRoute
from server.api.callers import MayWriteHooks
from server.api.fields import written
from server.api.hook_shapes import ChangedEndpoint, Endpoints, EndpointShown, EndpointWithSecret, NewEndpoint, Tried
from server.api.once import Answer, Body, IdempotencyKey, Once
from server.api.problems import Problem, invalid, not_found
from server.api.refusals import refusals
from server.parts import Parts, utc_now


def hook_routes(parts: Parts, once: Once) -> APIRouter:
    """/v1/webhook-endpoints and below."""
    router = APIRouter(prefix="/v1/webhook-endpoints", tags=["webhooks"], route_class=StrictRoute)
    _keep(router, parts, once)
    _change(router, parts)
    _try(router, once)
    return router


def _keep(router: APIRouter, parts: Parts, once: Once) -> None:
    """What is answered with a secret."""
    secret = parts.settings.relais_secret.get_secret_value()
    allow_private = parts.settings.webhooks_to_private_addresses

    def with_secret(body: Body) -> Body:
        """The answer with the secret, which is derived each time and kept nowhere."""
        shown = {name: value for name, value in body.items() if name != "generation"}
        return {**shown, "secret": derived_secret(secret, "webhook", body["id"], body["generation"])}

    @router.post("", status_code=201, response_model=EndpointWithSecret, responses=refusals(409))
    async def create(
        caller: MayWriteHooks, wanted: NewEndpoint, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """Tell this address from now on. The answer holds the secret that signs, once."""
        business_id = caller.needs_business()
        _check(wanted.url, allow_private=allow_private)

        def work(connection: Connection) -> Answer:
            try:
                made = hooks.create(connection, business_id, wanted.url, wanted.events, utc_now())
            except TooManyEndpoints:
                raise Problem("conflict", f"A business has at most {MOST} endpoints; delete one first.") from None
            return Answer(status_code=201, body={**_view(made), "generation": made.generation}, wakes=())

        return await once.answer(request, business_id, work, with_secret)

    @router.post("/{endpoint_id}/rotate", response_model=EndpointWithSecret, responses=refusals(404))
    async def rotate(
        caller: MayWriteHooks, endpoint_id: UUID, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """Change its secret. For a day both sign, so that nothing is refused meanwhile."""
        business_id = caller.needs_business()

        def work(connection: Connection) -> Answer:
            rotated = hooks.rotate(connection, _known(connection, business_id, endpoint_id), utc_now())
            return Answer(status_code=200, body={**_view(rotated), "generation": rotated.generation}, wakes=())

        return await once.answer(request, business_id, work, with_secret)


def _change(router: APIRouter, parts: Parts) -> None:
    """What looks at endpoints, changes and deletes them."""
    allow_private = parts.settings.webhooks_to_private_addresses

    @router.get("", response_model=Endpoints, responses=refusals())
    async def look(caller: MayWriteHooks) -> Any:
        """Every endpoint, the oldest first; a disabled one says why."""
        found = await parts.database.read(hooks.listed, caller.needs_business())
        return {"data": [_view(each) for each in found]}

    @router.get("/{endpoint_id}", response_model=EndpointShown, responses=refusals(404))
    async def one(caller: MayWriteHooks, endpoint_id: UUID) -> Any:
        """One endpoint."""
        return _view(await parts.database.read(_known, caller.needs_business(), endpoint_id))

    @router.patch("/{endpoint_id}", response_model=EndpointShown, responses=refusals(404))
    async def change(caller: MayWriteHooks, endpoint_id: UUID, wanted: ChangedEndpoint) -> Any:
        """Change its address or what it is told, switch it off, or on again after it failed for days."""
        if wanted.url is not None:
            _check(wanted.url, allow_private=allow_private)
        values = wanted.model_dump(exclude_none=True)
        return _view(await parts.database.write(_changed, caller.needs_business(), endpoint_id, values))

    @router.delete("/{endpoint_id}", status_code=204, responses=refusals(404))
    async def delete(caller: MayWriteHooks, endpoint_id: UUID) -> None:
        """Tell it nothing more; what waits for it is cancelled."""
        await parts.database.write(_deleted, caller.needs_business(), endpoint_id)


def _try(router: APIRouter, once: Once) -> None:
    """Something to try an endpoint with."""

    @router.post("/{endpoint_id}/test", status_code=202, response_model=Tried, responses=refusals(404, 409))
    async def try_it(
        caller: MayWriteHooks, endpoint_id: UUID, request: Request, _key: IdempotencyKey = None
    ) -> Response:
        """Send it a `webhook.test`. What came of it: `GET /v1/messages/{webhook_id}/explain`."""
        business_id = caller.needs_business()

        def work(connection: Connection) -> Answer:
            endpoint = _known(connection, business_id, endpoint_id)
            if endpoint.disabled_at is not None:
                raise Problem("conflict", "The endpoint is switched off; switch it on first.")
            return Answer(status_code=202, body={"webhook_id": hooks.announce_test(connection, endpoint, utc_now())})

        return await once.answer(request, business_id, work)


def _check(url: str, *, allow_private: bool) -> None:
    try:
        check_url(url, allow_private=allow_private)
    except BadWebhookUrl as error:
        problem, _, mend = str(error).partition("; ")
        raise invalid("url", problem, f"{mend[:1].upper()}{mend[1:]}.") from None


def _known(connection: Connection, business_id: str, endpoint_id: UUID) -> Endpoint:
    endpoint = hooks.find(connection, business_id, str(endpoint_id))
    if endpoint is None:
        raise not_found("endpoint")
    return endpoint


def _changed(connection: Connection, business_id: str, endpoint_id: UUID, values: Mapping[str, Any]) -> Endpoint:
    return hooks.change(connection, _known(connection, business_id, endpoint_id), values, utc_now())


def _deleted(connection: Connection, business_id: str, endpoint_id: UUID) -> None:
    hooks.delete(connection, _known(connection, business_id, endpoint_id), utc_now())


def _view(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": list(endpoint.events),
        "created_at": written(endpoint.created_at),
        "previous_secret_until": written(endpoint.previous_until),
        "disabled_at": written(endpoint.disabled_at),
        "disabled_reason": endpoint.disabled_reason,
    }
