"""Meta's error objects, wherever they stand."""

import re
from collections.abc import Iterator
from typing import Final

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.received import StatusError

_CODE: Final = re.compile(r"[0-9]{1,9}")


def read_errors(holder: JsonObject) -> tuple[StatusError, ...]:
    """Its `errors` that have a code. One without must not cost the item it came with; `raw` keeps it."""
    return tuple(_coded(holder.parts("errors")))


def _coded(errors: list[JsonObject]) -> Iterator[StatusError]:
    for error in errors:
        code = error.text("code")
        if code is not None and _CODE.fullmatch(code):
            yield StatusError(
                code=int(code),
                title=error.text("title") or error.text("message") or "",
                # Meta shows the details as an object here and as a plain string there.
                details=error.part("error_data").text("details") or error.text("error_data") or "",
                href=error.text("href"),
            )
