"""What providers say is shown without the people it is about."""

import pytest

from channels.failures import without_private


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("5.1.1 <grace.mabiala@example.cg>: user unknown", "5.1.1 <…>: user unknown"),
        ("550 5.1.1 no mailbox grace+parcel@xn--caf-dma.example here", "550 5.1.1 no mailbox … here"),
        ("to=grace@example.cg, relay=10.0.0.1", "to=…, relay=10.0.0.1"),
        ("mailto:grace@example.cg refused", "mailto:… refused"),
        ("The number +242 06 123 45 67 is unreachable", "The number … is unreachable"),
        ("The number 0612345 is unreachable", "The number … is unreachable"),
        ("The 'To' number +24206(123)45-67 is not valid", "The 'To' number … is not valid"),
        ("see wamid.HBgMMjQyMDYxMjM0NTY3", "see …"),
        ("(131047) more than 24 hours", "(131047) more than 24 hours"),
        ("452 4.2.2 over quota", "452 4.2.2 over quota"),
        ("", ""),
    ],
)
def test_addresses_numbers_and_message_ids_are_left_out(said: str, shown: str) -> None:
    assert without_private(said) == shown
