"""Changed files as a patch that `git apply` takes. Pure."""

import difflib
from collections.abc import Iterator, Mapping, Sequence


def patch(before: Mapping[str, str], changed: Mapping[str, str]) -> str:
    """The way from these files (those that are not there are new) to the changed ones ("": the file goes)."""
    return "".join(line for path, text in sorted(changed.items()) for line in _file(path, before.get(path, ""), text))


def _file(path: str, old: str, new: str) -> Iterator[str]:
    yield f"diff --git a/{path} b/{path}\n"
    if not old:
        yield "new file mode 100644\n"
    if not new:
        yield "deleted file mode 100644\n"
    names = f"a/{path}" if old else "/dev/null", f"b/{path}" if new else "/dev/null"
    for line in difflib.unified_diff(_lines(old), _lines(new), *names):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> Sequence[str]:
    # Git's lines end in \n, and in nothing else.
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
