"""Orders and deliveries alike: which one is meant, how they are listed, which one is on the screen."""

from actions.subjects.kinds import Subject, code_entity
from actions.subjects.lists import Age, age, newest, older
from actions.subjects.meant import (
    SubjectAction,
    Unknown,
    code_of_message,
    named_delivery,
    named_subject,
    subject_by_code,
)
from actions.subjects.rows import subject_rows
from actions.subjects.screen import is_shown, shown, shown_order

__all__ = [
    "Age",
    "Subject",
    "SubjectAction",
    "Unknown",
    "age",
    "code_entity",
    "code_of_message",
    "is_shown",
    "named_delivery",
    "named_subject",
    "newest",
    "older",
    "shown",
    "shown_order",
    "subject_by_code",
    "subject_rows",
]
