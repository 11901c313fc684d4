"""What the routes share: who asks, how much of a list, and the refusals they document."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query

from demo.backend.callers import Caller, Clock, caller, clock, shop
from demo.backend.contract.problems import Problem
from demo.backend.once import Once, once
from demo.backend.store import Store

PAGE_DEFAULT = 10  # what a WhatsApp list shows
PAGE_LIMIT = 50

Limit = Annotated[int, Query(ge=1, le=PAGE_LIMIT, description="How many at most.")]
CursorQuery = Annotated[str | None, Query(max_length=200, description="The next_cursor of the page before.")]
SearchQuery = Annotated[str, Query(max_length=200, description="Words to look for, typos included; empty means all.")]
CategoryQuery = Annotated[str | None, Query(max_length=64, description="Only of this category.")]
MerchantQuery = Annotated[str | None, Query(max_length=64, description="Only of this merchant.")]
Asked = Annotated[Caller, Depends(caller)]
Shop = Annotated[Store, Depends(shop)]
Now = Annotated[Clock, Depends(clock)]
Write = Annotated[Once, Depends(once)]
MissionCode = Annotated[str, Path(max_length=64, examples=["COUR-20250127-061"])]
OrderCode = Annotated[str, Path(max_length=64, examples=["CMD-20250127-012"])]

REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "The token is missing or wrong."},
    422: {"model": Problem, "description": "The request itself is wrong; the detail names the field."},
    503: {"model": Problem, "description": "Not now. Relais asks once more, then apologises to the customer."},
}
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "It does not exist, or it is not this customer's."}
}
CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "The request is right, but things as they are say no; the code says why."}
}
