"""The change that matters most: what people wrote to one of our numbers, and what became of what we wrote."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from channels.whatsapp.contents import read_content
from channels.whatsapp.envelope import Change
from channels.whatsapp.json_object import JsonObject, WrongShape, text_or_none
from channels.whatsapp.received import (
    InboundMessage,
    Item,
    OtherChange,
    Sender,
    StatusError,
    StatusUpdate,
    Unreadable,
)

SURROUNDINGS: Final = ("messaging_product", "metadata", "contacts")
"""The members that an item needs beside itself to be read."""

FIRST_MILLISECONDS: Final = 100_000_000_000
"""A timestamp from here on counts milliseconds: as seconds it would lie after the year 5000."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_CODE: Final = re.compile(r"[0-9]{1,9}")

_RECIPIENT: Final = (
    "recipient_participant_id",  # in a group, `recipient_id` is the group
    "recipient_participant_user_id",
    "recipient_id",
    "recipient_user_id",
)


def read_messages_change(change: Change) -> Iterator[Item]:
    people = _people(change.value.get("contacts"))
    yield from _each(change, "messages", lambda number, raw: _message(number, raw, people))
    yield from _each(change, "statuses", _status)
    rest = {name: member for name, member in change.value.items() if name not in ("messages", "statuses")}
    # Whatever else Meta adds, such as the `errors` of a broken message, is kept too.
    if rest.keys() - set(SURROUNDINGS) or rest.keys() == change.value.keys():
        yield OtherChange(
            field="messages",
            raw={**change.members, "value": rest},
            phone_number_id=change.phone_number_id,
            waba_id=change.waba_id,
        )


def _each(change: Change, name: str, read: Callable[[str, Any], Item]) -> Iterator[Item]:
    items = change.value.get(name, [])
    if not isinstance(items, list):
        yield _unreadable(change, name, items, f"{name} is not a list")
        return
    number = change.phone_number_id
    for item in items:
        try:
            if number is None:
                raise WrongShape("metadata.phone_number_id", "is missing")
            yield read(number, item)
        except WrongShape as wrong:
            yield _unreadable(change, name, [item], str(wrong))


def _unreadable(change: Change, name: str, items: object, problem: str) -> Unreadable:
    value: dict[str, Any] = {around: change.value[around] for around in SURROUNDINGS if around in change.value}
    raw = change.alone({**value, name: items})
    return Unreadable(phone_number_id=change.phone_number_id, raw=raw, problem=problem)


def _message(phone_number_id: str, raw: Any, people: list[Sender]) -> InboundMessage:
    message = JsonObject(raw, "message")
    return InboundMessage(
        phone_number_id=phone_number_id,
        wamid=message.identifier("id"),
        sender=_sender(message, people),
        sent_at=_moment(message, "timestamp"),
        content=read_content(message),
        context_id=text_or_none(raw.get("context"), "id"),
        raw=raw,
    )


def _sender(message: JsonObject, people: list[Sender]) -> Sender:
    wa_id, user_id = message.optional_identifier("from"), message.optional_identifier("from_user_id")
    known = [
        person
        for person in people
        if (wa_id is not None and person.wa_id == wa_id) or (user_id is not None and person.user_id == user_id)
    ]
    if wa_id is None and user_id is None:
        # Then only a single contact can be meant; the order of several says nothing.
        known = people if len(people) == 1 else []
        if not known:
            raise WrongShape(message.path("from"), "is missing")
    person = known[0] if known else Sender()
    return Sender(wa_id=wa_id or person.wa_id, user_id=user_id or person.user_id, name=person.name)


def _people(contacts: object) -> list[Sender]:
    """The contacts that tell who somebody is; others help nobody, and the messages are read without them."""
    people = []
    for contact in contacts if isinstance(contacts, list) else ():
        wa_id, user_id = text_or_none(contact, "wa_id"), text_or_none(contact, "user_id")
        if wa_id is not None or user_id is not None:
            # Receipts have contacts without a profile.
            people.append(Sender(wa_id=wa_id, user_id=user_id, name=text_or_none(contact.get("profile"), "name")))
    return people


def _status(phone_number_id: str, raw: Any) -> StatusUpdate:
    status = JsonObject(raw, "status")
    names = (status.optional_identifier(name) for name in _RECIPIENT)
    return StatusUpdate(
        phone_number_id=phone_number_id,
        wamid=status.identifier("id"),
        status=status.string("status"),
        recipient=next((name for name in names if name is not None), ""),
        at=_moment(status, "timestamp"),
        callback_data=status.optional_string("biz_opaque_callback_data"),
        errors=_status_errors(raw.get("errors")),
        raw=raw,
    )


def _status_errors(errors: object) -> tuple[StatusError, ...]:
    """Those that have a code. One without must not cost the receipt it came with; `raw` keeps it."""
    read = (_status_error(error) for error in (errors if isinstance(errors, list) else ()))
    return tuple(error for error in read if error is not None)


def _status_error(error: object) -> StatusError | None:
    code = text_or_none(error, "code")
    if not isinstance(error, dict) or code is None or not _CODE.fullmatch(code):
        return None
    data = error.get("error_data")
    # Meta shows the details as an object here and as a plain string there.
    details = data if isinstance(data, str) else text_or_none(data, "details")
    title = text_or_none(error, "title") or text_or_none(error, "message") or ""
    return StatusError(code=int(code), title=title, details=details or "")


def _moment(members: JsonObject, name: str) -> datetime:
    """Unix seconds or milliseconds, as a string or a number."""
    stamp = members.numeral(name)
    try:
        seconds = stamp / 1000 if stamp >= FIRST_MILLISECONDS else stamp
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        raise WrongShape(members.path(name), "is not a moment") from None
