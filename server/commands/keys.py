"""Commands about API keys."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import click

from notifications import access
from notifications.access import ApiKey, Scope
from server.commands.database import written
from server.commands.running import configured
from server.parts import utc_now

KEPT_HOURS = 24


@click.group()
def keys() -> None:
    """Make, list, revoke and rotate the keys of the push API.

    Example: ./relais keys create --business kimia --name shop --scope notify
    """


@keys.command()
@click.option("--business", required=True, help="Whose key it is: the slug in business.yml.")
@click.option("--name", required=True, help="What it is for, so that you know it again.")
@click.option(
    "--scope", "scopes", required=True, multiple=True, type=click.Choice([scope.value for scope in Scope]),
    help="What it may do; repeat it for several.",
)  # fmt: skip
@click.option("--test", "is_test", is_flag=True, help="What is made with it never leaves the house.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it ends, at midnight UTC.")
def create(business: str, name: str, scopes: Sequence[str], is_test: bool, expires: datetime | None) -> None:
    """Make a key and print it, once: nobody can be told it again.

    Example: ./relais keys create --business kimia --name shop --scope notify --scope events
    """
    now = utc_now()
    expires_at = expires.replace(tzinfo=UTC) if expires else None
    if expires_at is not None and expires_at <= now:
        raise click.BadParameter("must be a day to come.", param_hint="--expires")
    key, secret = written(
        access.create,
        business=business,
        name=name,
        scopes=[Scope(scope) for scope in scopes],
        is_test=is_test,
        expires_at=expires_at,
        now=now,
    )
    _show_once(key, secret)


@keys.command("list")
@click.option("--business", help="Those of one business alone.")
def list_keys(business: str | None) -> None:
    """List keys: what may be seen of them, what they may do, when they were last used.

    Example: ./relais keys list --business kimia
    """
    now, found = utc_now(), written(access.listed, business)
    for key in found:
        used = f"used {key.last_used_at:%Y-%m-%d %H:%M}Z" if key.last_used_at else "never used"
        click.echo(f"{key.prefix}…  {key.business}  {_state(key, now)}  {used}  {key.name}")
        click.echo(f"    {', '.join(sorted(key.scopes))}")
    if not found:
        click.echo("There are no keys; make one with `./relais keys create`.")


@keys.command()
@click.argument("key")
def revoke(key: str) -> None:
    """End a key at once; name it by its beginning or its id.

    Example: ./relais keys revoke rk_live_1a2B3c4D
    """
    revoked = written(access.revoke, key.rstrip("…"), utc_now())
    click.echo(f"{revoked.prefix}… opens nothing any more.")


@keys.command()
@click.argument("key")
@click.option(
    "--keep-hours", type=click.IntRange(0, 720), default=KEPT_HOURS, show_default=True, help="For the old one."
)
def rotate(key: str, keep_hours: int) -> None:
    """Make a key that may do the same, and let the old one end a while later.

    Example: ./relais keys rotate rk_live_1a2B3c4D --keep-hours 2
    """
    made, secret = written(access.rotate, key.rstrip("…"), timedelta(hours=keep_hours), utc_now())
    _show_once(made, secret)
    click.echo(f"The old one ends in {keep_hours} hours.")


@keys.command("signing-secret")
@click.argument("key")
def show_signing_secret(key: str) -> None:
    """Print with what the holder of a key may sign events, and where to send them.

    Example: ./relais keys signing-secret rk_live_1a2B3c4D
    """
    found = written(access.named, key.rstrip("…"))
    click.echo(access.signing_secret(configured().relais_secret.get_secret_value(), found.id))
    click.echo(f"Send events to /v1/events?key={found.id}, signed as standardwebhooks.com has it.")


def _show_once(key: ApiKey, secret: str) -> None:
    click.echo(secret)
    click.echo("Keep it now, for it is not shown again. It may: " + ", ".join(sorted(key.scopes)) + ".")
    if key.is_test:
        click.echo("It is a test key: what is made with it never leaves the house.")


def _state(key: ApiKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at is None:
        return "valid"
    word = "valid until" if now < key.expires_at else "expired"
    return f"{word} {key.expires_at:%Y-%m-%d %H:%M}Z"
