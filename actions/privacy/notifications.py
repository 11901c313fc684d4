"""What a person hears from us: shown as it is, and changed by kind."""

from actions.people import PeopleClient
from actions.privacy.categories import CATEGORIES, EVERYTHING, find_categories
from actions.spoken import SpokenAction
from actions.turn import Event, Row, Turn, payload
from actions.words import compose

IN, OUT, DATA = "notifications_opt_in", "notifications_opt_out", "export_my_data"


class ChooseNotifications(SpokenAction):
    """Switches the kinds that were named on or off; shows them all where none was."""

    def __init__(self, people: PeopleClient) -> None:
        """Ask and tell the server through `people`, which keeps what people decide."""
        self._people = people

    def name(self) -> str:
        """As in the domain."""
        return "action_choose_notifications"

    async def answer(self, turn: Turn) -> list[Event]:
        """A choice in words is kept at once: a button takes it back."""
        categories = _named(turn)
        if not categories:
            _show(turn, await self._people.notifications(turn.sender_id))
            return []
        granted = turn.intent == IN
        changed, wanted = await self._people.choose_notifications(turn.sender_id, turn.id, categories, granted=granted)
        text = compose(
            "notifications_changed",
            turn.language,
            granted=granted,
            changed=changed,
            named=categories,
            wanted=wanted,
        )
        undo = EVERYTHING if len(changed) > 1 else next(iter(changed), EVERYTHING)
        if not changed:
            turn.say("utter_notifications_unchanged", text=text)
        elif granted:
            turn.say("utter_notifications_on", text=text, category=undo)
        else:
            turn.say("utter_notifications_off", text=text, category=undo)
        return []

    def again(self, turn: Turn) -> str:
        """The same choice."""
        intent = IN if turn.intent == IN else OUT
        categories = _named(turn)
        if not categories:
            return payload(intent)
        return payload(intent, notification_category=EVERYTHING if len(categories) > 1 else categories[0])


def _named(turn: Turn) -> tuple[str, ...]:
    """By what was tapped, else by the words. Those on a button name nothing: "all my choices" is not all of them."""
    tapped = turn.entity("notification_category")
    if tapped is None:
        return find_categories(turn.text)
    return CATEGORIES if tapped == EVERYTHING else tuple(each for each in CATEGORIES if each == tapped)


def _show(turn: Turn, wanted: dict[str, bool]) -> None:
    rows = [_row(turn, category, on=on) for category, on in wanted.items()]
    some_on = any(wanted.values())
    rows.append(_row(turn, EVERYTHING, on=some_on))
    rows.append({"title": compose("meaning", turn.language, intent=DATA), "payload": payload(DATA)})
    turn.say("utter_notifications", text=compose("notifications", turn.language, wanted=wanted), buttons=rows)


def _row(turn: Turn, category: str, *, on: bool) -> Row:
    """What tapping it does."""
    title, description = compose("notification_row", turn.language, category=category, on=on).split("\n")
    return {
        "title": title,
        "description": description,
        "payload": payload(OUT if on else IN, notification_category=category),
    }
