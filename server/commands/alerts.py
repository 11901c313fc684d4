"""Commands about alerts: what is wrong, whether it reaches somebody, the rules for Prometheus."""

from collections.abc import Sequence
from datetime import UTC

import click
import uvloop
from sqlalchemy.engine import Connection

from channels.transport import AiohttpTransport
from server.alerts import prometheus, saying, standing
from server.alerts.notices import Recipient
from server.alerts.parts import build_teller
from server.alerts.standing import Alert
from server.alerts.telling import WEBHOOK, signing_secret
from server.commands.database import written
from server.commands.running import configured
from server.senders import Senders
from server.settings import Settings
from storage.migrate import require_current
from storage.types import new_id


@click.group()
def alerts() -> None:
    """See what is wrong with the house, and try whether it reaches somebody.

    Example: ./relais alerts list
    """


@alerts.command("list")
@click.option("--over", is_flag=True, help="What is over, too.")
def list_alerts(over: bool) -> None:
    """List what is wrong, since when, what to do, and who is on it. Fails when something is wrong and nobody is.

    Example: ./relais alerts list --over
    """
    language = configured().alert_language
    found, past = written(_read, over)
    for each in (*found, *past):
        click.echo(_line(each, language))
        if each.over_at is None:
            click.echo(f"    {saying.advice(each, language)}")
    click.echo(f"{len(found)} standing." if found else "Nothing is wrong.")
    if any(each.acknowledged_at is None for each in found):
        raise SystemExit(1)


@alerts.command("test")
def test() -> None:
    """Send a test to everybody who is told, and say whom it reached. Fails where it did not reach somebody.

    Example: ./relais alerts test
    """
    settings = configured()
    told = uvloop.run(_try_all(settings))
    if not told:
        raise click.ClickException("Nobody is told: set ALERT_EMAILS, ALERT_WEBHOOK or both.")
    for recipient, problem in told:
        whom = "the webhook" if recipient.way == WEBHOOK else recipient.address
        click.echo(f"✓ {whom}: sent" if problem is None else f"✗ {whom}: {problem}")
    if any(problem is not None for _, problem in told):
        raise SystemExit(1)


@alerts.command("secret")
def secret() -> None:
    """Show what the webhook is signed with (standardwebhooks.com), for whoever checks it.

    Example: ./relais alerts secret
    """
    click.echo(signing_secret(configured().relais_secret.get_secret_value()))


@alerts.command("rules")
def rules() -> None:
    """Write the rules down for Prometheus.

    Example: ./relais alerts rules > deploy/prometheus/alerts.yml
    """
    click.echo(prometheus.rules_file(), nl=False)


async def _try_all(settings: Settings) -> list[tuple[Recipient, str | None]]:
    transport = AiohttpTransport(limit=1)
    senders = Senders(settings, transport)
    try:
        teller = build_teller(settings, senders.providers, transport)
        return [(each, await teller.tell(new_id(), "test", None, each)) for each in teller.recipients]
    finally:
        await senders.aclose()
        await transport.aclose()


def _read(connection: Connection, over: bool) -> tuple[Sequence[Alert], Sequence[Alert]]:
    require_current(connection)
    return standing.standing(connection), standing.history(connection) if over else []


def _line(alert: Alert, language: str) -> str:
    since = f"{alert.began_at.astimezone(UTC):%Y-%m-%d %H:%M}Z"
    whose = f", {alert.acknowledged_by} is on it" if alert.acknowledged_by else ""
    until = "" if alert.over_at is None else f" to {alert.over_at.astimezone(UTC):%Y-%m-%d %H:%M}Z, over"
    return f"{alert.severity:6}  {alert.rule}  {saying.summary(alert, language)}  (since {since}{until}{whose})"
