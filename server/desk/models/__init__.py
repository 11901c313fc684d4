"""Models: which one answers people, candidates trained and compared, one put in its place, and back."""

from pathlib import Path
from typing import Final

from server.desk.models.pages import model_pages
from server.desk.part import Entry, Part
from staff import Act

MODELS: Final = Part(
    name="models",
    folder=Path(__file__).parent,
    routes=model_pages,
    menu=(Entry(section="talks", word="models.menu", path="/models", act=Act.TEACH, icon="model"),),
)
