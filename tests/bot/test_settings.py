"""A missing or wrong setting is one sentence that names the variable."""

import pytest

from relais_bot.refusals import SettingsError
from relais_bot.settings import Settings

GIVEN = {"RELAIS_SECRET": "hush"}


def test_only_the_secret_must_be_given() -> None:
    settings = Settings.from_env(GIVEN)

    assert (settings.port, settings.actions_url) == (5005, "http://127.0.0.1:5055/webhook")
    assert settings.server_url == "http://127.0.0.1:8081"
    assert (settings.log_level, str(settings.var_dir)) == ("INFO", "var")
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RELAIS_SECRET", ""),
        ("BOT_PORT", "0"),
        ("BOT_PORT", "65536"),
        ("BOT_PORT", "five"),
        ("BOT_PORT", "-1"),
        ("LOG_LEVEL", "LOUD"),
        ("SERVER_URL", "127.0.0.1:8081"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({**GIVEN, name: value})
