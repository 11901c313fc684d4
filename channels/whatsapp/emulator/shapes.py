"""Small checks that compose into the shape of a request; each raises the Graph error Meta would answer with."""

from collections.abc import Callable, Mapping

from channels.whatsapp.emulator.graph_errors import invalid, missing, unexpected, unsupported, wrong_type

type Check = Callable[[str, object], None]


def text(longest: int, *, shortest: int = 1, tight: bool = False) -> Check:
    """A string of so many characters; `tight` refuses blanks at its ends."""

    def check(path: str, value: object) -> None:
        if not isinstance(value, str):
            raise wrong_type(path, "a string")
        if not shortest <= length(value) <= longest:
            raise invalid(path, f"has an invalid length. Min length: {shortest}, Max length: {longest}")
        if shortest and not value.strip():
            raise invalid(path, "must not be blank")
        if tight and value != value.strip():
            raise invalid(path, "must not begin or end with a space")

    return check


def length(value: str) -> int:
    """Characters as the stricter of Meta's clients count them: in UTF-16, where an emoji is two."""
    return len(value.encode("utf-16-le", "surrogatepass")) // 2


def flag(path: str, value: object) -> None:
    if not isinstance(value, bool):
        raise wrong_type(path, "a boolean")


def number(lowest: float, highest: float) -> Check:
    """A number, or a string that reads as one: Meta takes both for coordinates."""

    def check(path: str, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise wrong_type(path, "a number")
        try:
            read = float(value)
        except ValueError:
            raise wrong_type(path, "a number") from None
        if not lowest <= read <= highest:  # also refuses NaN
            raise invalid(path, f"must lie between {lowest:g} and {highest:g}")

    return check


def whole_number(lowest: int, highest: int) -> Check:
    def check(path: str, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong_type(path, "an integer")
        if not lowest <= value <= highest:
            raise invalid(path, f"must lie between {lowest} and {highest}")

    return check


def one_of(*values: str) -> Check:
    def check(path: str, value: object) -> None:
        if value not in values:
            raise invalid(path, f"must be one of {', '.join(values)}")

    return check


def link(path: str, value: object) -> None:
    text(2048)(path, value)
    if not str(value).startswith(("http://", "https://")) or any(sign.isspace() for sign in str(value)):
        raise invalid(path, "is not a valid URI")


def an_object(path: str, value: object) -> None:
    as_record(path, value)


def anything(path: str, value: object) -> None:
    """Passed on unread: the phone page does not show it."""


def array(item: Check, *, fewest: int, most: int) -> Check:
    def check(path: str, value: object) -> None:
        if not isinstance(value, list):
            raise wrong_type(path, "an array")
        if not fewest <= len(value) <= most:
            raise invalid(path, f"has {len(value)} items. Min: {fewest}, Max: {most}")
        for index, member in enumerate(value):
            item(f"{path}[{index}]", member)

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    known = {**required, **(optional or {})}

    def check(path: str, value: object) -> None:
        fields = as_record(path, value)
        for key in fields:
            if key not in known:
                raise unexpected(path, key)
        for key in required:
            if fields.get(key) is None:
                raise missing(f"{path}['{key}']")
        for key, member in fields.items():
            known[key](f"{path}['{key}']", member)

    return check


def variant(key: str, kinds: Mapping[str, Check], unspoken: tuple[str, ...] = ()) -> Check:
    """A record whose `key` says which shape it has; `unspoken` are kinds Meta knows and the emulator does not."""

    def check(path: str, value: object) -> None:
        kind = as_record(path, value).get(key)
        if kind is None:
            raise missing(f"{path}['{key}']")
        if kind in unspoken:
            raise unsupported(str(kind))
        if not isinstance(kind, str) or kind not in kinds:
            raise invalid(f"{path}['{key}']", f"must be one of {', '.join((*kinds, *unspoken))}")
        kinds[kind](path, value)

    return check


def also(shape: Check, *rules: Check) -> Check:
    """A shape, and rules about how its parts go together."""

    def check(path: str, value: object) -> None:
        shape(path, value)
        for rule in rules:
            rule(path, value)

    return check


def as_record(path: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise wrong_type(path, "a JSON object")
    return value
