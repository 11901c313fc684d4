"""What an account asks of the Graph API beside sending: templates, numbers, subscribed apps, tokens, its profile.

Being throttled (codes 4 and 80007) is waited out where Meta names a short time, and raised where it names a long one.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from channels.whatsapp.account import (
    NUMBER_FIELDS,
    PROFILE_FIELDS,
    TEMPLATE_FIELDS,
    NumberState,
    RemoteTemplate,
    SubscribedApp,
    TemplateAnswer,
    TokenFacts,
    read_number,
    read_subscribed_app,
    read_template,
    read_template_answer,
    read_token_facts,
)
from channels.whatsapp.answers import LOST_ANSWER
from channels.whatsapp.errors import Retryable, Throttled, UnknownOutcome
from channels.whatsapp.graph import Graph
from channels.whatsapp.messages import InvalidMessage, is_digits

PAGE_SIZE: Final = 100
"""items asked for at once; Meta gives no more of templates."""

MAX_PAGES: Final = 100
"""pages; 10,000 items are more than an account may have (6,000 templates, reported), so more is a circle."""

TRIES: Final = 3
"""of one request that was throttled or met a moment's trouble. Our choice."""

LONGEST_WAIT_SECONDS: Final = 60
"""A person or a poll waits no longer than this for being let through again; longer ones are told. Our choice."""

FIRST_WAIT_SECONDS: Final = 2

type Sleep = Callable[[float], Awaitable[None]]


class Management:
    """Asks about accounts and numbers of ours. Every method raises WhatsAppError, and InvalidMessage for an odd id."""

    def __init__(self, graph: Graph, sleep: Sleep = asyncio.sleep) -> None:
        self._graph = graph
        self._sleep = sleep

    async def templates(self, waba_id: str) -> list[RemoteTemplate]:
        """Every template of an account, in Meta's order."""
        found = await self._pages(waba_id, "message_templates", TEMPLATE_FIELDS)
        return [template for each in found if (template := read_template(each)) is not None]

    async def create_template(self, waba_id: str, document: Mapping[str, Any]) -> TemplateAnswer:
        """Create one; Meta reviews it. At most 100 in an hour."""
        answer = await self._ask("POST", _edge(waba_id, "message_templates"), owner=waba_id, document=document)
        return read_template_answer(answer)

    async def edit_template(self, waba_id: str, template_id: str, document: Mapping[str, Any]) -> TemplateAnswer:
        """Replace one's components; Meta reviews it again. An approved one: once in 24 hours, ten times in 30 days."""
        answer = await self._ask("POST", _node(template_id), owner=waba_id, document=document)
        return read_template_answer(answer)

    async def delete_template(self, waba_id: str, name: str, template_id: str | None = None) -> None:
        """Delete one language by its id, or without an id ALL languages of the name."""
        params = {"name": name} | ({"hsm_id": template_id} if template_id else {})
        await self._ask("DELETE", _edge(waba_id, "message_templates"), owner=waba_id, params=params)

    async def number(self, phone_number_id: str) -> NumberState:
        """One number as Meta sees it."""
        params = {"fields": NUMBER_FIELDS}
        document = await self._ask("GET", _node(phone_number_id), owner=phone_number_id, params=params)
        found = read_number({"id": phone_number_id, **document})
        assert found is not None  # noqa: S101 - its id was given
        return found

    async def numbers(self, waba_id: str) -> list[NumberState]:
        """Every number of an account."""
        found = await self._pages(waba_id, "phone_numbers", NUMBER_FIELDS)
        return [number for each in found if (number := read_number(each)) is not None]

    async def register(self, phone_number_id: str, pin: str) -> None:
        """Let a number speak through the Cloud API; the pin of six digits is its two-step verification."""
        document = {"messaging_product": "whatsapp", "pin": pin}
        await self._ask("POST", _edge(phone_number_id, "register"), owner=phone_number_id, document=document)

    async def subscribed_apps(self, waba_id: str) -> list[SubscribedApp]:
        """The apps that get the account's webhooks."""
        document = await self._ask("GET", _edge(waba_id, "subscribed_apps"), owner=waba_id)
        return [app for each in _data(document) if (app := read_subscribed_app(each)) is not None]

    async def subscribe(self, waba_id: str, callback_url: str | None = None, verify_token: str | None = None) -> None:
        """Subscribe the token's app to the account; with a callback, this account's webhooks go there."""
        override = {"override_callback_uri": callback_url, "verify_token": verify_token} if callback_url else {}
        await self._ask("POST", _edge(waba_id, "subscribed_apps"), owner=waba_id, document=override)

    async def unsubscribe(self, waba_id: str) -> None:
        """Let the token's app get no more webhooks of the account."""
        await self._ask("DELETE", _edge(waba_id, "subscribed_apps"), owner=waba_id)

    async def token_facts(self, token: str, *, owner: str, app: tuple[str, str] | None = None) -> TokenFacts:
        """What Meta knows of a token.

        `app` is the app's id and secret: asked in its name, a wrong secret is refused (190, 1 or 101). Without it the
        token asks about itself, and one that is not valid is refused (190).
        """
        caller = f"{app[0]}|{app[1]}" if app is not None else token
        document = await self._ask(
            "GET",
            "debug_token",
            owner=owner,
            params={"input_token": token},
            headers={"Authorization": f"Bearer {caller}"},
        )
        return read_token_facts(document)

    async def profile(self, phone_number_id: str) -> Mapping[str, Any]:
        """What people see of the business: about, address, description, email, vertical, websites."""
        params = {"fields": PROFILE_FIELDS}
        edge = _edge(phone_number_id, "whatsapp_business_profile")
        document = await self._ask("GET", edge, owner=phone_number_id, params=params)
        found = _data(document)
        return found[0] if found and isinstance(found[0], Mapping) else {}

    async def change_profile(self, phone_number_id: str, changes: Mapping[str, Any]) -> None:
        """Change what people see of the business; what is not named stays."""
        document = {"messaging_product": "whatsapp", **changes}
        edge = _edge(phone_number_id, "whatsapp_business_profile")
        await self._ask("POST", edge, owner=phone_number_id, document=document)

    async def _pages(self, waba_id: str, edge: str, fields: str) -> list[Any]:
        """Follow the cursors until there is no next page; a cursor that comes back ends it too."""
        items: list[Any] = []
        params = {"fields": fields, "limit": str(PAGE_SIZE)}
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            document = await self._ask("GET", _edge(waba_id, edge), owner=waba_id, params=params)
            items += _data(document)
            after = _next_cursor(document)
            if after is None or after in seen:
                break
            seen.add(after)
            params = {**params, "after": after}
        return items

    async def _ask(self, method: str, path: str, *, owner: str, **request: Any) -> dict[str, Any]:
        """One request, tried again where nothing was carried out and the wait is short."""
        wait = FIRST_WAIT_SECONDS
        for left in reversed(range(TRIES)):
            try:
                response = await self._graph.request(method, path, owner=owner, **request)
            except (Retryable, Throttled) as error:
                wait = max(wait, error.retry_after_seconds or 0)
                if not left or wait > LONGEST_WAIT_SECONDS:
                    raise
                await self._sleep(wait)
                wait *= 2
            else:
                return _object(response.body)
        raise AssertionError("unreachable")


def _node(id: str) -> str:
    if not is_digits(id):
        raise InvalidMessage("id", "is not made of digits alone")
    return id


def _edge(id: str, edge: str) -> str:
    return f"{_node(id)}/{edge}"


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise UnknownOutcome(LOST_ANSWER, title="The answer is not a JSON object.")
    return document


def _data(document: Mapping[str, Any]) -> Sequence[Any]:
    data = document.get("data")
    return data if isinstance(data, list) else []


def _next_cursor(document: Mapping[str, Any]) -> str | None:
    paging = document.get("paging")
    if not isinstance(paging, Mapping) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, Mapping) else None
    return after if isinstance(after, str) and after else None
