"""Phone numbers never reach the log; what helps to find a turn again stays."""

import io
import logging

import pytest

from relais_bot.masking import mask_root_handlers, masked


@pytest.mark.parametrize(
    "number",
    [
        "+242 06 123 45 67",
        "+242061234567",
        "242061234567",
        "+242 (06) 123-45-67",
        "06.123.45.67",
        "06\u00a0123\u00a045\u00a067",
        "06\\u202f123\\u202f45\\u202f67",
        "20123456",
    ],
)
@pytest.mark.parametrize("around", ["call {} now", '{{"text": "{}"}}', "\\n{}\\n", "tel:{}, 2025-01-27"])
def test_a_phone_number_is_masked_wherever_it_stands(number: str, around: str) -> None:
    assert masked(around.format(number)) == around.format("[number]")


def test_a_whatsapp_id_is_masked() -> None:
    assert masked('"wamid.HBgMMjQyMDYxMjM0NTY3FQIAERgS/+A=="') == '"[wamid]"'


@pytest.mark.parametrize(
    "text",
    [
        "turn 12345678-1234-4234-8234-123456789012",
        "COUR-20250127-061",
        "CMD-20250127-012 RCL-20250127-003",
        "/track_delivery{'delivery_code': 'COUR-20250127-061'}",
        "2025-01-27T10:15:30.123456+00:00",
        "2025-01-27 10:15:30,123",
        "'timestamp': 1737972930.1234567",
        "1737972930123",
        "20250127-101530-cold-fork.tar.gz",
        "confidence 0.9876543210987654, 1.2345678e-09",
        "latitude -4.2633597",
        "9e107d9d372bb6826bd81d3542a419d6",
        "http://127.0.0.1:5055/webhook",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert masked(text) == text


def test_the_log_is_masked_with_arguments_and_tracebacks() -> None:
    printed = io.StringIO()
    handler = logging.StreamHandler(printed)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        mask_root_handlers()
        mask_root_handlers()
        try:
            raise ValueError("no courier at 242061234567")
        except ValueError:
            logging.getLogger("rasa.core").exception("Received '%s'.", "call +242 06 123 45 67")
    finally:
        root.removeHandler(handler)

    assert printed.getvalue().startswith("Received 'call [number]'.\n")
    assert printed.getvalue().endswith("ValueError: no courier at [number]\n")
