"""The command line: `./relais`, one sentence when something is wrong and an exit code that says so."""

import sys

import click

from server.businesses import BadBusinessFile
from server.commands.running import migrate, serve, web, worker
from server.commands.turns import turns
from server.commands.welcome import welcome
from server.serve import CannotStart
from server.settings import BadSettings
from storage.database import StorageError


class _OneSentence(click.Group):
    """Turns the errors a person can mend into their sentence, without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (BadSettings, BadBusinessFile, CannotStart, StorageError) as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=_OneSentence, context_settings={"help_option_names": ["-h", "--help"]})
def relais() -> None:
    """Relais, a WhatsApp assistant for businesses that deliver, sell and take appointments."""


for command in (migrate, serve, web, worker, turns, welcome):
    relais.add_command(command)

if __name__ == "__main__":
    sys.exit(relais(prog_name="relais"))
