"""How fast messages leave: a slot for each, counted per number of ours and per person, in this process or in Redis."""

from notifications.rates.local import LocalRates
from notifications.rates.none import NoRates
from notifications.rates.pace import Answer, Pair, Rates, Slot
from notifications.rates.shared import SharedRates

__all__ = ["Answer", "LocalRates", "NoRates", "Pair", "Rates", "SharedRates", "Slot"]
