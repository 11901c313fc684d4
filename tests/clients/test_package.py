"""The package stands by itself: httpx and the standard library, Python 3.10, every name told."""

import ast
import re
import sys
import tomllib
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

import relais_client
from relais_client import AsyncRelais, Relais
from relais_client._operations import Operations
from server.settings import ROOT
from server.template_files import template_folder

PACKAGE = ROOT / "clients/python"
FILES = sorted((PACKAGE / "relais_client").glob("*.py"))
PROJECT = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module).partition(".")[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_it_needs_httpx_alone_and_reads_in_the_oldest_python_it_promises(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 10))

    # For type checkers alone, which bring it along.
    assert set(imported(tree)) - sys.stdlib_module_names - {"relais_client", "_typeshed"} <= {"httpx"}
    assert PROJECT["requires-python"] == ">=3.10"
    assert [each.partition(">")[0] for each in PROJECT["dependencies"]] == ["httpx"]


def test_every_name_that_is_told_is_there_and_the_other_way_round() -> None:
    public = {
        name
        for name, value in vars(relais_client).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType) and name != "VERSION"
    }
    assert public == set(relais_client.__all__)
    assert relais_client.__version__ == PROJECT["version"]
    assert (PACKAGE / "relais_client/py.typed").exists()


def test_both_clients_offer_the_same_and_tell_what_it_does() -> None:
    offered = [name for name in vars(Operations) if not name.startswith("_")]
    for client in (Relais, AsyncRelais):
        for name in offered:
            method = getattr(client, name)
            assert method.__doc__, name
            assert "return" in method.__annotations__, name


def test_each_template_has_a_function_with_its_variables() -> None:
    for definition in template_folder(ROOT / "templates", "").definitions:
        function = getattr(Relais, f"send_{definition.name}", None)
        assert function is not None, f"the client has no send_{definition.name}; add it to _templates.py"
        names = [
            name for name in function.__annotations__ if name not in {"to", "language", "idempotency_key", "return"}
        ]
        assert names == list(definition.variables), f"send_{definition.name}"
        call = function("+242061234567", **{name: f"a {name}" for name in names})
        assert call.body["template"] == definition.name
        assert call.body["values"] == {name: f"a {name}" for name in names}


def test_no_function_is_left_of_a_template_that_is_gone() -> None:
    templates = {definition.name for definition in template_folder(ROOT / "templates", "").definitions}
    functions = {name.removeprefix("send_") for name in vars(Operations) if name.startswith("send_")}
    assert functions - {"template"} == templates


def test_the_readme_names_what_is_there() -> None:
    readme = (PACKAGE / "README.md").read_text(encoding="utf-8")
    named = {
        name for row in re.findall(r"^\| (`.*?) \|", readme, re.MULTILINE) for name in re.findall(r"`(\w+)\(", row)
    }
    assert len(named) > 20
    assert {name for name in named if not hasattr(Relais, name)} == set()
    for block in re.findall(r"^```python\n(.*?)^```", readme, re.MULTILINE | re.DOTALL):
        compile(block, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
