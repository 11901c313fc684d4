"""Is it late, by how much and why: sorry only where it is, and the facts in any case."""

from datetime import datetime

from actions.turn import Turn
from trade.missions import Mission, MissionStatus
from trade.moments import format_moment
from trade.timeline import delay_label, expected


def explain_delay(turn: Turn, mission: Mission, timezone: str, now: datetime) -> None:
    """One message before the timeline; the times are by the clocks of `timezone`."""
    when = expected(mission, turn.language, timezone)
    late = delay_label(mission.delay, turn.language) if mission.delay else ""
    is_over = mission.expected_at is not None and mission.expected_at < now
    if mission.known_status is MissionStatus.DELIVERED:
        _tell_delivered(turn, mission, timezone)
    elif not mission.is_under_way:
        turn.say("utter_not_late_but_cancelled", code=mission.code)
    elif late and when and not is_over:
        turn.say("utter_late_with_new_time", code=mission.code, late=late, when=when)
    elif late:
        turn.say("utter_late_without_time", code=mission.code, late=late)
    elif is_over:
        turn.say("utter_overdue", code=mission.code, when=when)
    elif when:
        turn.say("utter_not_late_yet", code=mission.code, when=when)
    else:
        turn.say("utter_no_time_known", code=mission.code)


def _tell_delivered(turn: Turn, mission: Mission, timezone: str) -> None:
    delivered_at = mission.steps.get(MissionStatus.DELIVERED)
    if delivered_at is None:
        turn.say("utter_delivered_already", code=mission.code)
    else:
        when = format_moment(delivered_at, timezone, turn.language)
        turn.say("utter_delivered_already_at", code=mission.code, when=when)
