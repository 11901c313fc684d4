"""What is the same and what differs between the templates in our files and those that Meta has."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from channels.whatsapp.account import RemoteTemplate
from channels.whatsapp.templates.creating import components
from channels.whatsapp.templates.definition import Definition

MOST_CREATED: Final = 100
"""templates an account may create in one hour; Meta's guide, pywa"""

EDIT_RULE: Final = "Meta takes one edit of an approved template in 24 hours and ten in 30 days"
"""Meta's guide, pywa"""

EDITABLE: Final = frozenset({"APPROVED", "REJECTED", "PAUSED"})
"""The states in which Meta takes an edit."""


class Act(StrEnum):
    """What `push` would do about one template."""

    CREATE = "create"
    EDIT = "edit"
    NOTHING = "same"
    BLOCKED = "blocked"  # it differs, and Meta takes no edit now
    FOREIGN = "only at Meta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One template in one language, here and there."""

    act: Act
    name: str
    language: str
    definition: Definition | None
    remote: RemoteTemplate | None
    differences: tuple[str, ...] = ()
    note: str | None = None


def compare(definitions: Iterable[Definition], remotes: Iterable[RemoteTemplate]) -> list[Step]:
    """A step for each template of either side, by name and language."""
    ours = {(each.name, each.language): each for each in definitions}
    theirs = {(each.name, each.language): each for each in remotes}
    return [_step(ours.get(key), theirs.get(key), *key) for key in sorted({*ours, *theirs})]


def _step(definition: Definition | None, remote: RemoteTemplate | None, name: str, language: str) -> Step:
    def step(act: Act, differences: tuple[str, ...] = (), note: str | None = None) -> Step:
        return Step(
            act=act,
            name=name,
            language=language,
            definition=definition,
            remote=remote,
            differences=differences,
            note=note,
        )

    if definition is None:
        return step(Act.FOREIGN)
    if remote is None:
        return step(Act.CREATE)
    found = tuple(differences(definition, remote))
    if not found:
        return step(Act.NOTHING)
    if remote.status not in EDITABLE:
        return step(Act.BLOCKED, found, f"it is {remote.status} at Meta, which takes no edit of it now")
    if found == ("category",) and remote.status == "APPROVED":
        return step(Act.BLOCKED, found, f"Meta made it {remote.category}; an approved one keeps its category")
    return step(Act.EDIT, found, f"{EDIT_RULE}; it is reviewed anew" if remote.status == "APPROVED" else None)


def differences(definition: Definition, remote: RemoteTemplate) -> Iterator[str]:
    """The parts that differ, by name. Examples are for Meta's reviewers and make no difference."""
    if definition.category.upper() != remote.category:
        yield "category"
    has_variables = bool(definition.body_variables or definition.header_variables)
    if (
        has_variables
        and definition.category != "authentication"
        and definition.format.upper() != remote.parameter_format
    ):
        yield "format"
    ours, theirs = _by_type(components(definition)), _by_type(remote.components)
    for kind in ("HEADER", "BODY", "FOOTER", "BUTTONS"):
        if not _is_same(definition, kind, ours.get(kind), theirs.get(kind)):
            yield kind.lower()
    if definition.ttl_seconds is not None and definition.ttl_seconds != remote.ttl_seconds:
        yield "ttl_seconds"


def _is_same(definition: Definition, kind: str, ours: Any, theirs: Any) -> bool:
    if definition.category == "authentication":
        # Meta shows its own words for body and button; only what we could choose is compared.
        chosen = {"BODY": "add_security_recommendation", "FOOTER": "code_expiration_minutes"}.get(kind)
        return chosen is None or (ours or {}).get(chosen) == (theirs or ours or {}).get(
            chosen, (ours or {}).get(chosen)
        )
    return bool(ours == theirs)


def _by_type(listed: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {str(each.get("type", "")).upper(): _essence(each) for each in listed}


def _essence(value: Any) -> Any:
    """Without examples, empty members and the case of types."""
    if isinstance(value, Mapping):
        return {
            name: inner.upper() if name in ("type", "format", "flow_action") else _essence(inner)
            for name, inner in value.items()
            if name != "example" and inner not in (None, [], "")
        }
    return [_essence(inner) for inner in value] if isinstance(value, list | tuple) else value
