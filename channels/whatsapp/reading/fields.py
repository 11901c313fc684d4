"""Which reader reads which webhook field. A field that is not here is kept whole."""

from collections.abc import Callable, Iterator
from typing import Final

from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.reading import account, numbers, person_news, templates
from channels.whatsapp.reading.envelope import Change
from channels.whatsapp.reading.messages_change import read_messages_change
from channels.whatsapp.received import Item, News

type OneReader = Callable[[Change, JsonObject], News]
"""Reads a change that is one piece of news, given besides its value."""

LISTS: Final[dict[str, Callable[[Change], Iterator[Item]]]] = {
    "messages": read_messages_change,
    "smb_message_echoes": person_news.read_echoes,
    "user_preferences": person_news.read_preferences,
    "user_id_update": person_news.read_user_ids,
}
"""Changes that hold any number of items."""

ONES: Final[dict[str, OneReader]] = {
    "message_template_status_update": templates.read_status,
    "message_template_quality_update": templates.read_quality,
    "message_template_components_update": templates.read_components,
    "template_category_update": templates.read_category,
    "phone_number_quality_update": numbers.read_quality,
    "phone_number_name_update": numbers.read_name,
    "security": numbers.read_security,
    "account_update": account.read_update,
    "account_alerts": account.read_alert,
    "account_review_update": account.read_review,
    "business_capability_update": account.read_capability,
}


def read_change(change: Change) -> Iterator[Item]:
    """Every item of a change; one that breaks is Unreadable."""
    if change.field not in LISTS and change.field not in ONES:
        yield change.other()
        return
    try:
        value = JsonObject(change.members, "change").nested("value")
        if change.field in LISTS:
            yield from LISTS[change.field](change)
        else:
            yield ONES[change.field](change, value)
    except WrongShape as wrong:
        yield change.unreadable(change.members, str(wrong))
