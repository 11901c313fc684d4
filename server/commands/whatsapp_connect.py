"""`relais whatsapp connect`: everything a real number needs, step by step."""

import click
import uvloop

from server.accounts import asking_meta, numbers
from server.commands.running import configured
from server.connect_checks import Grade
from server.connecting import Connecting, Wishes
from server.parts import utc_now


@click.command()
@click.option("--business", help="Only this business, by its slug in business.yml.")
@click.option("--number", "phone_number_id", help="Only this number, by its phone_number_id.")
@click.option("--check", "check_only", is_flag=True, help="Change nothing at Meta, only look.")
@click.option("--pin", help="Register a number that is not yet; six digits that you choose and keep.")
@click.option("--override", is_flag=True, help="Let this account's webhooks go to PUBLIC_URL, whatever the app says.")
@click.option("--send-to", help="Send a test template to this WhatsApp number; digits with the country code.")
@click.option("--template", default="hello_world", show_default=True, help="The test template; one without variables.")
@click.option("--language", default="en_US", show_default=True, help="The test template's language.")
def connect(
    business: str | None,
    phone_number_id: str | None,
    check_only: bool,
    pin: str | None,
    override: bool,
    send_to: str | None,
    template: str,
    language: str,
) -> None:
    """Check what a number needs, do what is missing, and say what only you can do.

    Looks at settings, app secret, token, webhook, number, registration, name, subscription, callback, health and
    profile. Subscribes the app where it is not; registers with --pin. Asks nothing; fails when something is wrong.

    Example: ./relais whatsapp connect --check --business kimia
    """
    if pin is not None and not (len(pin) == 6 and pin.isascii() and pin.isdigit()):
        raise click.UsageError("--pin takes six digits.")
    settings = configured()
    wishes = Wishes(
        check_only=check_only, pin=pin, override=override, send_to=send_to, template=template, language=language
    )
    chosen = [
        (slug, number)
        for slug, number in numbers(settings, business)
        if phone_number_id in (None, number.phone_number_id)
    ]
    if not chosen:
        raise click.ClickException(f"{settings.business_file.name} has no number {phone_number_id}.")

    async def connect_each() -> bool:
        is_well = True
        async with asking_meta(settings) as meta:
            for slug, number in chosen:
                click.echo(f"{slug} (number {number.phone_number_id})")
                async for check in Connecting(settings, meta, number, wishes, utc_now()).steps():
                    click.echo(f"  {check}")
                    is_well = is_well and check.grade is not Grade.WRONG
        return is_well

    if not uvloop.run(connect_each()):
        raise SystemExit(1)
