"""A mission knows how far it is on its road."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from trade.missions import Courier, Mission, MissionStatus, progress

AT = datetime(2025, 1, 27, 9, 0, tzinfo=UTC)
MISSION = Mission(code="COUR-20250127-061", status="pending", created_at=AT, customer_phone="+242061234567")
SIGNS = {"done": "x", "current": "o", "ahead": "."}


def _drawn(mission: Mission) -> str:
    return "".join(SIGNS[state.value] for _, state in progress(mission))


@pytest.mark.parametrize(
    ("status", "drawn"),
    [
        ("pending", "o...."),
        ("accepted", "xo..."),
        ("pickup_arrived", "xxo.."),
        ("in_transit", "xxxo."),
        ("delivered", "xxxxx"),
    ],
)
def test_a_status_of_the_road_marks_its_steps(status: str, drawn: str) -> None:
    assert _drawn(replace(MISSION, status=status)) == drawn


@pytest.mark.parametrize(
    ("timed", "cancelled", "unknown"),
    [
        ((), "x", "x...."),
        (("pending",), "x", "x...."),
        (("accepted",), "xx", "xx..."),
        (("accepted", "pickup_arrived", "in_transit"), "xxxx", "xxxx."),
        (("in_transit",), "xxxx", "xxxx."),
        (("cancelled", "lost_at_sea"), "x", "x...."),
    ],
)
def test_off_the_road_the_times_tell_which_steps_were_reached(
    timed: tuple[str, ...], cancelled: str, unknown: str
) -> None:
    mission = replace(MISSION, steps=dict.fromkeys(timed, AT))

    assert _drawn(replace(mission, status="cancelled")) == cancelled
    assert _drawn(replace(mission, status="returned_to_sender")) == unknown


def test_an_unknown_status_is_kept_but_is_none_of_ours() -> None:
    assert replace(MISSION, status="returned_to_sender").known_status is None
    assert replace(MISSION, status="delivered").known_status is MissionStatus.DELIVERED


def test_nobody_is_shown_as_courier_before_the_mission_is_taken() -> None:
    jean = Courier(name="Jean Malonga", phone="+242069876543")

    assert replace(MISSION, courier=jean).assigned_courier is None
    assert replace(MISSION, courier=jean, status="accepted").assigned_courier == jean
