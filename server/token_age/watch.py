"""The worker that asks Meta how old our access tokens are and when they end."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from channels.whatsapp.errors import WhatsAppError
from channels.whatsapp.graph import TOKEN_CODES, Tokens
from channels.whatsapp.management import Management
from channels.whatsapp.messages import InvalidMessage
from server.token_age import keeping
from storage.database import Database, StorageError

LOOK_SECONDS: Final = 60.0
"""How often it is looked whether a token is another one, or is to be asked about."""

log = structlog.get_logger()


class TokenWatch:
    """Asks about each token once a day and after a change; of several processes, one."""

    def __init__(
        self,
        *,
        database: Database,
        management: Management,
        tokens: Tokens,
        app: tuple[str, str] | None,
        secret: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`app` is the id and the secret of the Meta app; without it a token is asked about in its own name."""
        self._database = database
        self._management = management
        self._tokens = tokens
        self._app = app
        self._secret = secret
        self._clock = clock
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Ask until `stop`. An error of Meta's or of the database waits for the next time."""
        while not self._stopping.is_set():
            try:
                await self.look()
            except StorageError as error:
                log.error("token.not_kept", problem=str(error))
            except Exception:
                log.exception("token.watch_broken")
            try:
                await asyncio.wait_for(self._stopping.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue

    def stop(self) -> None:
        """Ask nothing new."""
        self._stopping.set()

    async def look(self) -> int:
        """Ask about every token that is due now; how many different ones there were."""
        numbers = await self._database.read(keeping.numbers_of_ours)
        in_use = {number: self._tokens.token(number) for number in numbers}
        fingerprints = {number: keeping.fingerprint_of(self._secret, token) for number, token in in_use.items()}
        due = await self._database.write(keeping.claim_due, fingerprints, self._clock())
        by_token: dict[str, list[str]] = {}
        for number in due:
            by_token.setdefault(in_use[number], []).append(number)
        for token, owners in by_token.items():
            await self._ask(token, owners)
        return len(by_token)

    async def _ask(self, token: str, owners: list[str]) -> None:
        try:
            facts = await self._management.token_facts(token, app=self._app, owner=owners[0])
        except WhatsAppError as error:
            is_refused = self._app is None and error.code in TOKEN_CODES
            log.warning("token.not_asked", problem=str(error))
            if is_refused:
                await self._database.write(keeping.keep_refusal, owners, str(error), self._clock())
            else:
                await self._database.write(keeping.keep_problem, owners, str(error))
        except InvalidMessage as error:
            log.warning("token.not_asked", problem=str(error))
            await self._database.write(keeping.keep_problem, owners, str(error))
        else:
            await self._database.write(keeping.keep, owners, facts, self._clock())
