"""Receipts are read whatever they lack."""

from datetime import UTC, datetime

import pytest

from channels.whatsapp.webhook import (
    StatusError,
)
from tests.channels.whatsapp.cast import (
    GRACE,
    GRACE_ID,
    KIMIA,
    status,
)


def test_a_receipt_is_read_with_what_we_gave_along() -> None:
    read = status("status_sent")

    assert (read.phone_number_id, read.wamid, read.status) == (KIMIA, "wamid.OURS1", "sent")
    assert (read.recipient, read.callback_data) == (GRACE, "m-1")
    assert read.at == datetime(2025, 6, 16, 16, 24, 10, tzinfo=UTC)
    assert read.raw["pricing"]["category"] == "utility"


@pytest.mark.parametrize(
    ("name", "recipient"),
    [
        ("status_of_a_person_without_a_number", GRACE_ID),
        ("status_without_recipient", ""),
        ("status_in_a_group", GRACE),
    ],
)
def test_a_receipt_names_the_recipient_as_well_as_it_can(name: str, recipient: str) -> None:
    assert status(name).recipient == recipient


def test_a_failed_receipt_says_why() -> None:
    read = status("status_failed_without_contacts")

    assert read.status == "failed"
    assert read.errors == (
        StatusError(code=131047, title="Re-engagement message", details="More than 24 hours have passed."),
    )


def test_errors_without_a_code_do_not_cost_the_receipt() -> None:
    read = status("status_failed_with_odd_errors")

    assert read.errors == (StatusError(code=131026, title="Undeliverable", details="plain words"),)
    assert len(read.raw["errors"]) == 3


def test_a_status_not_known_yet_keeps_its_name() -> None:
    assert status("status_not_known").status == "teleported"
