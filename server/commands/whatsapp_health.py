"""`relais whatsapp health`: how Meta sees our numbers."""

import click
import sqlalchemy as sa
import uvloop

from channels.whatsapp.errors import WhatsAppError
from notifications import numbers as health_of_numbers
from notifications.numbers import NumberHealth
from server.accounts import Meta, asking_meta, numbers
from server.businesses import Number
from server.commands.running import configured
from server.parts import utc_now
from server.settings import Settings
from storage.database import Database, open_database
from storage.migrate import require_current
from storage.tables import phone_numbers


@click.command()
@click.option("--business", help="Only this business, by its slug in business.yml.")
@click.option("--stored", is_flag=True, help="Ask nobody; say what the server knows.")
def health(business: str | None, stored: bool) -> None:
    """Ask Meta how each number is, keep that for the server, and say what is worrying.

    Shows quality, status, throughput, messaging limit, name, and whether a person uses it in the app as well.
    Fails when something is worrying.

    Example: ./relais whatsapp health --business kimia
    """
    settings = configured()
    ours = {number.phone_number_id: number for _, number in numbers(settings, business)}
    found, problems = uvloop.run(_look(settings, ours, stored=stored))
    for each in found:
        if each.phone_number_id in ours:
            _print(each)
    for problem in problems:
        click.echo(f"Not asked: {problem}", err=True)
    if problems or any(each.concerns for each in found if each.phone_number_id in ours):
        raise SystemExit(1)


async def _look(settings: Settings, ours: dict[str, Number], *, stored: bool) -> tuple[list[NumberHealth], list[str]]:
    problems: list[str] = []
    database = open_database(settings.database)
    try:
        await database.read(require_current)
        if not stored:
            async with asking_meta(settings) as meta:
                for phone_number_id in ours:
                    try:
                        await _ask(database, meta, phone_number_id)
                    except WhatsAppError as error:
                        problems.append(f"{phone_number_id}: {error}")
        return await database.read(health_of_numbers.health, utc_now()), problems
    finally:
        await database.close()


async def _ask(database: Database, meta: Meta, phone_number_id: str) -> None:
    state = await meta.management.number(phone_number_id)
    n = phone_numbers.c
    owner = sa.select(n.business_id).where(n.phone_number_id == phone_number_id)
    business_id = await database.read(lambda connection: connection.scalar(owner))
    if business_id is None:
        raise click.ClickException(f"The database does not know number {phone_number_id}: run `./relais migrate`.")
    await database.write(health_of_numbers.keep, state, business_id, utc_now())


def _print(health: NumberHealth) -> None:
    click.echo(f"{health.business} (number {health.phone_number_id}, {health.display_number})")
    facts = {
        "status": health.status,
        "quality": health.quality,
        "limit": health.messaging_limit,
        "throughput": health.throughput,
        "name": health.name_status,
        "in the app too": None if health.is_on_app is None else ("yes" if health.is_on_app else "no"),
    }
    click.echo("  " + ", ".join(f"{name} {value or 'unknown'}" for name, value in facts.items()))
    asked = "never asked" if health.checked_at is None else f"asked {health.checked_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"  {asked}")
    for concern in health.concerns:
        click.echo(f"  ✗ {concern}")
