"""Teams with tools of their own hear every event: through Rasa's own brokers, beside the turns, and again by export."""

import asyncio
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import aio_pika
import pytest
import sqlalchemy as sa
from action_server_fake import FakeActionServer
from aio_pika import DeliveryMode
from aio_pika.exceptions import AMQPError
from bot_in_process import InProcessBot, texts
from conftest import REPOSITORY, SECRET
from http_bot import BotProcess
from rasa.core.brokers.broker import EventBroker
from rasa.core.brokers.kafka import KafkaEventBroker
from rasa.core.brokers.pika import PikaEventBroker
from rasa.utils.endpoints import EndpointConfig

from relais_bot.agent import successor_of
from relais_bot.publishing import Publisher, require_known_type
from relais_bot.refusals import Refused

STORE = "tracker_store: {type: relais_bot.tracker_store.SqlTrackerStore}"


class SmallBroker(EventBroker):
    """Keeps what it is told; says no as often as a test wants."""

    told: ClassVar["list[dict[str, Any]]"] = []
    refusals = 0

    @classmethod
    async def from_endpoint_config(cls, broker_config: EndpointConfig, event_loop: Any = None) -> "SmallBroker":
        cls.told, cls.refusals = [], broker_config.kwargs.get("refusals", 0)
        return cls()

    def publish(self, event: "dict[str, Any]") -> None:
        if type(self).refusals:
            type(self).refusals -= 1
            raise ConnectionError("away")
        self.told.append(event)


async def published_by(bot: InProcessBot, **endpoint: Any) -> Publisher:
    made = Publisher(EndpointConfig(type=f"{__name__}.SmallBroker", **endpoint), first_pause_seconds=0.01)
    bot.agent.tracker_store.publisher = made
    made.start()
    return made


async def test_every_event_is_told_in_order_once_it_is_saved(bot: InProcessBot) -> None:
    publisher = await published_by(bot)
    await bot.say("hello")
    await bot.say("hello", sender_id="sender-2")
    await publisher.close()

    for sender in ("sender-1", "sender-2"):
        saved = await bot.agent.tracker_store.retrieve_full_tracker(sender)
        told = [event for event in SmallBroker.told if event["sender_id"] == sender]
        assert told == [{"sender_id": sender, **event.as_dict()} for event in saved.events]
    (user,) = (event for event in told if event["event"] == "user")
    assert (user["input_channel"], user["parse_data"]["intent"]["name"]) == ("whatsapp", "greet")


async def test_a_broker_that_is_away_costs_no_turn_and_no_event(bot: InProcessBot) -> None:
    publisher = await published_by(bot, refusals=3)
    began = time.monotonic()
    answer = await bot.say("hello")
    assert texts(answer)
    assert time.monotonic() - began < 5
    await publisher.close()

    saved = await bot.agent.tracker_store.retrieve_full_tracker("sender-1")
    assert [event["event"] for event in SmallBroker.told] == [event.type_name for event in saved.events]


async def test_another_model_tells_as_the_one_before(bot: InProcessBot, model: Path) -> None:
    publisher = await published_by(bot)
    bot.agent = successor_of(bot.agent, bot.endpoints)
    bot.agent.load_model(model)
    await bot.say("hello")
    await publisher.close()
    assert [event["text"] for event in SmallBroker.told if event["event"] == "user"] == ["hello"]


async def test_a_turn_that_fails_is_not_told(bot: InProcessBot) -> None:
    publisher = await published_by(bot)
    bot.agent.tracker_store.close()
    with pytest.raises(Exception, match=r"TurnNotRun|The turn failed|shutdown"):
        await bot.say("hello")
    await publisher.close()
    assert SmallBroker.told == []


class SmallExchange:
    """What RabbitMQ is to Rasa's broker: keeps the bodies that are published."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []

    async def publish(self, message: Any, routing_key: str) -> None:
        self.bodies.append(json.loads(message.body))


class SmallProducer:
    """What a Kafka client is to Rasa's broker."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []

    def produce(self, topic: str, value: bytes, **_: Any) -> None:
        self.bodies.append(json.loads(value))

    def poll(self, *_: Any) -> None: ...

    def flush(self, *_: Any) -> int:
        return 0


class Pika(PikaEventBroker):
    """Rasa's own, with its other end here."""

    @classmethod
    async def from_endpoint_config(cls, broker_config: EndpointConfig, event_loop: Any = None) -> "Pika":
        made = cls("localhost", "user", "password", event_loop=asyncio.get_running_loop())
        made._exchange = SHARED["pika"] = SmallExchange()
        return made


class Kafka(KafkaEventBroker):
    """Rasa's own, with its other end here."""

    @classmethod
    async def from_endpoint_config(cls, broker_config: EndpointConfig, event_loop: Any = None) -> "Kafka":
        made = cls(url="localhost:9", partition_by_sender=True)
        made.producer = SHARED["kafka"] = SmallProducer()
        return made


SHARED: "dict[str, Any]" = {}


@pytest.mark.parametrize("kind", [Pika, Kafka])
async def test_rasas_own_brokers_pass_it_on(bot: InProcessBot, kind: type) -> None:
    publisher = Publisher(EndpointConfig(type=f"{__name__}.{kind.__name__}"), first_pause_seconds=0.01)
    bot.agent.tracker_store.publisher = publisher
    publisher.start()
    await bot.say("hello")
    await publisher.close()

    saved = await bot.agent.tracker_store.retrieve_full_tracker("sender-1")
    told = SHARED[kind.__name__.lower()].bodies
    assert told == [{"sender_id": "sender-1", **event.as_dict()} for event in saved.events]


async def test_a_rabbitmq_on_this_machine_gets_it(bot: InProcessBot) -> None:
    """Where one listens with its own first account; no other test needs it, so a machine may lack it."""
    try:
        connection = await aio_pika.connect("amqp://guest:guest@127.0.0.1/", timeout=2)
    except (OSError, AMQPError):
        pytest.skip("no RabbitMQ listens on 127.0.0.1:5672")
    name = f"relais-test-{uuid.uuid4().hex[:8]}"
    endpoint = {"url": "127.0.0.1", "username": "guest", "password": "guest", "exchange_name": name}
    publisher = Publisher(EndpointConfig(type="pika", queues=[name], **endpoint))
    bot.agent.tracker_store.publisher = publisher
    publisher.start()
    await bot.say("hello")
    await publisher.close()

    saved = await bot.agent.tracker_store.retrieve_full_tracker("sender-1")
    async with connection, connection.channel() as channel:
        queue = await channel.get_queue(name)
        told = [await queue.get(timeout=5, no_ack=True) for _ in saved.events]
        assert await queue.get(fail=False) is None
        await queue.delete()
        await channel.exchange_delete(name)
    expected = [{"sender_id": "sender-1", **event.as_dict()} for event in saved.events]
    assert [json.loads(message.body) for message in told] == expected
    assert {message.delivery_mode for message in told} == {DeliveryMode.PERSISTENT}


def test_a_type_that_is_none_is_refused_by_name() -> None:
    require_known_type(EndpointConfig(type="kafka"))
    with pytest.raises(Refused, match=r"no\.such\.Broker.*pika, kafka, sql, file"):
        require_known_type(EndpointConfig(type="no.such.Broker"))


@pytest.fixture
def folder(tmp_path: Path, model: Path) -> Path:
    (tmp_path / "models").symlink_to(model.parent)
    (tmp_path / "credentials.yml").write_text((REPOSITORY / "credentials.yml").read_text())
    return tmp_path


@pytest.fixture(params=["sqlite", "postgresql"])
def events_database(request: pytest.FixtureRequest, tmp_path: Path) -> "Iterator[tuple[str, str]]":
    """Where the broker writes: its lines for endpoints.yml, and its address."""
    if request.param == "sqlite":
        yield f"{{type: sql, dialect: sqlite, db: {tmp_path}/events.db}}", f"sqlite:///{tmp_path}/events.db"
        return
    url = sa.engine.make_url(request.getfixturevalue("postgres"))
    address = url.set(drivername="postgresql+psycopg2")
    password = f", password: {url.password}" if url.password else ""
    lines = (
        f"{{type: sql, dialect: postgresql+psycopg2, url: {url.host}, port: {url.port or 5432}, db: {url.database},"
        f" username: {url.username}{password}}}"
    )
    _drop(address.render_as_string(hide_password=False))
    yield lines, address.render_as_string(hide_password=False)
    _drop(address.render_as_string(hide_password=False))


async def test_the_sql_broker_gets_what_is_said_and_rasa_export_tells_it_again(
    folder: Path, action_server: FakeActionServer, events_database: "tuple[str, str]"
) -> None:
    lines, address = events_database
    endpoints = (REPOSITORY / "endpoints.yml").read_text()
    (folder / "endpoints.yml").write_text(f"{endpoints}\nevent_broker: {lines}\n")
    process = BotProcess(REPOSITORY, folder, {"ACTIONS_URL": action_server.url}, SECRET)
    await process.start("-m", "relais_bot.launcher")
    try:
        reply = await process.client.turn("hello", sender_id="sender-7")
        assert reply.status == 200, reply.body
    finally:
        await process.stop()

    told = _told(address)
    assert {event["sender_id"] for event in told} == {"sender-7"}
    assert [event["text"] for event in told if event["event"] == "user"] == ["hello"]

    _drop(address)
    done = await asyncio.to_thread(_export, folder, action_server.url)
    assert "Successfully published" in done.stdout + done.stderr, done.stdout + done.stderr
    assert _sorted(_told(address)) == _sorted(told)


async def test_a_file_of_events_is_written_and_export_takes_some_alone(
    folder: Path, action_server: FakeActionServer
) -> None:
    endpoints = (REPOSITORY / "endpoints.yml").read_text()
    (folder / "endpoints.yml").write_text(f"{endpoints}\nevent_broker: {{type: file, path: {folder}/events.log}}\n")
    process = BotProcess(REPOSITORY, folder, {"ACTIONS_URL": action_server.url}, SECRET)
    await process.start("-m", "relais_bot.launcher")
    try:
        for sender in ("sender-8", "sender-9"):
            await process.client.turn("hello", sender_id=sender)
    finally:
        await process.stop()
    log = folder / "events.log"
    assert {json.loads(line)["sender_id"] for line in log.read_text().splitlines()} == {"sender-8", "sender-9"}

    log.unlink()
    await asyncio.to_thread(_export, folder, action_server.url, "--conversation-ids", "sender-9")
    assert {json.loads(line)["sender_id"] for line in log.read_text().splitlines()} == {"sender-9"}


def _export(folder: Path, actions_url: str, *options: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY / "bot"),
        "VAR_DIR": str(folder / "var"),
        "ACTIONS_URL": actions_url,
        "RELAIS_SECRET": SECRET,
        "RASA_TELEMETRY_ENABLED": "false",
    }
    command = [sys.executable, "-m", "rasa", "export", "--endpoints", "endpoints.yml", *options]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _told(address: str) -> "list[dict[str, Any]]":
    engine = sa.create_engine(address, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return [json.loads(row[0]) for row in connection.execute(sa.text("SELECT data FROM events ORDER BY id"))]


def _drop(address: str) -> None:
    engine = sa.create_engine(address, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS events"))


def _sorted(events: "list[dict[str, Any]]") -> "list[str]":
    by_moment: Callable[[dict[str, Any]], Any] = lambda event: (event["timestamp"], event["event"])  # noqa: E731
    return [json.dumps(event, sort_keys=True) for event in sorted(events, key=by_moment)]
