"""What ours is compared with, in Rasa's words, and how each side is trained on the same examples."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from relais_bot.refusals import Refused

#: What `rasa init` writes.
DIET_EPOCHS = 100

_FALLBACK = {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1}
_CHARACTERS = {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}


@dataclass(frozen=True)
class Side:
    """One pipeline to train and to measure."""

    key: str
    name: str
    config: "dict[str, Any]"


def ours(config: Path) -> Side:
    """The pipeline of the project."""
    pipeline = YAML(typ="safe").load(config)["pipeline"]
    return Side("ours", "Relais", _config(pipeline))


def logistic_regression() -> Side:
    """Rasa's light classifier over its stock featurizers."""
    featurizers = [{"name": "WhitespaceTokenizer"}, {"name": "CountVectorsFeaturizer"}, _CHARACTERS]
    return Side("lr", "stock LR", _config([*featurizers, {"name": "LogisticRegressionClassifier"}, _FALLBACK]))


def rasa_init(epochs: int = DIET_EPOCHS) -> Side:
    """The pipeline that `rasa init` writes: DIET."""
    trained = {"epochs": epochs, "constrain_similarities": True}
    pipeline = [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        _CHARACTERS,
        {"name": "DIETClassifier", **trained},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", **trained},
        _FALLBACK,
    ]
    name = "rasa init" if epochs == DIET_EPOCHS else f"rasa init, only {epochs} epochs"
    return Side("diet", name, _config(pipeline))


def _config(pipeline: "list[dict[str, Any]]") -> "dict[str, Any]":
    return {"recipe": "default.v1", "assistant_id": "comparison", "language": "fr", "pipeline": pipeline}


def train(side: Side, *, examples: Path, domain: Path, folder: Path) -> "tuple[Path, float]":
    """The model's archive and the seconds it took, `rasa train nlu` as anybody would. Raises `Refused`."""
    config = folder / f"{side.key}.yml"
    with config.open("w", encoding="utf-8") as file:
        YAML().dump(side.config, file)
    command = [sys.executable, "-m", "rasa", "train", "nlu", "--config", config, "--nlu", examples]
    command += ["--domain", domain, "--out", folder, "--fixed-model-name", side.key]
    started = time.monotonic()
    done = run([str(each) for each in command])
    if done.returncode:
        raise Refused(f"{side.name} could not be trained:\n{(done.stdout + done.stderr)[-2000:]}")
    return folder / f"{side.key}.tar.gz", time.monotonic() - started


def run(command: "list[str]") -> "subprocess.CompletedProcess[str]":
    """A process of this environment, with nothing of the caller's in it that could make a difference."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    environment |= {"LANG": "C.UTF-8", "RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0"}
    environment |= {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
