"""Who somebody is, as far as WhatsApp tells."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who wrote. At least one of the ids is known; a person who hides their number has no `wa_id`.

    `user_id` changes with the person's number, and `username` whenever they like: neither is a key for ever.
    """

    wa_id: str | None = field(default=None, repr=False)  # digits
    user_id: str | None = field(default=None, repr=False)  # Meta's id of the person for this business portfolio
    parent_user_id: str | None = field(default=None, repr=False)  # the same, for portfolios that are linked
    name: str | None = field(default=None, repr=False)  # as they call themselves
    username: str | None = field(default=None, repr=False)  # without "@"
    identity_key_hash: str | None = field(default=None, repr=False)  # of their phone, where such checks are on


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The encryption identity of the sender's phone. Another hash than before: another phone, or a new installation."""

    hash: str = field(repr=False)
    acknowledged: bool = False
    created_at: datetime | None = None
