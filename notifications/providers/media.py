"""What is done about the files in a message before it leaves; whoever can fetch and upload them implements it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A payload that may be sent, and what was changed about it, in words for `explain`."""

    payload: Mapping[str, Any] = field(repr=False)
    notes: tuple[str, ...] = ()


class OutgoingMedia(Protocol):
    """Makes the files of a payload ready for a number of ours."""

    async def prepare(self, phone_number_id: str, payload: Mapping[str, Any], *, renew: bool = False) -> Prepared:
        """The payload with its files uploaded, or without those that cannot be had.

        `renew` after WhatsApp refused a file of it: what was uploaded before is not trusted. May raise what the
        Graph API raises (`channels.whatsapp.errors`): the message then waits or fails as if sending it had.
        """
        ...

    def without_media(self, payload: Mapping[str, Any]) -> Prepared | None:
        """The same as words alone, after WhatsApp refused its files twice; None when the payload holds no file."""
        ...


class MediaAsGiven:
    """Leaves every payload as it is."""

    async def prepare(self, phone_number_id: str, payload: Mapping[str, Any], *, renew: bool = False) -> Prepared:
        return Prepared(payload=payload)

    def without_media(self, payload: Mapping[str, Any]) -> Prepared | None:
        return None
