"""Tells Relais what happened, as a business's own system does with relais_client: in order, until it was taken."""

import logging
from collections.abc import Callable

import httpx

from demo.backend import news
from demo.backend.news import News
from demo.backend.settings import Settings
from demo.backend.store import Store
from relais_client import Relais, RelaisError, Retries

LOOK_SECONDS = 0.25  # how often the news are looked at
PAUSE_SECONDS = 1.0  # before Relais is tried again
ONCE = Retries(within_seconds=0)  # what was not taken stays in the news

type ClientOf = Callable[[str], Relais]

log = logging.getLogger(__name__)


class Teller:
    """Tells the news, the oldest first; what was not taken waits, and all behind it."""

    def __init__(self, store: Store, client_of: ClientOf) -> None:
        """`client_of` gives the client of a business, by its slug."""
        self._store = store
        self._client_of = client_of
        self._is_away = False

    def turn(self) -> float:
        """Tell the oldest of the news; seconds until the next is due."""
        told = self.tell_next()
        if told is None:
            return LOOK_SECONDS
        return 0.0 if told else PAUSE_SECONDS

    def tell_next(self) -> bool | None:
        """Whether the oldest of the news is done with; None where there are none."""
        item = news.oldest(self._store)
        if item is None:
            return None
        try:
            _tell(self._client_of(item.business), item)
        except RelaisError as error:
            if error.may_pass:
                self._say_once(error)
                return False
            log.warning("Relais does not take news of a %s: %s", item.kind, error)
        self._is_away = False
        news.done(self._store, item)
        return True

    def _say_once(self, error: RelaisError) -> None:
        if not self._is_away:
            log.warning("Relais cannot be told now; it will be: %s", error)
        self._is_away = True


def client_of(settings: Settings) -> ClientOf:
    """Clients for the Relais of this machine. They show RELAIS_SECRET and name the business, for the demo stands for
    several and is one of our own processes; a business shows a key of its own.
    """
    http = httpx.Client(trust_env=False)

    def made(business: str) -> Relais:
        secret = settings.relais_secret.get_secret_value()
        return Relais(settings.server_url, secret, business=business, retries=ONCE, http=http)

    return made


def _tell(relais: Relais, item: News) -> None:
    match item.kind:
        case "order":
            relais.on_order_status_changed(item.told)
        case "delay":
            relais.on_mission_delayed(item.told)
        case _:
            relais.on_mission_status_changed(item.told)
