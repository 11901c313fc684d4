"""Writes the tables of these pages anew from the code they tell of: `.venv/bin/python -m docs.tables`."""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final

from channels.email import sendgrid, smtp_codes
from channels.failures import FailureLine, Remedy
from channels.sms import ovh_reports, twilio_codes
from channels.whatsapp import limits
from channels.whatsapp.error_codes import all_rows
from channels.whatsapp.media.formats import ENDINGS, MAX_BYTES, MEBIBYTE, SENDABLE

FOLDER: Final = Path(__file__).parent

DOES: Final[Mapping[Remedy, str]] = {
    Remedy.TRY_AGAIN: "tries again after a growing pause, for as long as the message may go",
    Remedy.TRY_A_FEW_TIMES: "tries again after a growing pause, three times in all (critical messages: five)",
    Remedy.SLOW_NUMBER: "halves the number's rate, which recovers; the message goes later",
    Remedy.SLOW_PERSON: "lets this person's messages wait, four times longer at each refusal",
    Remedy.RENEW_FILE: "uploads the file anew, then sends the words without it, then fails the message",
    Remedy.TOMORROW: "tries once more in a day; this person's other marketing waits as long",
    Remedy.PAUSE_MARKETING: "lets all marketing of the number rest for a day, then one message tries",
    Remedy.USE_TEMPLATE: "fails the message",
    Remedy.KEEP_OPT_OUT: "fails the message and keeps an opt-out of marketing",
    Remedy.OTHER_CHANNEL: "fails the message",
    Remedy.MEND_REQUEST: "fails the message and logs an error",
    Remedy.STOP_TEMPLATE: "fails the message; the template is not used until Meta says otherwise",
    Remedy.STOP_NUMBER: "stops the number: its messages wait, one at a time tries",
    Remedy.STOP_PROVIDER: "stops the provider: its messages go by another of the channel or wait, one at a time tries",
    Remedy.OTHER_PROVIDER: "lets another provider of the channel try, if there is one; else fails the message",
    Remedy.NOT_OFFERED: "skips the message",
    Remedy.AWAIT_RECEIPT: "waits a minute for a receipt, then sends once more; marketing never",
}
"""What Relais does, in a reader's words."""

_MARKED: Final = "<!-- table {name}: written by `python -m docs.tables` -->\n"
_END: Final = "<!-- end of table -->\n"


def errors() -> Iterator[str]:
    """A line for each of Meta's codes."""
    yield from _row("code", "Relais", "what it means, and what you do")
    yield from _row("---", "---", "---")
    for each in all_rows():
        yield from _row(f"`{each.codes}`", DOES[each.row.remedy], each.row.advice)


def limits_of_messages() -> Iterator[str]:
    """A line for each limit, with what its module says of it."""
    yield from _row("limit", "figure", "of what; source")
    yield from _row("---", "---", "---")
    for name, told in _told(Path(limits.__file__)):
        least, words = name.startswith("MIN_"), name.split("_", 1)[1].replace("_", " ").lower()
        yield from _row(f"{words}{', at least' if least else ''}", f"{getattr(limits, name):,}", told)


def files() -> Iterator[str]:
    """A line for each kind of file that we may send."""
    yield from _row("kind", "at most", "types")
    yield from _row("---", "---", "---")
    for kind, most in MAX_BYTES.items():
        types = ", ".join(sorted(ENDINGS[each].removeprefix(".") for each in SENDABLE[kind]))
        size = f"{most / MEBIBYTE:g} MB" if most >= MEBIBYTE else f"{most // 1024} KB"
        yield from _row(kind, size, types)


def failures(lines: Callable[[], Iterable[FailureLine]]) -> Iterator[str]:
    """A line for each code of a provider of email or SMS."""
    yield from _row("code", "kind", "cause", "what it means, and what you do")
    yield from _row("---", "---", "---", "---")
    for each in lines():
        yield from _row(each.codes, each.row.kind, each.row.cause, each.row.advice)


TABLES: Final[Mapping[str, Mapping[str, Callable[[], Iterator[str]]]]] = {
    "whatsapp.md": {"errors": errors, "limits": limits_of_messages, "files": files},
    "email.md": {
        "replies": lambda: failures(smtp_codes.all_rows),
        "sendgrid": lambda: failures(sendgrid.all_rows),
    },
    "sms.md": {
        "twilio": lambda: failures(twilio_codes.all_rows),
        "ovh": lambda: failures(ovh_reports.all_rows),
    },
}
"""Of each page, by name."""


def rewritten(name: str, page: str) -> str:
    """The page with every table as the code has it now. Raises ValueError where a table's place is missing."""
    for table, lines in TABLES[name].items():
        start = _MARKED.format(name=table)
        if page.count(start) != 1:
            raise ValueError(f"{name} needs one line {start.strip()!r}, and {_END.strip()!r} below it.")
        before, _, rest = page.partition(start)
        _, end, after = rest.partition(_END)
        if not end:
            raise ValueError(f"{name}: the table {table} has no line {_END.strip()!r}.")
        page = f"{before}{start}{''.join(f'{line}\n' for line in lines())}{end}{after}"
    return page


def _row(*cells: str) -> Iterator[str]:
    yield f"| {' | '.join(cell.replace('|', '\\|') for cell in cells)} |"


def _told(module: Path) -> Iterator[tuple[str, str]]:
    """(name, docstring) of each constant of a module that has one."""
    body = ast.parse(module.read_text(encoding="utf-8")).body
    for constant, below in pairwise(body):
        match constant, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(told))):
                yield name, re.sub(r"\s+", " ", told)


def main() -> int:
    """Rewrite the pages; the exit code."""
    try:
        for name in TABLES:
            page = FOLDER / name
            page.write_text(rewritten(name, page.read_text(encoding="utf-8")), encoding="utf-8")
    except ValueError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
