"""The project that `rasa init` makes, as it is but for one line in credentials.yml."""

import uuid
from collections.abc import Iterator

import pytest

from tests.road.own_rasa.phones import texts, wire
from tests.road.own_rasa.rasa_project import LINE, SCAFFOLD, RasaProject, files
from tests.stack import Stack

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def moodbot(projects: dict[str, RasaProject]) -> Iterator[RasaProject]:
    project = projects["moodbot"]
    project.end_training()
    project.run()
    yield project
    project.end()


def test_the_project_of_rasa_init_speaks_on_whatsapp_with_one_line_more(relais: Stack, moodbot: RasaProject) -> None:
    person = "242069900001"

    assert texts(relais.ask(person, "hey")) == ["Hey! How are you?"]
    cheering = relais.ask(person, "I am sad", count=2)
    assert "Here is something to cheer you up:" in wire(cheering)
    # The picture is on the net; where that cannot be reached, its address stands in the text.
    assert cheering[0]["payload"]["type"] == "image" or "https://i.imgur.com/nGF1K8f.jpg" in wire(cheering)
    assert texts(cheering)[-1] == "Did that help you?"
    assert texts(relais.ask(person, "yes")) == ["Great, carry on!"]
    assert texts(relais.ask(person, "/restart are you a bot?")) == ["I am a bot, powered by Rasa."]

    changed = files(SCAFFOLD).items() ^ files(moodbot.folder).items()
    assert {name for name, _ in changed} == {"credentials.yml"}
    assert files(moodbot.folder)["credentials.yml"] == files(SCAFFOLD)["credentials.yml"] + LINE.encode()


def test_a_repeated_turn_is_answered_from_rasas_own_tracker(relais: Stack, moodbot: RasaProject) -> None:
    turn = {"turn_id": str(uuid.uuid4()), "sender_id": str(uuid.uuid4()), "text": "hey"}
    headers = {"Authorization": f"Bearer {relais.environment['RELAIS_SECRET']}"}
    first, again = (
        relais.http.post(f"{relais.bot}/webhooks/whatsapp/turn", json=turn, headers=headers).json() for _ in range(2)
    )

    assert (first.pop("replayed"), again.pop("replayed")) == (False, True)
    assert first == again
