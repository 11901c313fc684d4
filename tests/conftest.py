"""Fixtures for every test of the services. Imports nothing of ours at the top: tests/bot has another environment."""

import os

# What a developer's shell says must not decide what a test sees.
for name in list(os.environ):
    if name.endswith(("_URL", "_TOKEN", "_PORT", "_SECRET")) and name != "RELAIS_TEST_POSTGRES_URL":
        del os.environ[name]

pytest_plugins = ["tests.databases", "tests.house"]
