"""`relais whatsapp profile`: what people see of the business."""

from collections.abc import Mapping
from typing import Any

import click
import uvloop

from channels.whatsapp.errors import WhatsAppError
from channels.whatsapp.limits import (
    MAX_PROFILE_ABOUT,
    MAX_PROFILE_ADDRESS,
    MAX_PROFILE_DESCRIPTION,
    MAX_PROFILE_EMAIL,
    MAX_PROFILE_WEBSITE,
    MAX_PROFILE_WEBSITES,
    length,
)
from server.accounts import asking_meta, numbers
from server.commands.running import configured
from server.settings import Settings

MOST = {
    "about": MAX_PROFILE_ABOUT,
    "address": MAX_PROFILE_ADDRESS,
    "description": MAX_PROFILE_DESCRIPTION,
    "email": MAX_PROFILE_EMAIL,
}
SHOWN = ("about", "description", "address", "email", "vertical", "websites")


@click.command()
@click.option("--business", help="Only this business, by its slug in business.yml.")
@click.option("--about", help="The line under the name.")
@click.option("--description", help="What the business does.")
@click.option("--address", help="Where it is.")
@click.option("--email", help="Where to write to it.")
@click.option("--vertical", help="Its kind of trade in Meta's words, such as RETAIL or RESTAURANT.")
@click.option("--website", "websites", multiple=True, help="Its page; twice for two.")
def profile(business: str | None, websites: tuple[str, ...], **texts: str | None) -> None:
    """Show what people see of each number's business, or change what is named.

    What is not named stays. Two websites at most; naming one replaces both.

    Example: ./relais whatsapp profile --business kimia --about "Vos colis, en ville" --website https://kimia.example
    """
    changes = {name: text for name, text in texts.items() if text is not None}
    _check(changes, websites)
    settings = configured()
    wanted = {**changes, "websites": list(websites)} if websites else changes
    if not uvloop.run(_show(settings, business, wanted)):
        raise SystemExit(1)


def _check(texts: Mapping[str, str], websites: tuple[str, ...]) -> None:
    for name, text in texts.items():
        most = MOST.get(name)
        if most is not None and length(text) > most:
            raise click.BadParameter(f"{length(text)} characters; WhatsApp takes {most}.", param_hint=f"--{name}")
    if len(websites) > MAX_PROFILE_WEBSITES:
        raise click.BadParameter(f"WhatsApp shows {MAX_PROFILE_WEBSITES} at most.", param_hint="--website")
    for website in websites:
        if not website.startswith(("https://", "http://")) or length(website) > MAX_PROFILE_WEBSITE:
            raise click.BadParameter(
                f"{website} is no address of at most {MAX_PROFILE_WEBSITE} characters that begins with "
                "https:// or http://.",
                param_hint="--website",
            )


async def _show(settings: Settings, business: str | None, changes: Mapping[str, Any]) -> bool:
    """Change and print each number's profile; whether Meta answered for all of them."""
    is_well = True
    async with asking_meta(settings) as meta:
        for slug, number in numbers(settings, business):
            try:
                if changes:
                    await meta.management.change_profile(number.phone_number_id, changes)
                found = await meta.management.profile(number.phone_number_id)
            except WhatsAppError as error:
                click.echo(f"{slug} (number {number.phone_number_id}): {error}", err=True)
                is_well = False
                continue
            click.echo(f"{slug} (number {number.phone_number_id})")
            for name in SHOWN:
                click.echo(f"  {name}: {_text(found.get(name)) or '–'}")
    return is_well


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
