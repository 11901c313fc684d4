"""A Redis for tests: the one named, else the one on this machine, else one of our own. Nothing of others is touched."""

import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from os import environ

import pytest
from redis import Redis
from redis.exceptions import RedisError

LOOPBACK_URL = "redis://127.0.0.1:6379/0"


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    given = environ.get("RELAIS_TEST_REDIS_URL", LOOPBACK_URL)
    if _answers(given):
        yield given
        return
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("there is no Redis here, and no redis-server on the PATH")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"redis://127.0.0.1:{port}/0"
    folder = str(tmp_path_factory.mktemp("redis"))
    started = subprocess.Popen([program, "--port", str(port), "--save", "", "--dir", folder], stdout=subprocess.DEVNULL)
    try:
        ends = time.monotonic() + 10
        while not _answers(url):
            assert time.monotonic() < ends, "redis-server does not answer"
        yield url
    finally:
        started.terminate()
        started.wait(10)


@pytest.fixture
def redis_prefix() -> str:
    """Under which a test keeps its keys; they end by themselves."""
    return f"relais-test-{secrets.token_hex(6)}:"


def _answers(url: str) -> bool:
    redis = Redis.from_url(url, socket_connect_timeout=1)
    try:
        return bool(redis.ping())
    except RedisError:
        return False
    finally:
        redis.close()
