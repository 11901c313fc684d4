"""The overview: how much is said, how fast and how well, each number with the way to its rows."""

from pathlib import Path
from typing import Final

from server.desk.overview.routes import overview_routes
from server.desk.part import Entry, Part
from staff import Act

OVERVIEW: Final = Part(
    name="overview",
    folder=Path(__file__).parent,
    routes=overview_routes,
    menu=(Entry(section="whole", word="overview.menu", path="/overview", act=Act.READ_FIGURES, icon="chart"),),
)
