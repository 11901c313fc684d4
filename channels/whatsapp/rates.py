"""How fast WhatsApp lets a number of ours send: the figures, each with its unit and source. Pure."""

from typing import Final

STANDARD_PER_SECOND: Final = 80
"""messages per second and number; Meta, Cloud API throughput"""

HIGH_PER_SECOND: Final = 1000
"""messages per second, of a number that Meta has raised (`throughput.level` is HIGH); Meta, Cloud API throughput"""

ON_APP_PER_SECOND: Final = 20
"""messages per second, of a number that somebody also uses in the WhatsApp Business app; Meta, coexistence"""

PERSON_BURST: Final = 45
"""messages to one person at once, which are then paid back; Meta, pair rate limit"""

PERSON_SECONDS: Final = 6.0
"""seconds per message to one person in the long run; Meta, pair rate limit"""


def per_second(throughput: str | None, is_on_app: bool | None) -> int:
    """Messages per second that a number may send, by what Meta says of it."""
    if is_on_app:
        return ON_APP_PER_SECOND
    return HIGH_PER_SECOND if throughput == "HIGH" else STANDARD_PER_SECOND
