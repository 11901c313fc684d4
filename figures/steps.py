"""The stations of what people come for, as turns leave them: ordering something, sending a parcel. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Step:
    """A station, and what in a turn says that somebody reached it."""

    name: str
    kind: str
    """action, or slot where one that is filled says it."""
    mark: str


FUNNELS: Final[Mapping[str, Sequence[Step]]] = {
    "ordering": (
        Step("shown", "action", "action_browse_products"),
        Step("chosen", "slot", "cart"),
        Step("checkout", "action", "action_checkout"),
        Step("summary", "action", "action_ask_checkout_form_checkout_confirmed"),
        Step("done", "slot", "order_placed"),
    ),
    "parcel": (
        Step("wanted", "action", "action_send_parcel"),
        Step("payment", "action", "action_ask_parcel_form_parcel_payment"),
        Step("summary", "action", "action_ask_parcel_form_parcel_confirmed"),
        Step("done", "slot", "parcel_created"),
    ),
}
"""In the order in which they are reached; each name is a word of the desk."""

RATED: Final = "action_send_rating"
SCORE: Final = "rating_score"
"""The action that gives a rating, and the slot that holds the stars until it has."""
