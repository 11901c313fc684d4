"""The turn channel is opened by one line in credentials.yml, and says in a sentence what is wrong with it."""

import subprocess
import sys
from typing import Any

import pytest
from conftest import REPOSITORY

from relais_bot.channel_settings import BadCredentials, ChannelSettings


def test_the_line_alone_takes_everything_from_the_environment() -> None:
    settings = ChannelSettings.read(None, {"RELAIS_SECRET": "s", "RELAIS_URL": "http://relais:8081"})

    assert (settings.secret, settings.url) == ("s", "http://relais:8081")


def test_credentials_go_before_the_environment_and_the_address_has_a_default() -> None:
    given = ChannelSettings.read({"secret": "theirs", "url": None}, {"RELAIS_SECRET": "s"})

    assert (given.secret, given.url) == ("theirs", "http://127.0.0.1:8081")


def test_the_secret_is_not_shown() -> None:
    assert "s3cret" not in repr(ChannelSettings(secret="s3cret"))


@pytest.mark.parametrize(
    ("credentials", "named"),
    [
        (None, "RELAIS_SECRET"),
        ({"secret": ""}, "RELAIS_SECRET"),
        ({"secret": 12345}, "`secret`"),
        ({"secret": "two\nlines"}, "`secret`"),
        ({"secret": "s", "url": "relais:8081"}, "RELAIS_URL"),
        ({"secret": "s", "url": 8081}, "RELAIS_URL"),
        ({"secret": "s", "verify": "x"}, "`verify`"),
        ("s", "`secret` and `url`"),
        (["secret"], "`secret` and `url`"),
    ],
)
def test_what_is_wrong_is_named(credentials: Any, named: str) -> None:
    with pytest.raises(BadCredentials, match=named):
        ChannelSettings.read(credentials, {})


def test_the_channel_brings_along_nothing_of_relaiss_own_bot() -> None:
    modules = ("launcher", "server", "agent", "processor", "tracker_store", "event_log", "lock_store", "speedups")
    ask = "import sys, relais_bot.connector; print(*[m for m in sys.modules if m.startswith('relais_bot.')])"
    environment = {"PYTHONPATH": str(REPOSITORY / "bot"), "PATH": "", "HOME": "/tmp"}
    loaded = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ask], env=environment, capture_output=True, text=True
    )

    assert "relais_bot.plain_rasa" in loaded.stdout, loaded.stderr
    assert not {f"relais_bot.{name}" for name in modules} & set(loaded.stdout.split())
