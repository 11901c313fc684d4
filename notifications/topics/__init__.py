"""Topics: sets of people, and saying one thing to all of them."""

from notifications.topics.broadcast import Broadcast, Broadcasting, begin, broadcast, cancel_broadcast
from notifications.topics.members import (
    Member,
    NoSuchTopic,
    Topic,
    TopicError,
    TopicInUse,
    add_members,
    delete_topic,
    members,
    put_topic,
    remove_members,
    topic,
    topics_of,
)

__all__ = [
    "Broadcast",
    "Broadcasting",
    "Member",
    "NoSuchTopic",
    "Topic",
    "TopicError",
    "TopicInUse",
    "add_members",
    "begin",
    "broadcast",
    "cancel_broadcast",
    "delete_topic",
    "members",
    "put_topic",
    "remove_members",
    "topic",
    "topics_of",
]
