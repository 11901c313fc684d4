"""Commands about WhatsApp itself, each in a file of its own, loaded when it is asked for."""

import importlib

import click

COMMANDS = {
    "connect": "server.commands.whatsapp_connect",
    "health": "server.commands.whatsapp_health",
    "parse": "server.commands.whatsapp_parse",
    "profile": "server.commands.whatsapp_profile",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return command


@click.group(cls=_Commands)
def whatsapp() -> None:
    """Connect numbers, see how Meta sees them, and look into webhooks.

    Example: ./relais whatsapp connect --check
    """
