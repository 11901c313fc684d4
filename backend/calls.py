"""How a call is made: on whose behalf, how often it is tried, and what its answer means."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx
import structlog

from backend.errors import BackendUnavailable, InDoubt, NotFound, Refused, Unreadable
from backend.wire.values import Body, read_problem
from trade.phones import same_person
from trade.problems import ProblemCode

TRY_TIMEOUT_SECONDS = 5.0  # one try as a whole; two of them leave an action time to apologise within its 12 s
TRIES = 2  # a read changes nothing, and a write carries its key

# What a second try may cure: the gateway in front of the backend, or a backend that is starting.
RETRIED_STATUSES = frozenset({502, 503, 504})
# "Not now" rather than "no": too slow a request, too many requests.
LATER_STATUSES = frozenset({408, 425, 429})
ANSWERED_STATUSES = frozenset({httpx.codes.OK, httpx.codes.CREATED})

# What surely never reached the backend; after any other failure a write may have been done.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

# What may stand in a path. Anything else is no code or id of any backend, so nobody needs to be asked.
_PATH_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_KEY = re.compile(r"[!-~]{1,255}")  # visible ASCII, as docs/backend.md says

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """On whose behalf a question is asked."""

    business: str  # slug, as in business.yml
    phone: str  # E.164; travels in a header, never in a URL


class Calls:
    """The means to ask; the questions are in the classes that build on it."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        base_url: str,
        token: str,
        *,
        try_timeout_seconds: float = TRY_TIMEOUT_SECONDS,
    ) -> None:
        """Use a connection pool that somebody else opens and closes."""
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._try_timeout_seconds = try_timeout_seconds

    async def _get[Value](
        self, customer: Customer, path: str, parse: Callable[[bytes], Value], params: Mapping[str, str | None]
    ) -> Value:
        """Ask, once more where that may help, and read the answer."""
        return await self._ask(customer, self._request(customer, "GET", path, params=params), parse)

    async def _quote[Value](self, customer: Customer, path: str, body: Body, parse: Callable[[bytes], Value]) -> Value:
        """Ask with a body; nothing is written, so it is tried like any question."""
        return await self._ask(customer, self._request(customer, "POST", path, body=body), parse)

    async def _write[Value](
        self,
        customer: Customer,
        method: str,
        path: str,
        body: Body | None,
        parse: Callable[[bytes], Value],
        *,
        key: str,
    ) -> Value:
        """Have something done, once however often it is tried; `InDoubt` where nobody can tell whether it was.

        ValueError: the key is no key. It must be the same for every try of one wish, also those of later turns.
        """
        if not _KEY.fullmatch(key):
            raise ValueError("key must be 1 to 255 visible ASCII characters")
        request = self._request(customer, method, path, body=body, key=key)
        in_doubt = False
        for _ in range(TRIES):
            try:
                return _answer(await self._try(request), parse)
            except _NotSent as error:
                reason = str(error)
            except BackendUnavailable as error:
                reason, in_doubt = str(error), True
            log.warning("backend.write_failed", business=customer.business, reason=reason)
        raise InDoubt(reason) if in_doubt else BackendUnavailable(reason)

    async def _ask[Value](self, customer: Customer, request: httpx.Request, parse: Callable[[bytes], Value]) -> Value:
        for _ in range(TRIES - 1):
            try:
                return _answer(await self._try(request), parse)
            except _WorthAnotherTry as error:
                log.warning("backend.read_again", business=customer.business, reason=str(error))
        return _answer(await self._try(request), parse)

    def _request(
        self,
        customer: Customer,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | None] | None = None,
        body: Body | None = None,
        key: str | None = None,
    ) -> httpx.Request:
        headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {self._token}",
            "Relais-Business": customer.business,
            "Relais-Customer": customer.phone,
        }
        if key is not None:
            headers["Idempotency-Key"] = key
        if body is not None:
            headers["Content-Type"] = "application/json"
        return self._http.build_request(
            method,
            self._base_url + path,
            params={name: value for name, value in (params or {}).items() if value is not None},
            content=None if body is None else json.dumps(body, ensure_ascii=False).encode(),
            headers=headers,
        )

    async def _try(self, request: httpx.Request) -> httpx.Response:
        """One try, bounded as a whole: httpx bounds each read, so a trickle of bytes would never end."""
        try:
            async with asyncio.timeout(self._try_timeout_seconds):
                response = await self._http.send(request, follow_redirects=False)
        except TimeoutError:
            raise _WorthAnotherTry(f"no answer within {self._try_timeout_seconds:g} s") from None
        except NEVER_SENT as error:
            raise _NotSent(f"no answer: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            # Its class says enough; its text may quote what was sent.
            raise _WorthAnotherTry(f"no answer: {type(error).__name__}") from None
        if response.status_code in RETRIED_STATUSES:
            raise _WorthAnotherTry(f"answered {response.status_code}")
        return response


class _WorthAnotherTry(BackendUnavailable):
    """A failure that may be gone a moment later."""


class _NotSent(_WorthAnotherTry):
    """The backend never saw it."""


def is_of(owner: str, customer: Customer, code: str) -> bool:
    """Defence in depth: a backend that forgets to check must not show one person's things to another."""
    if same_person(owner, customer.phone):
        return True
    log.error("backend.not_theirs", code=code, business=customer.business)
    return False


def path_id(text: str) -> str:
    """A code or an id as a part of a path; what cannot be one is not found."""
    if not _PATH_ID.fullmatch(text):
        raise NotFound("no code or id looks like that")
    return text


def _answer[Value](response: httpx.Response, parse: Callable[[bytes], Value]) -> Value:
    """Translate an HTTP answer into a value or into the one error that says what happened."""
    status = response.status_code
    if status in ANSWERED_STATUSES:
        return parse(response.content)
    if status == httpx.codes.NOT_FOUND:
        raise NotFound("answered 404")
    if status >= 500 or status in LATER_STATUSES:
        raise BackendUnavailable(f"answered {status}")
    if status >= 400:
        raise _refusal(status, response.content)
    raise Unreadable("status", f"expected 200 or 201, got {status}")


def _refusal(status: int, body: bytes) -> Refused | BackendUnavailable:
    problem = read_problem(body)
    if problem.code == ProblemCode.BUSY:
        return BackendUnavailable("the same write is still at work")
    return Refused(status, problem)
