"""What is asked of Relais, as a value; and how a function that says it becomes a method of both clients.

A function such as `notify` builds a `Call` and sends nothing. `Operation(notify)` in a class is a method: of `Relais`
it sends and returns the answer, of `AsyncRelais` it returns something to await. So each is written once.
"""

from __future__ import annotations

import functools
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Generic, ParamSpec, TypeVar, overload
from urllib.parse import quote
from uuid import UUID, uuid4

from relais_client._values import Page

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Call(Generic[T_co]):
    """One request, and how its answer is read."""

    method: str
    route: str
    """With names in braces for what stands in `names`; errors tell this and not the names."""
    read: Callable[[Any], T_co]
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, Any] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    idempotency_key: str | None = None

    @property
    def asked(self) -> str:
        """What was asked, without whom it is about."""
        return f"{self.method} {self.route}"

    @property
    def path(self) -> str:
        """The address below the server's. Raises ValueError where a name cannot stand in one."""
        for name, value in self.names.items():
            if value in ("", ".", ".."):
                raise ValueError(f"{name} must not be {value!r}")
        return self.route.format(**{name: quote(value, safe="") for name, value in self.names.items()})

    @property
    def content(self) -> bytes | None:
        """The body as JSON. Moments, dates, decimals and UUIDs are written as texts."""
        return None if self.body is None else json.dumps(self.body, ensure_ascii=False, default=_written).encode()


@dataclass(frozen=True)
class Known(Generic[T_co]):
    """An answer that needs no request."""

    value: T_co


class Client(ABC):
    """Sends and waits."""

    @abstractmethod
    def _answer(self, call: Call[T] | Known[T]) -> T:
        """Send the request, again where that may help, and return its answer. Raises RelaisError."""


class AsyncClient(ABC):
    """Sends, and lets others work meanwhile."""

    @abstractmethod
    async def _answer(self, call: Call[T] | Known[T]) -> T:
        """Send the request, again where that may help, and return its answer. Raises RelaisError."""


class Operation(Generic[P, T]):
    """A method of both clients: what `plan` builds is sent, and answered with what it reads."""

    def __init__(self, plan: Callable[P, Call[T] | Known[T]]) -> None:
        self._plan = plan
        self.__doc__ = plan.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Callable[P, Call[T] | Known[T]]: ...
    @overload
    def __get__(self, client: Client, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: AsyncClient, owner: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, client: Any, owner: type) -> Callable[P, Any]:
        if client is None:
            return self._plan

        @functools.wraps(self._plan)
        def ask(*args: P.args, **kwargs: P.kwargs) -> Any:
            return client._answer(self._plan(*args, **kwargs))

        return ask


class Listing(Generic[P, T]):
    """A method of both clients that goes through a list, a page at a time, from the newest on."""

    def __init__(self, plan: Callable[P, Call[Page[T]]]) -> None:
        self._plan = plan
        self.__doc__ = plan.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Callable[P, Call[Page[T]]]: ...
    @overload
    def __get__(self, client: Client, owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: AsyncClient, owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, client: Any, owner: type) -> Callable[P, Any]:
        if client is None:
            return self._plan

        @functools.wraps(self._plan)
        def go(*args: P.args, **kwargs: P.kwargs) -> Any:
            first = self._plan(*args, **kwargs)
            return _rows(client, first) if isinstance(client, Client) else _rows_to_come(client, first)

        return go


def key_or_new(idempotency_key: str | None) -> str:
    """The key that was given, else one of its own: the tries of one request are one request."""
    return idempotency_key or str(uuid4())


def given(**values: Any) -> dict[str, Any]:
    """What was said, without what was not."""
    return {name: value for name, value in values.items() if value is not None}


def _rows(client: Client, call: Call[Page[T]]) -> Iterator[T]:
    while True:
        page = client._answer(call)
        yield from page.rows
        if page.following is None:
            return
        call = _following(call, page)


async def _rows_to_come(client: AsyncClient, call: Call[Page[T]]) -> AsyncIterator[T]:
    while True:
        page = await client._answer(call)
        for row in page.rows:
            yield row
        if page.following is None:
            return
        call = _following(call, page)


def _following(call: Call[Page[T]], page: Page[T]) -> Call[Page[T]]:
    return replace(call, query={**call.query, "cursor": page.following})


def _written(value: Any) -> str:
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
