"""The timeline reads as specified, in both languages, whatever the backend and its people wrote.

Golden files: tests/trade/golden/<status>.<locale>.txt, written by hand once and compared byte by byte.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trade.missions import STEPS, Courier, Delay, Mission
from trade.money import Money
from trade.timeline import delay_label, render_timeline, status_label

GOLDEN = Path(__file__).parent / "golden"
WHATSAPP_TEXT_LIMIT = 4096
MARKERS = "*_~`"
CREATED_AT = datetime(2025, 1, 27, 9, 0, tzinfo=UTC)
EXPECTED_AT = datetime(2025, 1, 27, 9, 40, tzinfo=UTC)
MISSION = Mission(
    code="COUR-20250127-061",
    status="in_transit",
    created_at=CREATED_AT,
    customer_phone="+242061234567",
    pickup_address="10 Avenue de la Paix",
    dropoff_address="25 Rue Malanda",
    recipient_name="Marie Okemba",
    recipient_phone="+242061234576",
    value=Money(amount=Decimal(8000), currency="XAF"),
    courier=Courier(name="Jean Malonga", phone="+242069876543"),
)
KNOWN = ["pending", "accepted", "pickup_arrived", "in_transit", "delivered", "cancelled"]
LOCALES = ["fr", "en"]

hostile = st.text(
    st.one_of(st.sampled_from("*_~`>-\n\r\u2028\u202e\u2066\u200b\u0301 🇨🇬éa1{}%"), st.characters()),
    max_size=120,
)


def _reached(*steps: str) -> dict[str, datetime]:
    return {step: CREATED_AT + timedelta(minutes=10 * place) for place, step in enumerate(steps)}


def _structure(timeline: str) -> list[str]:
    """The lines without their words: what stays when only the values change."""
    return ["".join(re.findall(f"[{re.escape(MARKERS)}]", line)) for line in timeline.split("\n")]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("status", [*KNOWN, "returned_to_sender"])
def test_the_timeline_of_each_status_reads_as_its_golden_file(status: str, locale: str) -> None:
    mission = replace(MISSION, status=status, steps=_reached("pending", "accepted"))

    golden = (GOLDEN / f"{status}.{locale}.txt").read_text(encoding="utf-8")

    assert render_timeline(mission, locale) + "\n" == golden


@pytest.mark.parametrize("locale", LOCALES)
def test_when_it_should_arrive_and_why_it_is_late_read_as_their_golden_file(locale: str) -> None:
    late = replace(MISSION, expected_at=EXPECTED_AT, delay=Delay(reason="weather", minutes=85))

    golden = (GOLDEN / f"late.{locale}.txt").read_text(encoding="utf-8")
    assert render_timeline(late, locale, "Africa/Brazzaville") + "\n" == golden


@pytest.mark.parametrize("status", ["delivered", "cancelled"])
def test_what_is_over_is_expected_no_more(status: str) -> None:
    over = replace(MISSION, status=status, expected_at=EXPECTED_AT, delay=Delay(reason="weather", minutes=85))

    assert not {"🕐", "⚠"} & set(render_timeline(over, "fr"))


@pytest.mark.parametrize(
    ("reason", "minutes", "label"),
    [
        ("traffic", 15, "15 min de retard : circulation dense"),
        ("merchant", 60, "1 h de retard : préparation plus longue que prévu"),
        ("other", 5, "5 min de retard"),
        ("aliens*", 125, "2 h 05 de retard"),
    ],
)
def test_a_delay_is_told_with_a_reason_that_we_have_words_for(reason: str, minutes: int, label: str) -> None:
    assert delay_label(Delay(reason=reason, minutes=minutes), "fr") == label


@pytest.mark.parametrize("locale", LOCALES)
def test_sections_without_data_are_left_out(locale: str) -> None:
    bare = Mission(code="COUR-1", status="accepted", created_at=CREATED_AT, customer_phone="+242061234567")

    timeline = render_timeline(bare, locale)

    assert timeline.split("\n")[-1].startswith("⏱️")
    assert not {"📍", "👤", "💰", "🚴"} & set(timeline)


@pytest.mark.parametrize(
    ("missing", "gone", "kept"),
    [
        ({"pickup_address": None}, "🚏", "🎯"),
        ({"dropoff_address": " \n "}, "🎯", "🚏"),
        ({"recipient_phone": None}, "Tél : `06 123", "Nom : *Marie"),
        ({"recipient_name": "\u200e"}, "Nom :", "Tél : `06 123 4576`"),
        ({"courier": Courier(name="Jean")}, "Tél : `06 987", "• Jean"),
        ({"courier": Courier(name="", phone="+242069876543")}, "Jean", "• Tél : `06 987 6543`"),
        ({"value": None}, "💰", "🚴"),
    ],
)
def test_a_missing_value_takes_only_its_own_line_away(missing: dict[str, object], gone: str, kept: str) -> None:
    timeline = render_timeline(replace(MISSION, **missing), "fr")  # type: ignore[arg-type]

    assert gone not in timeline
    assert kept in timeline
    assert "\n\n\n" not in timeline


@given(name=hostile, phone=hostile, address=hostile, code=hostile)
def test_no_name_phone_address_or_code_breaks_the_markup(name: str, phone: str, address: str, code: str) -> None:
    # A letter in front keeps the values from vanishing, which would rightly take their lines away.
    dressed = replace(
        MISSION,
        code=f"C{code}",
        pickup_address=f"A{address}",
        dropoff_address=f"B{address}",
        recipient_name=f"N{name}",
        recipient_phone=f"P{phone}",
        courier=Courier(name=f"J{name}", phone=f"P{phone}"),
    )

    for locale in LOCALES:
        assert _structure(render_timeline(dressed, locale)) == _structure(render_timeline(MISSION, locale))


@given(status=hostile)
def test_no_foreign_status_breaks_the_lines_around_it(status: str) -> None:
    timeline = render_timeline(replace(MISSION, status=f"x{status}"), "fr")
    reference = render_timeline(replace(MISSION, status="lost"), "fr")

    # Between its backticks an underscore is no marker; everywhere else nothing changed.
    assert [line.replace("_", "") for line in _structure(timeline)] == [
        line.replace("_", "") for line in _structure(reference)
    ]


@pytest.mark.parametrize("filler", ["é", "👩‍👧‍👦", "e\u0301", "🇨🇬", "_", "a\n"])
@pytest.mark.parametrize("status", ["delivered", "cancelled", "x" * 9000])
def test_the_longest_timeline_still_fits_one_message(filler: str, status: str) -> None:
    flood = filler * 5000
    mission = Mission(
        code=flood,
        status=status,
        created_at=CREATED_AT,
        customer_phone="+242061234567",
        steps=_reached(*STEPS),
        pickup_address=flood,
        dropoff_address=flood,
        recipient_name=flood,
        recipient_phone=flood,
        value=Money(amount=Decimal(10) ** 15, currency="XAF"),
        courier=Courier(name=flood, phone=flood, organization=flood),
    )

    for locale in LOCALES:
        timeline = render_timeline(mission, locale)

        assert len(timeline.encode("utf-16-le")) // 2 <= WHATSAPP_TEXT_LIMIT
        assert "…" in timeline


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("status", KNOWN)
def test_every_known_status_has_a_sentence_of_its_own(status: str, locale: str) -> None:
    others = {status_label(other, locale) for other in KNOWN if other != status}

    assert status_label(status, locale) not in others | {status_label("", locale)}


@pytest.mark.parametrize(
    ("status", "locale", "label"),
    [
        ("in_transit", "fr", "En route vers la destination"),
        ("in_transit", "en-GB", "On the way to the destination"),
        ("returned_to_sender", "fr", "returned to sender"),
        ("*lost*\n", "en", "∗lost∗"),
        ("", "fr", "Statut inconnu"),
        ("\u202e", "en", "Unknown status"),
    ],
)
def test_a_status_reads_as_a_sentence(status: str, locale: str, label: str) -> None:
    assert status_label(status, locale) == label


def test_a_language_we_do_not_write_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'ln'"):
        render_timeline(MISSION, "ln")
