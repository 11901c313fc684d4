"""The page of guest links: who may try the bot, by which link, for how long."""

from pathlib import Path
from typing import Final

from server.desk.guests.links import link_routes
from server.desk.part import Entry, Part
from staff import Act

GUESTS: Final = Part(
    name="guests",
    folder=Path(__file__).parent,
    routes=link_routes,
    menu=(Entry(section="talks", word="guests.menu", path="/guests", act=Act.INVITE_TESTERS, icon="link"),),
)
