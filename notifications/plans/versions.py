"""Versions of workflows: what ever set something off is kept, so that what waits is finished as it was begun."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.tables import workflow_versions
from notifications.workflows import Workflow, from_document, to_document
from storage.insert import insert_new
from storage.types import new_id

_v = workflow_versions.c


def pin(connection: Connection, business_id: str, workflow: Workflow, now: datetime) -> str:
    """The id of this version; kept, where it sets something off for the first time."""
    asked = {"business_id": business_id, "key": workflow.key, "version": workflow.version}
    found: str | None = connection.scalar(_FIND, asked)
    if found is not None:
        return found
    row = {**asked, "id": new_id(), "definition": to_document(workflow), "created_at": now}
    made: str | None = insert_new(connection, workflow_versions, row, workflow_versions.c.id)
    return made or str(connection.scalar(_FIND, asked))


def kept(connection: Connection, version_id: str) -> Workflow:
    """A version as it was kept. Raises BadWorkflow where this Relais can no longer read it."""
    known = _READ.get(version_id)
    if known is None:
        row = connection.execute(sa.select(_v.key, _v.definition).where(_v.id == version_id)).one()
        if len(_READ) >= MOST_READ:
            _READ.clear()
        known = _READ[version_id] = from_document(row.definition, f"the kept {row.key}")
    return known


MOST_READ: Final = 1024
"""versions held in memory. Our choice: more than one business has workflows."""

_READ: dict[str, Workflow] = {}
"""They never change, and their ids are unique everywhere."""

_FIND = sa.select(_v.id).where(
    _v.business_id == sa.bindparam("business_id"),
    _v.key == sa.bindparam("key"),
    _v.version == sa.bindparam("version"),
)
