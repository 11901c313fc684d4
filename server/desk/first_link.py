"""The way in for the first admin: a link that is printed at the start for as long as there is no admin."""

from server.parts import utc_now
from server.settings import LOOPBACK, Settings
from staff import links
from storage.database import Database


def desk_address(settings: Settings) -> str:
    """How this machine's browser reaches the desk."""
    host = settings.private_host if settings.private_host in LOOPBACK else "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.private_port}/desk"


async def first_link(settings: Settings, database: Database) -> str | None:
    """The address of a new link for the first admin, who may do everything; None once there is one."""
    token = await database.write(links.first, utc_now())
    return None if token is None else f"{desk_address(settings)}/links/{token}"
