"""Who is calling: a business's key with its scopes, or the operator with RELAIS_SECRET."""

import contextlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Final

import sqlalchemy as sa
from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from channels.webhook import is_signed_by
from notifications import access
from notifications.access import ApiKey, Scope, allows, signing_secret
from server.api.problems import Problem
from storage.database import Database, StorageError
from storage.tables import businesses

BUSINESS_HEADER: Final = "relais-business"

REMEMBERED_SECONDS: Final = 2.0
"""How long a key is believed without looking: so long a revoked one may still open. Our choice."""

REMEMBERED_KEYS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever made this request."""

    business_id: str | None
    """None for the operator who named none."""
    business: str | None
    """The slug."""
    key_id: str | None
    """None for the operator."""
    scopes: frozenset[str]
    is_test: bool

    @property
    def limited_as(self) -> str:
        """Under which name its requests are counted."""
        return self.key_id or "operator"

    def needs_business(self) -> str:
        """The business that this is about. Raises Problem where the operator named none."""
        if self.business_id is None:
            raise Problem("invalid-request", "Name the business in the header Relais-Business: RELAIS_SECRET has none.")
        return self.business_id


OPERATOR: Final = Caller(
    business_id=None, business=None, key_id=None, scopes=frozenset({Scope.ADMIN.value}), is_test=False
)


class Doorkeeper:
    """Knows callers by what they present."""

    def __init__(self, database: Database, secret: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._secret = f"Bearer {secret}".encode()
        self._signing_secret = partial(signing_secret, secret)
        self._clock = clock
        self._remembered: dict[str, tuple[ApiKey, datetime]] = {}
        self._used: dict[str, datetime] = {}

    async def known(self, authorization: str, business: str | None) -> Caller:
        """The caller with this header, for the business they named. Raises Problem."""
        if hmac.compare_digest(authorization.encode("utf-8", "surrogateescape"), self._secret):
            return OPERATOR if business is None else await self.acting_for(OPERATOR, business)
        scheme, _, presented = authorization.partition(" ")
        key = await self._find(presented.strip()) if scheme.lower() == "bearer" else None
        now = self._clock()
        if key is None or not key.is_valid(now):
            raise unknown()
        await self._keep_use(key, now)
        caller = _caller(key)
        return caller if business is None else await self.acting_for(caller, business)

    async def signed(self, key_id: str, headers: Mapping[str, str], body: bytes) -> Caller:
        """The caller whose key signed this request. Raises Problem."""
        key = await self._database.read(access.find_by_id, key_id)
        now = self._clock()
        if key is None or not key.is_valid(now) or not is_signed_by(self._signing_secret(key_id), headers, body):
            raise Problem(
                "unauthorized",
                "The key that it names did not sign the request; `./relais keys signing-secret` tells its secret.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        await self._keep_use(key, now)
        return _caller(key)

    async def acting_for(self, caller: Caller, business: str) -> Caller:
        """The same caller for the business that the request names: any for the operator. Raises Problem."""
        if caller.business == business:
            return caller
        if caller.business is not None:
            raise Problem(
                "other-business", f"This key belongs to the business {caller.business}; use one of the other."
            )
        business_id = await self._database.read(
            lambda connection: connection.scalar(sa.select(businesses.c.id).where(businesses.c.slug == business))
        )
        if business_id is None:
            raise Problem("not-found", "There is no business of that name; business.yml has them.")
        return Caller(
            business_id=business_id, business=business, key_id=None, scopes=caller.scopes, is_test=caller.is_test
        )

    async def _find(self, presented: str) -> ApiKey | None:
        now = self._clock()
        known = self._remembered.get(presented)
        if known is not None and now - known[1] < timedelta(seconds=REMEMBERED_SECONDS):
            return known[0]
        key = await self._database.read(access.find, presented)
        if key is None:
            self._remembered.pop(presented, None)
            return None
        if len(self._remembered) >= REMEMBERED_KEYS:
            self._remembered.clear()
        self._remembered[presented] = key, now
        return key

    async def _keep_use(self, key: ApiKey, now: datetime) -> None:
        last = self._used.get(key.id, key.last_used_at)
        if last is None or now - last > timedelta(seconds=access.USED_SECONDS):
            self._used[key.id] = now
            # It is no reason to turn somebody away.
            with contextlib.suppress(StorageError):
                await self._database.write(access.used, key.id, now)


def _caller(key: ApiKey) -> Caller:
    return Caller(
        business_id=key.business_id,
        business=key.business,
        key_id=key.id,
        scopes=key.scopes,
        is_test=key.is_test,
    )


def checked(caller: Caller, scope: Scope) -> Caller:
    """The caller, who may do this. Raises Problem."""
    if not allows(caller.scopes, scope):
        raise Problem("missing-scope", f"This key lacks the scope {scope}.", scope=scope)
    return caller


def unknown() -> Problem:
    """Nobody whom we know is calling."""
    return Problem(
        "unauthorized",
        "Send Authorization: Bearer with an API key that is valid; `./relais keys list` tells which are.",
        headers={"WWW-Authenticate": "Bearer"},
    )


_bearer = HTTPBearer(auto_error=False, scheme_name="API key", description="`rk_live_…` or `rk_test_…`")


async def with_scopes(
    request: Request,
    wanted: SecurityScopes,
    _presented: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Caller:
    """The caller whom the door let in, if they may do all that is wanted. Raises Problem."""
    caller: Caller | None = request.scope["state"].get("caller")
    if caller is None:
        raise unknown()
    for scope in wanted.scopes:
        checked(caller, Scope(scope))
    return caller


MayNotify = Annotated[Caller, Security(with_scopes, scopes=[Scope.NOTIFY])]
MayReadMessages = Annotated[Caller, Security(with_scopes, scopes=[Scope.MESSAGES_READ])]
MayWriteMessages = Annotated[Caller, Security(with_scopes, scopes=[Scope.MESSAGES_WRITE])]
MayReadSubscribers = Annotated[Caller, Security(with_scopes, scopes=[Scope.SUBSCRIBERS_READ])]
MayWriteSubscribers = Annotated[Caller, Security(with_scopes, scopes=[Scope.SUBSCRIBERS_WRITE])]
MayReadPreferences = Annotated[Caller, Security(with_scopes, scopes=[Scope.PREFERENCES_READ])]
MayWritePreferences = Annotated[Caller, Security(with_scopes, scopes=[Scope.PREFERENCES_WRITE])]
MayOpenInboxes = Annotated[Caller, Security(with_scopes, scopes=[Scope.INBOX])]
MayReadTemplates = Annotated[Caller, Security(with_scopes, scopes=[Scope.TEMPLATES_READ])]
MayReadHandoffs = Annotated[Caller, Security(with_scopes, scopes=[Scope.HANDOFFS_READ])]
MayWriteHandoffs = Annotated[Caller, Security(with_scopes, scopes=[Scope.HANDOFFS_WRITE])]
MayWriteHooks = Annotated[Caller, Security(with_scopes, scopes=[Scope.HOOKS_WRITE])]
