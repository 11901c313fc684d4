"""The turn channel over HTTP: who may call it, and what each trouble answers."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from action_server_fake import FakeActionServer
from bot_in_process import InProcessBot
from http_bot import Client, InProcessServer
from rasa.core.tracker_store import InMemoryTrackerStore

from relais_bot.channel_settings import ChannelSettings
from relais_bot.connector import WhatsAppTurns

SECRET = "s3cr$t é"
CODE = "COUR-20250127-061"


@pytest.fixture
async def server(bot: InProcessBot) -> AsyncIterator[InProcessServer]:
    server = InProcessServer(WhatsAppTurns(ChannelSettings(secret=SECRET)), bot.agent)
    server.url = await server.start()
    yield server
    await server.stop()


@pytest.fixture
def client(server: InProcessServer) -> Client:
    return Client(server.url, SECRET)


async def test_a_turn_goes_in_and_its_answer_comes_out(client: Client) -> None:
    reply = await client.turn("hello", slots={"business_name": "Kimia"})

    assert reply.status == 200
    assert [response["text"] for response in reply.body["responses"]] == ["Hello from Kimia"]
    assert set(reply.body) == {"responses", "events", "failed_actions", "replayed", "paused"}


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", "é"])
async def test_a_wrong_secret_opens_nothing(client: Client, bot: InProcessBot, secret: str) -> None:
    reply = await client.turn("hello", secret=secret)

    assert reply.status == 401
    assert await bot.agent.tracker_store.retrieve("sender-1") is None


async def test_no_secret_opens_nothing_even_for_a_bad_body(client: Client) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{client.url}/webhooks/whatsapp/turn", data=b"{") as reply,
    ):
        assert reply.status == 401


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"{", 400, "body"),
        (b"x" * 1_500_000, 413, "body"),
        ({"turn_id": "x"}, 422, "text"),
    ],
    ids=["not JSON", "too large", "nothing said"],
)
async def test_a_bad_body_is_answered_with_the_field(client: Client, body: object, status: int, field: str) -> None:
    reply = await client.post(body)

    assert (reply.status, reply.body["field"]) == (status, field)


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
async def test_blank_text_never_reaches_rasa(client: Client, bot: InProcessBot, text: str) -> None:
    reply = await client.turn(text)

    assert (reply.status, reply.body["field"]) == (422, "text")
    assert await bot.agent.tracker_store.retrieve("sender-1") is None


@pytest.mark.parametrize("intent", ["restart", "back", "session_start", "invented", "EXTERNAL_greet", ""])
async def test_a_button_may_only_mean_what_the_model_knows(client: Client, intent: str) -> None:
    reply = await client.turn(None, parse_data={"text": "x", "intent": {"name": intent}})

    assert (reply.status, reply.body["field"]) == (422, "parse_data.intent.name")


async def test_entities_of_a_button_must_be_known_too(client: Client) -> None:
    entities = [{"entity": "delivery_code", "value": CODE}, {"entity": "invented", "value": 1}]
    reply = await client.turn(None, parse_data={"text": "x", "intent": {"name": "greet"}, "entities": entities})

    assert (reply.status, reply.body["field"]) == (422, "parse_data.entities[1].entity")


async def test_a_button_does_not_pass_through_nlu(client: Client) -> None:
    entities = [{"entity": "delivery_code", "value": CODE}]
    reply = await client.turn(
        None, parse_data={"text": "hello", "intent": {"name": "track_delivery"}, "entities": entities}
    )

    assert [response["text"] for response in reply.body["responses"]] == [f"{CODE} in fr"]


@pytest.mark.parametrize("path", ["", "ready"])
async def test_ready_says_whether_a_model_is_loaded(server: InProcessServer, client: Client, path: str) -> None:
    with_model = await client.ready(path)
    server.app.ctx.agent.processor = None
    without_model = await client.ready(path)
    turn = await client.turn("hello")
    server.app.ctx.agent = None
    without_agent = await client.ready(path)

    assert with_model.status == 200
    assert [without_model.status, turn.status, without_agent.status] == [503, 503, 503]
    assert turn.headers["Retry-After"]


async def test_a_store_that_is_down_is_a_503_and_nothing_is_lost(client: Client, bot: InProcessBot) -> None:
    turn_id = "018f2b1e-0000-7000-8000-000000000001"
    bot.agent.tracker_store._log._engine.dispose()
    real, bot.agent.tracker_store._log._engine = bot.agent.tracker_store._log._engine, unreachable_engine()
    down = await client.turn("hello", turn_id=turn_id)
    bot.agent.tracker_store._log._engine = real
    up = await client.turn("hello", turn_id=turn_id)

    assert (down.status, down.headers["Retry-After"]) == (503, "1")
    assert (up.status, up.body["replayed"]) == (200, False)


async def test_a_turn_that_raises_is_a_500_without_the_users_words(client: Client, bot: InProcessBot) -> None:
    async def explode(*_: object) -> None:
        raise KeyError("my secret")

    bot.agent.processor.run_action_extract_slots = explode
    reply = await client.turn("my secret")

    assert reply.status == 500
    assert reply.body == {"error": "The turn failed (KeyError)."}


async def test_a_client_that_hangs_up_does_not_stop_its_turn(client: Client, action_server: FakeActionServer) -> None:
    turn_id = "018f2b1e-0000-7000-8000-000000000002"
    action_server.gate.clear()
    asking = asyncio.create_task(client.turn(f"track my order {CODE}", turn_id=turn_id))
    await action_server.started.wait()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    again = asyncio.create_task(client.turn(f"track my order {CODE}", turn_id=turn_id))
    await asyncio.sleep(0)
    action_server.gate.set()
    reply = await again

    assert [response["text"] for response in reply.body["responses"]] == [f"{CODE} in en"]
    assert action_server.names() == ["action_track"]


async def test_a_conversation_is_forgotten_for_who_knows_the_secret(client: Client, bot: InProcessBot) -> None:
    await client.turn("hello")

    assert (await client.forget("sender-1", secret="wrong")).status == 401
    assert await bot.agent.tracker_store.retrieve("sender-1") is not None
    forgot = await client.forget("sender-1")
    assert (forgot.status, forgot.body["events"] > 0) == (200, True)
    assert (await client.forget("sender-1")).body == {"events": 0}
    assert await bot.agent.tracker_store.retrieve("sender-1") is None


async def test_a_turn_under_way_is_over_before_it_is_forgotten(
    client: Client, bot: InProcessBot, action_server: FakeActionServer
) -> None:
    action_server.gate.clear()
    turn = asyncio.create_task(client.turn(f"track my order {CODE}"))
    await action_server.started.wait()
    forgetting = asyncio.create_task(client.forget("sender-1"))
    await asyncio.sleep(0)
    action_server.gate.set()

    assert (await turn).status == 200
    assert (await forgetting).body["events"] > 0
    assert await bot.agent.tracker_store.retrieve("sender-1") is None


async def test_a_store_of_rasas_own_cannot_forget_and_says_so(
    client: Client, bot: InProcessBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.agent, "tracker_store", InMemoryTrackerStore(bot.agent.domain))

    assert (await client.forget("sender-1")).status == 501


async def test_other_methods_and_paths_are_closed(client: Client) -> None:
    async with aiohttp.ClientSession() as session:
        for method, path, status in [
            ("GET", "/webhooks/whatsapp/turn", 405),
            ("GET", "/", 404),
            ("GET", "/conversations/sender-1/tracker", 404),
            ("PUT", "/model", 404),
            ("POST", "/webhooks/rest/webhook", 404),
        ]:
            async with session.request(method, client.url + path) as reply:
                assert (path, reply.status) == (path, status)


def unreachable_engine() -> object:
    import sqlalchemy as sa

    return sa.create_engine("sqlite:////nowhere/at/all.db")
