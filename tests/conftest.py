"""Fixtures for the tests of the services; tests/bot has an environment and a conftest of its own."""

import gc
import logging
import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

# What a developer's shell says must not decide what a test sees.
for name in list(os.environ):
    if name.endswith(("_URL", "_TOKEN", "_PORT", "_SECRET")) and not name.startswith("RELAIS_TEST_"):
        del os.environ[name]

# Collecting garbage as often as a long-lived process does takes a seventh of the time here.
gc.set_threshold(50_000, 50, 50)

# The same examples in every run: a red one is about the change at hand. RELAIS_TEST_EXPLORE=1 looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("exploring", deadline=None)
settings.load_profile("exploring" if os.environ.get("RELAIS_TEST_EXPLORE") else "steady")

pytest_plugins = [
    "tests.databases",
    "tests.redis_server",
    "tests.house",
    "tests.server.account_server",
    "tests.server.desk.desk_house",
]


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A test that sets up logging as a command does must not hush the next one."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


def pytest_collection_finish() -> None:
    """What was collected stays to the end: no collection of garbage needs to look at it again."""
    gc.freeze()


NEEDS_SERVICES = {"postgres_server", "redis_url"}
"""Fixtures that start from a PostgreSQL or a Redis."""

NEEDS_DATABASE = {"database_address", "sqlite_template"}
"""Fixtures that start from the server's database."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL or Redis, and what needs a database at all, so that `make check` can do without."""
    for item in items:
        call = getattr(item, "callspec", None)
        kinds = call.params.values() if call else ()
        fixtures = set(getattr(item, "fixturenames", ()))
        if "postgresql" in kinds or "redis" in kinds or NEEDS_SERVICES & fixtures:
            item.add_marker("services")
        elif NEEDS_DATABASE & fixtures:
            item.add_marker("sqlite")
