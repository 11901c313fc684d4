"""What is typed in the terminal, as what a person does on their phone. Pure."""

import re
from collections.abc import Sequence
from typing import Any

from server.chat.lines import Option

HELP = """\
  a text           sends it
  2                taps the button or row [2] of the last answer
  =2               sends the text "2"
  :place LAT LON   shares a location
  :photo WORDS     sends a photo, with words under it if you like
  :help            shows this; Ctrl+D ends"""

PLACE = re.compile(r":place\s+(-?\d+(?:\.\d+)?)[\s,]+(-?\d+(?:\.\d+)?)")


class NotUnderstood(ValueError):
    """Nothing a phone can do; the message says what can be typed instead."""


def act_of(line: str, options: Sequence[Option]) -> dict[str, Any]:
    """The emulator's command for a line that is not empty. Raises NotUnderstood."""
    if line.startswith("="):
        return {"type": "text", "text": line[1:]}
    if line.startswith(":"):
        return _command(line)
    if line.isdecimal() and 1 <= int(line) <= len(options):
        chosen = options[int(line) - 1]
        return {"type": chosen.kind, "id": chosen.id}
    return {"type": "text", "text": line}


def _command(line: str) -> dict[str, Any]:
    if place := PLACE.fullmatch(line.strip()):
        return {"type": "location", "latitude": float(place[1]), "longitude": float(place[2])}
    if line == ":photo" or line.startswith(":photo "):
        words = line.removeprefix(":photo").strip()
        return {"type": "image", **({"caption": words} if words else {})}
    raise NotUnderstood("This begins with a colon and is no command; :help lists them, and =:… sends it as a text.")
