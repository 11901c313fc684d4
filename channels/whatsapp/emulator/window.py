"""The customer service window: how long after their last message one may write freely to a person. Pure."""

from datetime import datetime, timedelta

from channels.whatsapp.emulator.chats import Chat

# Meta's documentation: it opens, and begins anew, with each message of the person.
OPEN_FOR = timedelta(hours=24)


def is_open(chat: Chat, now: datetime) -> bool:
    return chat.wrote_at is not None and now - chat.wrote_at < OPEN_FOR
