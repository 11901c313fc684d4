"""The bot's process: Rasa with our channel and stores, listening on loopback.

Started by `relais_bot.launcher`, which starts it again when it dies. It serves the channels of credentials.yml and
nothing else: Rasa's REST API, which can load models and read conversations, is not part of it.
"""

import argparse
import asyncio
import errno
import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relais_bot import light, quiet
from relais_bot.credentials import channel, channels_named
from relais_bot.model_archive import metadata_of
from relais_bot.parent import die_with
from relais_bot.rasa_version import require_supported_rasa
from relais_bot.refusals import EXIT_REFUSED, PORT_TAKEN, Refused
from relais_bot.settings import HOST, Settings

if TYPE_CHECKING:
    from sanic import Sanic

logger = logging.getLogger("relais_bot.server")

CREDENTIALS = "credentials.yml"
ENDPOINTS = "endpoints.yml"

#: A turn (20 s) behind another of the same sender (30 s at most), with room to answer.
RESPONSE_SECONDS = 60
KEEP_ALIVE_SECONDS = 120
#: Turns under way are finished; the launcher waits a little longer before it kills.
SHUTDOWN_SECONDS = 20.0


def main() -> None:
    options = _options()
    if options.parent:
        die_with(options.parent)
    try:
        settings = Settings.from_env(os.environ)
        require_supported_rasa()
        serve(settings, options.model)
    except Refused as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(EXIT_REFUSED)


def serve(settings: Settings, model: Path) -> None:
    """Runs until SIGTERM or SIGINT."""
    started = time.monotonic()
    quiet.prepare_environment(os.environ, str(settings.var_dir / "home"))
    os.environ["ACTIONS_URL"] = settings.actions_url
    os.environ["RELAIS_URL"] = settings.server_url  # as the turn channel calls it, which other projects use too
    for name in (CREDENTIALS, ENDPOINTS):
        if not Path(name).exists():
            raise Refused(f"There is no {name} in {Path.cwd()}: start the bot from the root of the repository.")
    light.leave_out_unused_parts(metadata_of(model), channels_named(Path(CREDENTIALS)))
    app = _create_app(settings, model)
    quiet.configure_logs(settings.log_level)

    async def say_ready(*_: Any) -> None:
        logger.info(f"Bot ready on http://{HOST}:{settings.port} after {time.monotonic() - started:.1f} s.")

    app.register_listener(say_ready, "after_server_start")
    try:
        app.run(host=HOST, port=settings.port, workers=1, access_log=False, motd=False)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise Refused(PORT_TAKEN.format(port=settings.port)) from error


def _create_app(settings: Settings, model: Path) -> "Sanic":
    # Imported here: what comes before decides what these imports bring along.
    import rasa.shared.utils.io
    from rasa.core.channels.channel import register
    from rasa.core.utils import AvailableEndpoints
    from sanic import Sanic

    from relais_bot.agent import create_agent
    from relais_bot.publishing import publish_from

    app = Sanic("relais_bot", configure_logging=False)
    app.config.RESPONSE_TIMEOUT = RESPONSE_SECONDS
    app.config.KEEP_ALIVE_TIMEOUT = KEEP_ALIVE_SECONDS
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = SHUTDOWN_SECONDS
    credentials = rasa.shared.utils.io.read_config_file(CREDENTIALS)
    register([channel(name, of) for name, of in credentials.items()], app, route="/webhooks/")

    # Before listening: a refused connection is the clearest "not yet" there is.
    endpoints = AvailableEndpoints.read_endpoints(ENDPOINTS)
    app.ctx.agent = create_agent(endpoints)
    # The model itself, not the name that may point to another one tomorrow.
    app.ctx.agent.load_model(model.resolve())
    _let_models_change(app, settings, endpoints, model.parent)
    if endpoints.event_broker is not None:
        publish_from(app, endpoints.event_broker)

    async def close(app: Sanic, _: Any) -> None:
        if app.ctx.agent.action_endpoint is not None:
            await app.ctx.agent.action_endpoint.close()
        app.ctx.agent.tracker_store.close()

    app.register_listener(close, "after_server_stop")
    return app


def _let_models_change(app: "Sanic", settings: Settings, endpoints: Any, models: Path) -> None:
    """Another model may take this one's place while turns run: the server asks for it, or a name means it."""
    from relais_bot.model_fetch import ModelSource, follow_the_name, pull
    from relais_bot.model_routes import model_blueprint
    from relais_bot.model_swap import ModelSwap

    tasks: list[asyncio.Task[None]] = []
    swap = ModelSwap(app.ctx, endpoints, models)
    app.blueprint(model_blueprint(swap, ModelSource(models, settings.server_url, settings.secret), settings.secret))

    async def begin(*_: Any) -> None:
        tasks.append(asyncio.ensure_future(follow_the_name(swap)))
        if endpoints.model is not None:
            tasks.append(asyncio.ensure_future(pull(swap, endpoints.model)))

    async def end(*_: Any) -> None:
        for task in tasks:
            task.cancel()

    app.register_listener(begin, "after_server_start")
    app.register_listener(end, "before_server_stop")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m relais_bot.server", description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=Path("models/current.tar.gz"))
    parser.add_argument("--parent", type=int, help="end when the process with this id does")
    return parser.parse_args()


if __name__ == "__main__":
    main()
