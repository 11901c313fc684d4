"""A folder of models that are as small as can be, a bot that takes them, and an environment that "trains" them."""

import json
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from server.models.bot_door import BotDoor
from server.models.files import Candidate, ModelFiles, now
from server.models.promoting import Promoter
from server.parts import utc_now
from storage.database import Database
from tests.asgi_transport import AsgiTransport

BASE, BETTER = "20260101-080000-aaaaaaaa.tar.gz", "20260102-080000-bbbbbbbb.tar.gz"
INTENTS = ("greet", "track_delivery")
ACTIONS = ("action_track_delivery",)

ENVIRONMENT = '''#!{python}
"""Stands in for the bot's Python: trains and compares as it is told by the file beside it."""
import json, os, pathlib, shutil, sys, time
module, given = sys.argv[4], dict(zip(sys.argv[5::2], sys.argv[6::2]))
told = json.loads(pathlib.Path(__file__).with_name("told.json").read_text())
print("1/3 Reading and checking the project", flush=True)
print("2/3 Working", flush=True)
while pathlib.Path(__file__).with_name("hold").exists():
    time.sleep(0.02)
    if str(os.getppid()) != given["--parent"]:
        sys.exit(9)
if told.get("fails"):
    print(told["fails"])
    sys.exit(1)
if module.endswith("train"):
    out = pathlib.Path(given["--out"])
    out.mkdir(parents=True)
    shutil.copy(told["model"], out / told["name"])
    (out / "current.tar.gz").symlink_to(told["name"])
    (out / "current.inputs").write_text("f" * 64)
    print("    90% right on held-out lines")
else:
    asked = json.loads(pathlib.Path(given["--asked"]).read_text())
    pathlib.Path(told["asked"]).write_text(json.dumps(asked))
    ids = [each["id"] for each in asked["recorded"]]
    figures = {{"accuracy": {{"fr": 0.8, "en": 0.7}}, "answered_right": {{"fr": 0.7, "en": 0.6}},
               "oos_false_accept": 0.1, "lines": 10}}
    better = {{**figures, "accuracy": {{"fr": 0.9, "en": 0.7}}}}
    line = {{"text": "mon paket", "lang": "fr", "meant": "track_delivery",
            "before": {{"intent": "nlu_fallback", "likeliest": "greet", "confidence": 0.4}},
            "after": {{"intent": "track_delivery", "likeliest": "track_delivery", "confidence": 0.9}}}}
    tests = {{"current": figures, "candidate": better, "fixed": 1, "broken": 0, "fixed_lines": [line],
             "broken_lines": []}}
    group = {{"before": "nlu_fallback", "after": "track_delivery", "count": len(ids),
             "examples": [{{"id": each, "before": 0.4, "after": 0.9}} for each in ids]}}
    found = {{"sets": {{"tests": tests}},
             "recorded": {{"count": len(ids), "changed": len(ids), "groups": [group] if ids else []}}}}
    pathlib.Path(given["--out"]).write_text(json.dumps(found))
print("3/3 Ending", flush=True)
'''


def write_model(file: Path, intents: Sequence[str] = INTENTS, actions: Sequence[str] = ACTIONS) -> Path:
    """A file that says of itself what a model of Rasa says."""
    domain = {"intents": list(intents), "actions": [*actions, "utter_greet"], "responses": {"utter_greet": []}}
    metadata = json.dumps({"domain": domain, "for": file.name}).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(file, "w:gz") as archive:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = len(metadata)
        archive.addfile(entry, BytesIO(metadata))
    return file


def fill(folder: Path, **better: Sequence[str]) -> ModelFiles:
    """A folder with a current model and a candidate."""
    files = ModelFiles(folder)
    write_model(folder / BASE)
    files.point_current(BASE)
    add_candidate(files, BETTER, **better)
    return files


def add_candidate(files: ModelFiles, name: str, **named: Sequence[str]) -> None:
    """One more candidate."""
    made = write_model(files.folder / f".{name}", **named)
    files.keep_candidate(
        made,
        Candidate(
            name=name,
            trained_at=now(),
            member_id=None,
            seconds=1.0,
            inputs="f" * 64,
            base=BASE,
            files=["data/nlu/reviewed/track_delivery.yml"],
            added=3,
        ),
    )


def environment(folder: Path, **told: Any) -> Path:
    """A Python of the bot's that does as it is told; `hold` beside it keeps it at work."""
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / "python"
    python.write_text(ENVIRONMENT.format(python=sys.executable))
    python.chmod(0o755)
    model = write_model(folder / "made.tar.gz")
    given = {"model": str(model), "name": "20260103-080000-cccccccc.tar.gz", "asked": str(folder / "asked.json")}
    (folder / "told.json").write_text(json.dumps(given | told))
    return python


@dataclass
class TakingBot:
    """A bot that takes the models it is given, unless told otherwise, and an action server beside it."""

    model: str = BASE
    refuses: str | None = None
    dies: bool = False
    is_plain: bool = False
    """A Rasa that is not Relais's own."""
    taking: str | None = None
    actions: Sequence[str] = ACTIONS
    taken: list[Mapping[str, str]] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/model", self._which),
                Route("/model", self._take, methods=["PUT"]),
                Route("/webhooks/whatsapp/ready", self._ready),
                Route("/actions", self._actions),
            ]
        )

    def promoter(self, files: ModelFiles, database: Database) -> Promoter:
        door = BotDoor(AsgiTransport(self.app()), "http://bot.test", "http://actions.test/webhook", "a secret")
        return Promoter(files, door, database, utc_now)

    async def _which(self, request: Request) -> JSONResponse:
        if self.is_plain:
            return JSONResponse({}, 404)
        return JSONResponse({"model": self.model, "taking": self.taking, "refused": None})

    async def _ready(self, request: Request) -> JSONResponse:
        return JSONResponse({"status": "ready", "model": self.model})

    async def _take(self, request: Request) -> JSONResponse:
        asked = await request.json()
        if self.refuses:
            return JSONResponse({"error": self.refuses}, 409)
        self.taken.append(asked)
        self.model = asked["name"]
        if self.dies:
            raise ConnectionError("the answer is lost")
        return JSONResponse({"model": self.model, "before": BASE, "seconds": 1.0})

    async def _actions(self, request: Request) -> JSONResponse:
        return JSONResponse([{"name": name} for name in self.actions])
