"""Template files: templates/<name>.<language>.yml, read and written.

BadTemplateFile     a file is not a template; names the file, the field, and what it should be
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from channels.whatsapp.templates.definition import Definition

MAX_FILE_BYTES: Final = 64 * 1024
"""of one file; ours have one or two thousand. Our choice, against a wrong file in the folder."""


class BadTemplateFile(Exception):
    """A file of the templates' folder cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What the templates' folder holds: the templates, and a sentence for each file that is none."""

    path: Path
    definitions: tuple[Definition, ...]
    problems: tuple[str, ...]

    def sample(self, name: str) -> Path:
        """Where a header's sample is. Raises BadTemplateFile if it is not in the folder."""
        root = self.path.resolve()
        file = (root / name).resolve()
        if not file.is_relative_to(root) or not file.is_file():
            raise BadTemplateFile(f"header.sample: {name} is not a file in {self.path.name}/.")
        return file


def read_folder(path: Path) -> Folder:
    """Every template of a folder. A file that is none does not hide the others."""
    definitions: list[Definition] = []
    problems: list[str] = []
    for file in sorted((*path.glob("*.yml"), *path.glob("*.yaml"))):
        try:
            definitions.append(read(file))
        except BadTemplateFile as problem:
            problems.append(str(problem))
    return Folder(path=path, definitions=tuple(definitions), problems=tuple(problems))


def read(file: Path) -> Definition:
    """The template of one file, whose name says which template in which language it is. Raises BadTemplateFile."""
    try:
        content = file.read_bytes()
        if len(content) > MAX_FILE_BYTES:
            raise BadTemplateFile(f"{file.name} is too large for a template; {MAX_FILE_BYTES} bytes are allowed.")
        document = yaml.safe_load(content.decode())
    except OSError as error:
        raise BadTemplateFile(f"{file.name} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadTemplateFile(_not_yaml(file.name, error)) from None
    if not isinstance(document, dict):
        raise BadTemplateFile(f"{file.name} is not a template: begin with lines such as name: and language:.")
    try:
        found = Definition.model_validate(document)
    except ValidationError as error:
        raise BadTemplateFile(_sentence(file.name, error)) from None
    if file.stem != f"{found.name}.{found.language}":
        raise BadTemplateFile(
            f"{file.name}: name and language say {found.name}.{found.language}; rename the file or correct them."
        )
    return found


def write(path: Path, definition: Definition) -> Path:
    """Write the template's file, replacing what stood there."""
    path.mkdir(parents=True, exist_ok=True)
    file = path / f"{definition.name}.{definition.language}.yml"
    file.write_text(text_of(definition), encoding="utf-8")
    return file


def text_of(definition: Definition) -> str:
    """The template as YAML that a person likes to read: texts of several lines as such."""
    document = definition.model_dump(exclude_defaults=True, mode="json")
    if definition.header is not None:
        document["header"] = _header(document["header"], definition.header.type)
    if definition.buttons:
        document["buttons"] = [{"type": button.type} | each for button, each in _pairs(definition, document)]
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _header(header: dict[str, Any], kind: str) -> Any:
    return header["text"] if kind == "text" else {"type": kind} | header


def _pairs(definition: Definition, document: dict[str, Any]) -> Sequence[tuple[Any, dict[str, Any]]]:
    return list(zip(definition.buttons, document["buttons"], strict=True))


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def _not_yaml(name: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" at line {mark.line + 1}" if mark is not None else ""
    return f"{name} is not YAML{where}; put a text that begins with {{{{ or holds ': ' into quotes."


def _sentence(name: str, error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the file"
    if first["type"] == "extra_forbidden":
        return f"{name}: {where}: is no field of a template; see docs/whatsapp.md."
    return f"{name}: {where}: {first['msg']}."
