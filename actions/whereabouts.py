"""Where is the courier: who it is, how far, seen where and when, as the business tells it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_time
from rasa_sdk.events import SlotSet

from actions.deliveries import delivery_rows, under_way
from actions.spoken import CustomerAction
from actions.subjects import Unknown, code_of_message, named_delivery
from actions.turn import Event, Turn, payload
from actions.words import compose
from channels.whatsapp.messages import Location
from trade.markup import plain
from trade.missions import Mission
from trade.timeline import delay_label, expected, status_label


class WhereIsCourier(CustomerAction):
    """Tells what is known of the courier's way, and sends the place where the courier was seen."""

    def name(self) -> str:
        """As in the domain."""
        return "action_where_is_courier"

    async def answer(self, turn: Turn) -> list[Event]:
        """By the code of the message, else of what is on the screen, else of what is under way."""
        customer = await self.people.customer(turn.sender_id)
        timezone = (await self.people.person(turn.sender_id)).timezone
        match await named_delivery(turn, self.backend, customer):
            case Unknown(code=code):
                turn.say("utter_delivery_not_found", code=code)
                return []
            case Mission() as mission:
                return _tell(turn, mission, timezone)
        open_ones = under_way(await self.backend.missions(customer))
        shown = tuple(mission for mission in open_ones if mission.code == turn.slot("shown_delivery"))
        match shown or open_ones:
            case ():
                turn.say("utter_no_active_delivery")
                return []
            case (only,):
                return _tell(turn, only, timezone)
            case several:
                rows = delivery_rows(several, "track_delivery", turn.language, whereabouts="courier")
                turn.say("utter_choose_courier", buttons=rows)
                return []

    def again(self, turn: Turn) -> str:
        """The same question about the same one."""
        return payload("track_delivery", whereabouts="courier", **code_of_message(turn))


def _tell(turn: Turn, mission: Mission, timezone: str) -> list[Event]:
    courier, position = mission.assigned_courier, mission.position
    if not mission.is_under_way:
        turn.say("utter_courier_has_left", code=mission.code, status=status_label(mission.status, turn.language))
    elif courier is None:
        turn.say("utter_no_courier_yet", code=mission.code)
    else:
        text = compose(
            "whereabouts",
            turn.language,
            courier=plain(courier.name),
            code=plain(mission.code),
            status=status_label(mission.status, turn.language),
            seen=_time(position.seen_at, timezone, turn.language) if position else "",
            expected=expected(mission, turn.language, timezone),
            delay=delay_label(mission.delay, turn.language) if mission.delay else "",
        )
        turn.say("utter_courier_whereabouts", text=text, code=mission.code)
        if position:
            place = position.location
            turn.send(Location(latitude=place.latitude, longitude=place.longitude, name=plain(courier.name) or None))
    return [SlotSet("shown_delivery", mission.code)]


def _time(moment: datetime, timezone: str, language: str) -> str:
    return format_time(moment, "HH:mm", tzinfo=ZoneInfo(timezone), locale=language)
