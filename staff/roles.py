"""Roles and what each may do: the one table of permissions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is, at one business or in the whole house."""

    #: does everything, also who works here and the keys
    ADMIN = "admin"
    #: runs the day: talks, failures, what the assistant learns
    MANAGER = "manager"
    #: talks with people
    AGENT = "agent"
    #: reads talks and corrects what was understood
    REVIEWER = "reviewer"
    #: talks with the bot, and sees nobody else's talks
    TESTER = "tester"


class Act(StrEnum):
    """What a page or a button does; each route names the one it needs."""

    #: see talks, and the people in them
    READ_TALKS = "read-talks"
    #: mark talks, tag them, note something; say what was meant
    REVIEW = "review"
    #: save a talk as a test, take corrections over into the data, train a candidate
    TEACH = "teach"
    #: put another model, or the last one, in front of people
    PROMOTE = "promote"
    #: take talks over, answer people, write notes for colleagues
    ANSWER = "answer"
    #: give talks to others, write canned answers
    ASSIGN = "assign"
    #: talk with the bot as a tester
    TRY_BOT = "try-bot"
    #: make links by which guests try the bot
    INVITE_TESTERS = "invite-testers"
    #: see all that is known of one person
    READ_PEOPLE = "read-people"
    #: keep what people told about the messages that they want
    CHANGE_PREFERENCES = "change-preferences"
    #: hand a person their data, or forget them
    ERASE_PEOPLE = "erase-people"
    #: see how much is said, how fast and how well
    READ_FIGURES = "read-figures"
    #: see how the parts, numbers and queues are
    READ_HEALTH = "read-health"
    #: say that they look after something that is wrong
    TAKE_ALERTS = "take-alerts"
    #: see messages, notifications and their stories
    READ_MESSAGES = "read-messages"
    #: send what failed again, or give it up
    MEND_MESSAGES = "mend-messages"
    #: take back what is planned, or move it with its appointment
    CHANGE_PLANS = "change-plans"
    #: see workflows and templates, and how they read
    READ_CONTENT = "read-content"
    #: make, change and revoke keys of the API
    KEYS = "keys"
    #: invite people, change what they may do, take it away
    STAFF = "staff"
    #: see who did what, and who looked at whom
    READ_AUDIT = "read-audit"


_REVIEWER: Final = frozenset({Act.READ_TALKS, Act.REVIEW, Act.TRY_BOT, Act.INVITE_TESTERS, Act.READ_CONTENT})
_AGENT: Final = frozenset(
    {
        Act.READ_TALKS,
        Act.ANSWER,
        Act.INVITE_TESTERS,
        Act.READ_PEOPLE,
        Act.CHANGE_PREFERENCES,
        Act.READ_MESSAGES,
        Act.READ_CONTENT,
    }
)
_ADMIN_ALONE: Final = frozenset({Act.KEYS, Act.STAFF, Act.READ_AUDIT, Act.ERASE_PEOPLE})

PERMISSIONS: Final[Mapping[Role, frozenset[Act]]] = {
    Role.ADMIN: frozenset(Act),
    Role.MANAGER: frozenset(Act) - _ADMIN_ALONE,
    Role.AGENT: _AGENT,
    Role.REVIEWER: _REVIEWER,
    Role.TESTER: frozenset({Act.TRY_BOT}),
}


def allows(role: Role, act: Act) -> bool:
    """Whether somebody in this role may do this."""
    return act in PERMISSIONS[role]
