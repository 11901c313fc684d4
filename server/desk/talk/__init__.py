"""A talk as people see it in WhatsApp, drawn once for everybody who reads one; and what stands behind a message."""

from pathlib import Path
from typing import Final

from server.desk.part import Part
from server.desk.talk.behind import behind_routes

TALK: Final = Part(name="talk", folder=Path(__file__).parent, routes=behind_routes)
