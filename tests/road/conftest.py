"""One running Relais for the tests of the whole road; tests that kill something start their own."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack, running_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All processes on SQLite, shared: use phones that no other test uses, and leave the backend well."""
    with running_stack(tmp_path_factory.mktemp("stack")) as started:
        yield started
