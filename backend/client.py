"""Asks the business system, on behalf of one customer; the only place that knows its URLs."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import structlog

from backend.errors import BackendUnavailable, NotFound, Refused, Unreadable
from backend.wire import read_mission, read_missions, read_problem, read_product, read_products
from trade.missions import Mission
from trade.phones import same_person
from trade.products import Product

TRY_TIMEOUT_SECONDS = 5.0  # one try as a whole; two of them leave an action time to apologise within its 12 s
READ_TRIES = 2  # a read may be asked again: it changes nothing

# What a second try may cure: the gateway in front of the backend, or a backend that is starting.
RETRIED_STATUSES = frozenset({502, 503, 504})
# "Not now" rather than "no": too slow a request, too many requests.
LATER_STATUSES = frozenset({408, 425, 429})

# What may stand in a path. Anything else is no code or id of any backend, so nobody needs to be asked.
_PATH_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """On whose behalf a question is asked."""

    business: str  # slug, as in business.yml
    phone: str  # E.164; travels in a header, never in a URL


class BackendClient:
    """The calls of docs/backend.md as methods; raises nothing but `BackendError`."""

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

    async def mission(self, customer: Customer, code: str) -> Mission:
        """One mission of this customer; somebody else's is NotFound, even if the backend gave it."""
        path = f"/v1/missions/{_path_id(code)}"
        mission = await self._read(customer, path, {}, read_mission)
        if not _is_of(mission, customer):
            raise NotFound("no such mission")
        return mission

    async def missions(self, customer: Customer, limit: int = 10) -> tuple[Mission, ...]:
        """The customer's missions, newest first."""
        missions = await self._read(customer, "/v1/missions", {"limit": str(limit)}, read_missions)
        return tuple(mission for mission in missions if _is_of(mission, customer))[:limit]

    async def products(self, customer: Customer, query: str | None = None, limit: int = 10) -> tuple[Product, ...]:
        """Products of the business, the best matches of `query` first."""
        params = {"limit": str(limit)} | ({"query": query} if query else {})
        products = await self._read(customer, "/v1/products", params, read_products)
        return products[:limit]

    async def product(self, customer: Customer, product_id: str) -> Product:
        """One product of the business."""
        return await self._read(customer, f"/v1/products/{_path_id(product_id)}", {}, read_product)

    async def _read[Value](
        self,
        customer: Customer,
        path: str,
        params: dict[str, str],
        parse: Callable[[bytes], Value],
    ) -> Value:
        """Ask, once more where that may help, and read the answer."""
        request = self._http.build_request(
            "GET",
            self._base_url + path,
            params=params,
            headers={
                "Accept": "application/json",
                "Authorization": f"Bearer {self._token}",
                "Relais-Business": customer.business,
                "Relais-Customer": customer.phone,
            },
        )
        for _ in range(READ_TRIES - 1):
            try:
                return _answer(await self._try(request), parse)
            except _WorthAnotherTry as error:
                log.warning("backend.read_again", business=customer.business, reason=str(error))
        return _answer(await self._try(request), parse)

    async def _try(self, request: httpx.Request) -> httpx.Response:
        """One try, bounded as a whole: httpx bounds each read, so a trickle of bytes would never end."""
        try:
            async with asyncio.timeout(self._try_timeout_seconds):
                response = await self._http.send(request, follow_redirects=False)
        except TimeoutError:
            raise _WorthAnotherTry(f"no answer within {self._try_timeout_seconds:g} s") from None
        except httpx.HTTPError as error:
            # Its class says enough; its text may quote what was sent.
            raise _WorthAnotherTry(f"no answer: {type(error).__name__}") from None
        if response.status_code in RETRIED_STATUSES:
            raise _WorthAnotherTry(f"answered {response.status_code}")
        return response


class _WorthAnotherTry(BackendUnavailable):
    """A failure that may be gone a moment later."""


def _answer[Value](response: httpx.Response, parse: Callable[[bytes], Value]) -> Value:
    """Translate an HTTP answer into a value or into the one error that says what happened."""
    status = response.status_code
    if status == httpx.codes.OK:
        return parse(response.content)
    if status == httpx.codes.NOT_FOUND:
        raise NotFound("answered 404")
    if status >= 500 or status in LATER_STATUSES:
        raise BackendUnavailable(f"answered {status}")
    if status >= 400:
        raise Refused(status, read_problem(response.content))
    raise Unreadable("status", f"expected 200, got {status}")


def _is_of(mission: Mission, customer: Customer) -> bool:
    """Defence in depth: a backend that forgets to check must not show one person's mission to another."""
    if same_person(mission.customer_phone, customer.phone):
        return True
    log.error("backend.foreign_mission", code=mission.code, business=customer.business)
    return False


def _path_id(text: str) -> str:
    if not _PATH_ID.fullmatch(text):
        raise NotFound("no code or id looks like that")
    return text
