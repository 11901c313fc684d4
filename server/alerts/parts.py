"""Joins what watches over the house, from the server's parts."""

from collections.abc import Callable, Sequence
from datetime import datetime

from channels.transport import Transport
from channels.whatsapp.graph import Graph
from channels.whatsapp.management import Management
from notifications.providers import Provider
from server.alerts.telling import Teller
from server.alerts.watch import AlertWatch
from server.health import Checkup
from server.parts import Parts, Runner, utc_now
from server.settings import Settings
from server.token_age.watch import TokenWatch
from server.tokens import tokens_of
from server.watching import readings
from server.watching.readings import Reading


def watches(parts: Parts) -> tuple[Runner, ...]:
    """What a worker does beside its work: ask how old tokens are, and tell somebody when something is wrong."""
    return build_token_watch(parts), build_alert_watch(parts)


def build_alert_watch(parts: Parts, clock: Callable[[], datetime] = utc_now) -> AlertWatch:
    """Watches over everything that /metrics tells, and over the database itself."""
    checkup = Checkup(parts)

    async def read() -> list[Reading]:
        found = await parts.database.read(readings.read)
        seen = await checkup.findings()
        return [*found, *readings.of_parts(seen.parts), *readings.of_disk(parts.settings.var_dir)]

    teller = build_teller(parts.settings, parts.senders.providers, parts.transports.beside, clock)
    return AlertWatch(database=parts.database, read=read, teller=teller, clock=clock)


def build_teller(
    settings: Settings,
    providers: Sequence[Provider],
    transport: Transport,
    clock: Callable[[], datetime] = utc_now,
) -> Teller:
    """Tells whom the settings name; `transport` leads to the webhook."""
    return Teller(
        addresses=settings.alert_addresses,
        url=settings.alert_webhook.get_secret_value(),
        language=settings.alert_language,
        providers=[each for each in providers if each.channel == "email"],
        transport=transport,
        secret=settings.relais_secret.get_secret_value(),
        clock=clock,
    )


def build_token_watch(parts: Parts, clock: Callable[[], datetime] = utc_now) -> TokenWatch:
    """Asks in the app's name where the settings name the app."""
    settings, tokens = parts.settings, tokens_of(parts.settings)
    app_id, app_secret = settings.whatsapp_app_id, settings.whatsapp_app_secret.get_secret_value()
    graph = Graph(parts.transports.beside, settings.whatsapp_base_url, settings.whatsapp_api_version, tokens)
    return TokenWatch(
        database=parts.database,
        management=Management(graph),
        tokens=tokens,
        app=None if app_id is None else (app_id, app_secret),
        secret=settings.relais_secret.get_secret_value(),
        clock=clock,
    )
