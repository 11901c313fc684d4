"""The channels that credentials.yml opens: ours, Rasa's own by their names, anybody's by its class."""

from pathlib import Path
from typing import Any

from relais_bot.refusals import Refused


def channels_named(credentials: Path) -> "set[str]":
    """Their names, read before anything of Rasa is imported."""
    lines = credentials.read_text(encoding="utf-8").splitlines()
    return {line.partition(":")[0].strip() for line in lines if line[:1].isalpha()}


def channel(name: str, settings: Any) -> Any:
    """A channel of Rasa's by its name, such as `rest`, or a class of somebody's. Raises `Refused`."""
    from rasa.core.channels import BUILTIN_CHANNELS
    from rasa.shared.utils.common import class_from_module_path

    try:
        found = BUILTIN_CHANNELS.get(name) or class_from_module_path(name)
    except (AttributeError, ImportError, ValueError) as error:
        raise Refused(f"credentials.yml names the channel {name}, which cannot be imported: {error}.") from error
    return found.from_credentials(settings)
