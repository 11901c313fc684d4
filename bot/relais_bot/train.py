"""Trains the model from config.yml, domain/ and data/: `python -m relais_bot.train`.

Does nothing when nothing it depends on has changed. Otherwise it checks the project, trains, and only then makes
the new model the current one (`models/current.tar.gz`), in one step.
"""

import argparse
import contextlib
import hashlib
import io
import logging
import os
import shutil
import sys
import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from relais_bot import light, quiet
from relais_bot.model_files import CURRENT, point_current
from relais_bot.parent import die_with
from relais_bot.rasa_version import SUPPORTED, require_supported_rasa
from relais_bot.refusals import Refused

if TYPE_CHECKING:
    from rasa.shared.importers.importer import TrainingDataImporter

logger = logging.getLogger("relais_bot.train")

INPUTS = "current.inputs"
#: The current one and those one may want to go back to.
MODELS_KEPT = 5
#: Rasa says this about every project that has slots.
NOISE = "Slot auto-fill has been removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What is trained, and where the result goes."""

    config: Path
    domain: Path
    data: Path
    models: Path

    def inputs(self) -> str:
        """A fingerprint of everything the model depends on: the files, our components, Rasa."""
        components = sorted(p for p in Path(__file__).parent.joinpath("components").iterdir() if p.is_file())
        training = sorted(self.data.rglob("*.yml")) + sorted(self.data.rglob("*.yaml"))
        digest = hashlib.sha256(SUPPORTED.encode())
        domain = sorted(self.domain.rglob("*.yml")) if self.domain.is_dir() else [self.domain]
        for path in [self.config, *domain, *training, *components]:
            digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
        return digest.hexdigest()


class TrainingRefused(Refused):
    """The project has a mistake that Rasa would only show by answering wrongly, or not at all."""


def main() -> None:
    logging.basicConfig(format="%(message)s", stream=sys.stdout, level=logging.WARNING)
    logging.getLogger("relais_bot").setLevel(logging.INFO)
    options = _options()
    if options.parent:
        die_with(options.parent)
    project = Project(config=options.config, domain=options.domain, data=options.data, models=options.out)
    try:
        train(project, force=options.force)
    except Refused as error:
        sys.exit(str(error))


def train(project: Project, *, force: bool = False) -> Path:
    """The current model, made now if need be. Raises `Refused`."""
    require_supported_rasa()
    for path in (project.config, project.domain, project.data):
        if not path.exists():
            raise TrainingRefused(f"There is no {path}: training needs it.")
    current, inputs = project.models / CURRENT, project.inputs()
    if not force and _is_current(project, inputs):
        logger.info(f"The model is up to date ({os.readlink(current)}).")
        return current
    started = time.monotonic()
    _prepare(project)
    logger.info("1/3 Reading and checking the project")
    importer = _checked(project)
    logger.info("2/3 Training")
    name = _train(project, importer, inputs)
    logger.info("3/3 Making it the current model")
    _make_current(project, name, inputs)
    logger.info(f"Trained {name} in {time.monotonic() - started:.1f} s.")
    return current


def _is_current(project: Project, inputs: str) -> bool:
    record = project.models / INPUTS
    return (project.models / CURRENT).exists() and record.exists() and record.read_text() == inputs


def _prepare(project: Project) -> None:
    project.models.mkdir(parents=True, exist_ok=True)
    quiet.prepare_environment(os.environ, str(project.models / ".home"))
    light.leave_out_unused_parts(project.config.read_text(encoding="utf-8"))


def _checked(project: Project) -> "TrainingDataImporter":
    """The project, read once, in which no intent, response, action, slot or form is missing."""
    from rasa.shared.exceptions import RasaException
    from ruamel.yaml import YAMLError

    try:
        with _collected_warnings() as found:
            importer = _importer(project)
            failed = _failed_checks(importer)
    except (RasaException, YAMLError, SystemExit) as error:
        raise TrainingRefused(f"The project cannot be read: {_root(error)}") from error
    if failed:
        raise TrainingRefused(f"The project has mistakes ({', '.join(failed)}):\n" + _bullets(found))
    return importer


def _importer(project: Project) -> "TrainingDataImporter":
    from rasa.shared.importers.importer import TrainingDataImporter

    importer = TrainingDataImporter.load_from_config(str(project.config), str(project.domain), [str(project.data)])
    # Rasa would read the examples once per language it asks for, and each component asks differently.
    examples = importer.get_nlu_data()
    importer.get_nlu_data = lambda language=None: examples
    return importer


def _failed_checks(importer: "TrainingDataImporter") -> list[str]:
    from rasa.validator import Validator

    validator = Validator.from_importer(importer)
    checks = {
        "domain": not importer.get_domain().is_empty(),
        "slots": validator.verify_domain_validity() and validator.verify_slot_mappings(),
        "forms": validator.verify_forms_in_stories_rules() and validator.verify_form_slots(),
        "actions": validator.verify_actions_in_stories_rules(),
        "examples": validator.verify_example_repetition_in_intents(ignore_warnings=False),
        "intents": validator.verify_intents_in_stories(ignore_warnings=False),
    }
    return [name for name, is_right in checks.items() if not is_right]


def _train(project: Project, importer: "TrainingDataImporter", inputs: str) -> str:
    from rasa.model_training import _train_graph
    from rasa.shared.data import TrainingType
    from rasa.shared.exceptions import RasaException

    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{inputs[:8]}.tar.gz"
    try:
        # Rasa's progress bars and success messages; what matters is logged or raised.
        silence = io.StringIO()
        with (
            _collected_warnings() as found,
            contextlib.redirect_stdout(silence),
            contextlib.redirect_stderr(silence),
        ):
            # Not rasa.train: it would read the whole project a second time.
            _train_graph(
                importer,
                training_type=TrainingType.BOTH,
                output_path=str(project.models),
                fixed_model_name=name,
                force_full_training=True,
            )
    except (RasaException, ImportError, SystemExit) as error:
        raise TrainingRefused(f"Training stopped: {_root(error)}") from error
    if found:
        logger.info("Rasa remarked:\n" + _bullets(found))
    return name


def _make_current(project: Project, name: str, inputs: str) -> None:
    point_current(project.models, project.models / name)
    (project.models / INPUTS).write_text(inputs)
    trained = sorted(p for p in project.models.glob("*.tar.gz") if not p.is_symlink() and p.name != name)
    for old in trained[: -(MODELS_KEPT - 1)]:
        old.unlink(missing_ok=True)
    shutil.rmtree(project.models / ".home", ignore_errors=True)


@contextlib.contextmanager
def _collected_warnings() -> "Iterable[list[str]]":
    """What Rasa has to say about the project comes as Python warnings, among those of its libraries."""
    messages: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", UserWarning)
        yield messages
    said = (" ".join(str(warning.message).split()) for warning in caught if warning.category is UserWarning)
    messages += dict.fromkeys(message for message in said if not message.startswith(NOISE))


def _bullets(messages: Iterable[str]) -> str:
    return "\n".join(f"- {message}" for message in messages)


def _root(error: BaseException) -> BaseException:
    """The graph wraps what a component raised; the component's own sentence is the useful one."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m relais_bot.train",
        description=__doc__.splitlines()[0],
        epilog="Example: PYTHONPATH=bot bot/.venv/bin/python -m relais_bot.train --force",
    )
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--domain", type=Path, default=Path("domain"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--out", type=Path, default=Path("models"))
    parser.add_argument("--force", action="store_true", help="train even when nothing has changed")
    parser.add_argument("--parent", type=int, help="end when the process with this id does")
    return parser.parse_args()


if __name__ == "__main__":
    main()
