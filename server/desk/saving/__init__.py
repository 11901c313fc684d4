"""A talk saved as a test: from which message to which, how it reads, to be copied or downloaded."""

from pathlib import Path
from typing import Final

from server.desk.part import Part
from server.desk.saving.routes import saving_routes

SAVING: Final = Part(name="saving", folder=Path(__file__).parent, routes=saving_routes)
