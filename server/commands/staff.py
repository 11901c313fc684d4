"""Commands about those who work at the desk: for whoever has the machine, also when nobody can log in."""

from collections.abc import Sequence

import click
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from server.commands.database import written
from server.commands.running import configured
from server.desk.first_link import desk_address
from server.parts import utc_now
from staff import Member, Role, links, members
from staff.audit import Deed, keep
from staff.member import Roles
from staff.members import NoSuchMember
from storage.tables import businesses


@click.group()
def staff() -> None:
    """List, invite and end those who work at the desk; give somebody a new password.

    Example: ./relais staff invite awa@example.com --role agent --business kimia
    """


@staff.command("list")
def list_staff() -> None:
    """List who works here, as what, and whether a second factor guards them.

    Example: ./relais staff list
    """
    everybody, slugs = written(_everybody)
    for each in everybody:
        state = "no longer here" if each.disabled_at else "second factor" if each.has_second_factor else "password"
        roles = ", ".join(
            f"{role} at {slugs[where] if where else 'the whole house'}" for where, role in each.roles.items()
        )
        click.echo(f"{each.email}  {state}  {each.name}")
        click.echo(f"    {roles or 'no role'}")
    if not everybody:
        click.echo("Nobody yet; `./relais staff first` prints the link for the first admin.")


@staff.command()
def first() -> None:
    """Print a link for the first admin, as the server does at its start while there is none.

    Example: ./relais staff first
    """
    token = written(links.first, utc_now())
    if token is None:
        raise click.ClickException("There is an admin; let them invite you, or use `./relais staff reset`.")
    _show(token, "Open it to become the first admin; it holds for 24 hours and opens once.")


@staff.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="As what.")
@click.option("--business", "slugs", multiple=True, help="Where; repeat it for several. Left out: in the whole house.")
def invite(email: str, role: str, slugs: Sequence[str]) -> None:
    """Print a link by which somebody joins.

    Example: ./relais staff invite awa@example.com --role agent --business kimia
    """
    if "@" not in email:
        raise click.BadParameter("must be an address such as awa@example.com.", param_hint="EMAIL")
    token = written(_invite, email, Role(role), slugs)
    _show(token, f"Hand it to {email}; it holds for a week and opens once.")


@staff.command()
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="Also turn their second factor off.")
def reset(email: str, second_factor: bool) -> None:
    """Print a link by which somebody takes a new password; their sessions end with it.

    Example: ./relais staff reset awa@example.com --second-factor
    """
    token = written(_reset, email, second_factor)
    _show(token, f"Hand it to {email}; it holds for 24 hours and opens once.")


@staff.command()
@click.argument("email")
def disable(email: str) -> None:
    """Let nothing open for somebody any more, at once.

    Example: ./relais staff disable awa@example.com
    """
    written(_disable, email)
    click.echo(f"Nothing opens for {email} any more.")


def _show(token: str, told: str) -> None:
    click.echo(f"{desk_address(configured())}/links/{token}")
    click.echo(told)


def _everybody(connection: Connection) -> tuple[Sequence[Member], dict[str, str]]:
    slugs = {row.id: row.slug for row in connection.execute(sa.select(businesses.c.id, businesses.c.slug))}
    return members.listed(connection), slugs


def _invite(connection: Connection, email: str, role: Role, slugs: Sequence[str]) -> str:
    now = utc_now()
    ids = {row.slug: row.id for row in connection.execute(sa.select(businesses.c.id, businesses.c.slug))}
    unknown = [slug for slug in slugs if slug not in ids]
    if unknown:
        raise members.StaffError(f"No business is called {unknown[0]}; there are: {', '.join(sorted(ids))}.")
    roles: Roles = {ids[slug]: role for slug in slugs} or {None: role}
    keep(connection, Deed.INVITED, now, member_id=None)
    return links.invite(connection, email=email, roles=roles, made_by=None, now=now)


def _reset(connection: Connection, email: str, second_factor: bool) -> str:
    now, found = utc_now(), _named(connection, email)
    keep(connection, Deed.LINK_MADE, now, member_id=None, subject=("member", found.id))
    return links.reset(connection, found.id, clears_second_factor=second_factor, made_by=None, now=now)


def _disable(connection: Connection, email: str) -> None:
    now, found = utc_now(), _named(connection, email)
    members.disable(connection, found.id, now)
    keep(connection, Deed.DISABLED, now, member_id=None, subject=("member", found.id))


def _named(connection: Connection, email: str) -> Member:
    found = members.find_by_email(connection, email)
    if found is None:
        raise NoSuchMember(f"Nobody logs in with {email}; `./relais staff list` tells who there is.")
    return found
