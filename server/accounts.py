"""The WhatsApp accounts of our businesses, as business.yml names them, and the way to ask Meta about them.

NoAccount       there is none to ask about; says what to add where
"""

import contextlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from channels.transport import AiohttpTransport, Transport
from channels.whatsapp.graph import Graph, Tokens
from channels.whatsapp.management import Management
from server import businesses
from server.settings import Settings
from server.tokens import tokens_of

CONNECTIONS = 4
"""A command asks one thing after another."""


class NoAccount(Exception):
    """No account fits what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Account:
    """A WhatsApp Business Account and the business whose numbers are part of it."""

    business: str
    waba_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """The way to ask: the Graph API, and what accounts ask of it."""

    transport: Transport
    tokens: Tokens
    graph: Graph
    management: Management


def accounts(settings: Settings, business: str | None = None, waba: str | None = None) -> list[Account]:
    """Each account once, of one business or all, in business.yml's order. Raises NoAccount, BadBusinessFile."""
    found = dict.fromkeys(
        Account(business=each.slug, waba_id=number.waba_id)
        for each in _businesses(settings, business)
        for number in each.numbers
        if number.waba_id is not None and waba in (None, number.waba_id)
    )
    if not found:
        wanted = f" {waba}" if waba is not None else ""
        raise NoAccount(f"{settings.business_file.name} names no waba_id{wanted}; add it to the number it belongs to.")
    return list(found)


def numbers(settings: Settings, business: str | None = None) -> list[tuple[str, businesses.Number]]:
    """(business, number) of one business or all. Raises NoAccount, BadBusinessFile."""
    return [(each.slug, number) for each in _businesses(settings, business) for number in each.numbers]


@contextlib.asynccontextmanager
async def asking_meta(settings: Settings) -> AsyncIterator[Meta]:
    """Connections to WhatsApp for as long as a command runs. Raises BadTokensFile."""
    transport = AiohttpTransport(limit=CONNECTIONS)
    tokens = tokens_of(settings)
    graph = Graph(transport, settings.whatsapp_base_url, settings.whatsapp_api_version, tokens)
    try:
        yield Meta(transport=transport, tokens=tokens, graph=graph, management=Management(graph))
    finally:
        await transport.aclose()


def _businesses(settings: Settings, slug: str | None) -> Iterable[businesses.Business]:
    every = businesses.read(settings.business_file)
    found = [each for each in every if slug in (None, each.slug)]
    if not found:
        known = ", ".join(each.slug for each in every)
        raise NoAccount(f"{settings.business_file.name} has no business {slug}; it has {known}.")
    return found
