"""Access tokens from a file that may change while we run: a new token is taken up without a restart.

BadTokensFile       the file cannot be used; the message says why and never shows a token
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import structlog
import yaml

DEFAULT: Final = "default"
"""The entry that counts for every number and account without one of its own."""

Version = tuple[int, int, int] | None
"""What tells two states of the file apart: changed at (ns), size in bytes, inode; None when it is not there."""

log = structlog.get_logger()


class BadTokensFile(Exception):
    """The file of tokens cannot be used."""


class FileTokens:
    """Tokens by phone_number_id or WABA id, as the file says right now.

    A file that cannot be read leaves the last good tokens in place, and is complained about once per version of it.
    """

    def __init__(self, path: Path, *, fallback: str, accounts: Mapping[str, str] | None = None) -> None:
        """`fallback` is for what the file does not name; `accounts` tells the WABA id of a phone_number_id.

        Raises BadTokensFile.
        """
        self._path = path
        self._fallback = fallback
        self._accounts = accounts or {}
        self._version = _version(path)
        self._tokens = read_tokens(path)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._path.name!r})"

    def token(self, owner: str) -> str:
        """The token of a phone_number_id or WABA id: its own, its account's, the default, or the fallback."""
        if _version(self._path) != self._version:
            self.reread()
        for name in (owner, self._accounts.get(owner), DEFAULT):
            if name in self._tokens:
                return self._tokens[name]
        return self._fallback

    def reread(self) -> None:
        """Read the file again, whatever its dates say."""
        version = _version(self._path)
        try:
            self._tokens = read_tokens(self._path)
        except BadTokensFile as error:
            if version != self._version:
                log.error("tokens.not_read", problem=str(error), kept="the tokens read before")
        self._version = version


def read_tokens(path: Path) -> dict[str, str]:
    """Read and check a file of tokens: YAML or JSON, one token per id. Raises BadTokensFile."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadTokensFile(f"{path.name} cannot be read: {_why(error)}.") from None
    except (yaml.YAMLError, RecursionError, ValueError):
        # Its own words would quote the line, and the token in it.
        raise BadTokensFile(f"{path.name} is neither YAML nor JSON.") from None
    if not isinstance(document, dict):
        raise BadTokensFile(f'{path.name} must hold ids and their tokens, such as {{"{DEFAULT}": "…"}}.')
    tokens = {str(owner): token for owner, token in document.items()}
    for owner, token in tokens.items():
        if owner != DEFAULT and not (owner.isascii() and owner.isdigit()):
            raise BadTokensFile(f"{path.name}: an entry is neither a phone_number_id, a WABA id nor {DEFAULT}.")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
            raise BadTokensFile(f"{path.name}: the token of {owner} must be a text of printable characters.")
    return {owner: token.strip() for owner, token in tokens.items()}


def _version(path: Path) -> Version:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "unknown" if isinstance(error, OSError) else "it is not UTF-8"
