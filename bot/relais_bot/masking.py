"""Keeps phone numbers out of the log, at every level: Rasa quotes whole messages and trackers at DEBUG."""

import logging
import re

# WhatsApp's message ids hold the number in base64.
_WAMID = r"wamid\.[\w+/=-]+"
#: Digits that name nobody; matched first, so that what is looked for below does not begin inside them.
_KEPT = "|".join(
    (
        r"(?<![\da-f])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\da-f])",  # a uuid
        r"(?<![\da-f])[\da-f]{32,}(?![\da-f])",  # a fingerprint
        r"(?:COUR|CMD|RCL)-\d{8}-\d{3}(?!\d)",
        r"(?<!\d)\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)",
        r"(?<!\d)20\d{6}-\d{6}(?!\d)",  # a model's name begins with its time
        r"(?<!\d)1[67]\d{8}(?:\d{3}|\.\d+)?(?![\d.])",  # seconds or milliseconds since 1970
        r"(?<![\d.])(?:0|[1-9]\d{0,3})\.\d+(?:e[+-]?\d+)?(?![\d.])",  # a confidence, a coordinate
    )
)
# A no-break space is escaped in JSON.
_BETWEEN = r"(?:[ \u00a0\u202f.()/-]|\\u00a0|\\u202f){0,3}"
#: Eight digits are the shortest number of the businesses' countries.
_NUMBER = rf"\+?\d(?:{_BETWEEN}\d){{7,}}"

_FOUND = re.compile(rf"(?P<wamid>{_WAMID})|(?P<kept>{_KEPT})|(?P<number>{_NUMBER})", re.IGNORECASE)


def masked(text: str) -> str:
    """The text without phone numbers; codes, uuids, times and measures stay."""
    return _FOUND.sub(lambda found: found[0] if found["kept"] else f"[{found.lastgroup}]", text)


class Masked(logging.Formatter):
    """What another formatter makes of a record, tracebacks included, without phone numbers."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self._formatter = formatter

    def format(self, record: logging.LogRecord) -> str:
        return masked(self._formatter.format(record))


def mask_root_handlers() -> None:
    """Every logger ends at these handlers. A second call changes nothing."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, Masked):
            handler.setFormatter(Masked(handler.formatter or logging.Formatter()))
