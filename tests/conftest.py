"""Fixtures for the tests of the services; tests/bot has an environment and a conftest of its own."""

import os

# What a developer's shell says must not decide what a test sees.
for name in list(os.environ):
    if name.endswith(("_URL", "_TOKEN", "_PORT", "_SECRET")) and name != "RELAIS_TEST_POSTGRES_URL":
        del os.environ[name]

pytest_plugins = ["tests.databases", "tests.house"]
