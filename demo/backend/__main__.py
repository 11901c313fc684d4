"""Starts the demo backend: `python -m demo.backend`."""

import errno
import socket
import sys

import click
import uvicorn

from demo.backend.app import create_app, openapi_text
from demo.backend.settings import SettingsError, read_settings
from demo.backend.store import NotOurs

HOST = "127.0.0.1"
BACKLOG = 512  # connections that may wait to be accepted
LAST_ANSWERS_SECONDS = 1  # a call that is being kept waiting by a fault must not keep the process alive


class CannotListen(Exception):
    """The port cannot be had; the message names the setting that moves it."""


@click.command()
@click.option("--reset", is_flag=True, help="Start from the first day: forget every change to the data.")
@click.option("--openapi", is_flag=True, help="Print the contract as OpenAPI and stop.")
def main(*, reset: bool, openapi: bool) -> None:
    """Serve the demo's missions and products, and a page to move them on.

    Example: python -m demo.backend --reset
    """
    if openapi:
        click.echo(openapi_text(), nl=False)
        return
    try:
        serve(reset=reset)
    except (SettingsError, CannotListen, NotOurs) as error:
        click.echo(error, err=True)
        sys.exit(1)


def serve(*, reset: bool) -> None:
    """Take the port first: whoever has it may be using the data that a reset would change."""
    settings = read_settings()
    with _listen(settings.backend_port) as listener:
        app = create_app(settings, reset=reset)
        click.echo(f"Demo backend: http://{HOST}:{settings.backend_port}/ (missions, and buttons to move them)")
        # No access log: search words are in URLs.
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
        )
        uvicorn.Server(config).run(sockets=[listener])


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise CannotListen(f"Port {port} on {HOST} {why}: stop what uses it, or set BACKEND_PORT to another.") from None
    return listener


if __name__ == "__main__":
    main()
