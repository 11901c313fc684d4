"""The command line: `./relais`, one sentence when something is wrong and an exit code that says so."""

import importlib
import sys

import click

COMMANDS = {
    "alerts": "server.commands.alerts",
    "migrate": "server.commands.running",
    "serve": "server.commands.running",
    "web": "server.commands.running",
    "worker": "server.commands.running",
    "chat": "server.commands.chat",
    "lint": "server.commands.lint",
    "messages": "server.commands.messages",
    "models": "server.commands.models",
    "review": "server.commands.review",
    "figures": "server.commands.figures",
    "turns": "server.commands.turns",
    "handoffs": "server.commands.handoffs",
    "person": "server.commands.person",
    "nlu": "server.commands.nlu",
    "inbox": "server.commands.inbox",
    "keys": "server.commands.keys",
    "staff": "server.commands.staff",
    "templates": "server.commands.templates",
    "welcome": "server.commands.welcome",
    "whatsapp": "server.commands.whatsapp",
    "workflows": "server.commands.workflows",
}
"""Where each command lives. A module is loaded when its command is asked for, so that light ones start at once."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Turn the errors that a person can mend into their sentence, without a traceback."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if isinstance(error, _mendable()):
                raise click.ClickException(str(error)) from None
            raise


def _mendable() -> tuple[type[Exception], ...]:
    from channels.whatsapp.errors import WhatsAppError
    from channels.whatsapp.messages import InvalidMessage
    from channels.whatsapp.templates.files import BadTemplateFile
    from channels.whatsapp.tokens import BadTokensFile
    from notifications.access import NoSuchBusiness, NoSuchKey
    from notifications.prices import BadPriceBook
    from notifications.workflows import WorkflowError
    from server.accounts import NoAccount
    from server.businesses import BadBusinessFile
    from server.chat.phone import CannotChat
    from server.lint.project import Unreadable
    from server.models.errors import ModelError
    from server.serve import CannotStart
    from server.settings import BadSettings
    from staff.members import StaffError
    from storage.database import StorageError

    ours = BadSettings, BadBusinessFile, CannotStart, StorageError
    known = NoSuchBusiness, NoSuchKey, StaffError, ModelError
    files = BadTemplateFile, WorkflowError, BadPriceBook, Unreadable
    return *ours, *known, *files, CannotChat, BadTokensFile, NoAccount, WhatsAppError, InvalidMessage


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def relais() -> None:
    """Relais, a WhatsApp assistant for businesses that deliver, sell and take appointments."""


if __name__ == "__main__":
    sys.exit(relais(prog_name="relais"))
