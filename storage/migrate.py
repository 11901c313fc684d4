"""Brings a database's schema up to date, and tells when it is not."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from storage.database import StorageError

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaMismatch(StorageError):
    """The database has another schema than this version of Relais."""


def upgrade(connection: Connection) -> None:
    """Apply every migration that is missing. Safe to run twice."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def require_current(connection: Connection) -> None:
    """Raise SchemaMismatch, saying what to do, unless the schema is this version's."""
    found = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(_config())
    if found == scripts.get_current_head():
        return
    known = {script.revision for script in scripts.walk_revisions()}
    if found is None or found in known:
        raise SchemaMismatch("The database has no schema yet or an older one; run `./relais migrate` first.")
    raise SchemaMismatch("The database was made by a newer Relais; update this one before starting it.")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
