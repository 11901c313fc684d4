"""EMULATOR_TEMPLATES: templates that are approved from the start, as a list of what one would post to create them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from channels.whatsapp.emulator.graph_errors import GraphError
from channels.whatsapp.emulator.message_templates.creation import check_creation, normalised
from channels.whatsapp.emulator.problems import DirectoryProblem


def read_templates(file: Path) -> Sequence[Mapping[str, Any]]:
    """The documents of a YAML or JSON file, checked like a creation but for sample handles; raises DirectoryProblem.

    Beside Meta's members one may have `status`, `quality` and `waba_id` (without it, every account has the template).
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))  # JSON is YAML too
    except OSError as error:
        raise DirectoryProblem(f"{file} cannot be read ({error.strerror}): see EMULATOR_TEMPLATES.") from error
    except yaml.YAMLError as error:
        raise DirectoryProblem(f"{file} is neither YAML nor JSON: {error}.") from error
    listed = content.get("templates") if isinstance(content, dict) else content
    if not isinstance(listed, list):
        raise DirectoryProblem(f"{file} must be a list of templates, or have one under `templates`.")
    return [_checked(document, file, position) for position, document in enumerate(listed, 1)]


def _checked(document: Any, file: Path, position: int) -> Mapping[str, Any]:
    if not isinstance(document, dict):
        raise DirectoryProblem(f"{file}, template {position}: must be a mapping.")
    around = {name: document[name] for name in ("status", "quality", "waba_id") if name in document}
    own = {name: value for name, value in document.items() if name not in around}
    try:
        check_creation(own, sample_exists=lambda handle: True)
    except GraphError as error:
        said = error.user_message or error.details or error.message
        raise DirectoryProblem(f"{file}, template {position} ({document.get('name')}): {said}") from error
    return {**normalised(own), **around}
