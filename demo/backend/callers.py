"""Who asks: Relais itself, by its token, on behalf of one customer of one business."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from demo.backend.problems import Refusal
from demo.backend.records import businesses
from demo.backend.settings import Settings
from demo.backend.store import Store

type Clock = Callable[[], datetime]

E164 = re.compile(r"\+[1-9][0-9]{6,14}")

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="BackendToken",
    description="The token that both sides know as BACKEND_TOKEN.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The customer on whose behalf the call is made."""

    business: str
    phone: str


def shop(request: Request) -> Store:
    """The store of this application."""
    store: Store = request.app.state.store
    return store


def clock(request: Request) -> Clock:
    """The clock of this application."""
    told: Clock = request.app.state.clock
    return told


def relais(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
    """Let only Relais in."""
    settings: Settings = request.app.state.settings
    expected = settings.backend_token.get_secret_value()
    if credentials is None:
        raise Refusal(HTTPStatus.UNAUTHORIZED, "Authorization is missing: send Bearer and BACKEND_TOKEN.")
    # Constant time: the time of the answer must not tell how much of a guess was right.
    if not hmac.compare_digest(credentials.credentials.encode(), expected.encode()):
        raise Refusal(HTTPStatus.UNAUTHORIZED, "The token is not this backend's BACKEND_TOKEN.")


def caller(
    store: Annotated[Store, Depends(shop)],
    _: Annotated[None, Depends(relais)],
    business: Annotated[
        str,
        Header(
            alias="Relais-Business",
            description="Which business the customer writes to, by its slug in business.yml.",
            examples=["kimia"],
        ),
    ],
    phone: Annotated[
        str,
        Header(
            alias="Relais-Customer",
            description="The customer's phone number in E.164. In a header, because URLs are logged.",
            examples=["+242061234567"],
        ),
    ],
) -> Caller:
    """The business and the customer, both checked."""
    with store.reading() as database:
        known = businesses.exists(database, business)
    if not known:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "Relais-Business names no business of this backend.")
    if not E164.fullmatch(phone):
        raise Refusal(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "Relais-Customer must be a phone number in E.164: a plus sign and 7 to 15 digits.",
        )
    return Caller(business=business, phone=phone)
