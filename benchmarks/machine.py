"""What the figures were taken on: the machine, how busy it was, the versions, and what each process takes."""

import os
import platform
import subprocess
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

import psutil

from tests.stack import BOT_PYTHON, ROOT

SYNCS = 50
MEBIBYTE = 2**20


def describe(folder: Path) -> list[str]:
    """One line each, with nothing about whose machine it is."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    memory = psutil.virtual_memory().total / 2**30
    return [
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}; "
        f"a 4 KiB write with fsync takes {sync_seconds(folder) * 1e3:.1f} ms",
        f"load average before the run (1, 5, 15 minutes): {load}",
        f"services: Python {platform.python_version()}, rasa-sdk {version('rasa-sdk')}; "
        f"bot: {_bot_versions()}; commit {_commit()}",
    ]


def sync_seconds(folder: Path) -> float:
    """The median time of a durable write here: every commit of the embedded database waits for one."""
    took = []
    file = folder / "sync"
    with file.open("wb") as writing:
        for _ in range(SYNCS):
            began = time.perf_counter()
            writing.write(bytes(4096))
            writing.flush()
            os.fsync(writing.fileno())
            took.append(time.perf_counter() - began)
    file.unlink()
    return median(took)


def resident_mebibytes(process: psutil.Process) -> float:
    """Memory of a process with its children."""
    family = [process, *process.children(recursive=True)]
    return float(sum(each.memory_info().rss for each in family)) / MEBIBYTE


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _bot_versions() -> str:
    code = (
        "import platform; from importlib.metadata import version; "
        "print(f\"Python {platform.python_version()}, rasa {version('rasa')}\")"
    )
    return subprocess.run([BOT_PYTHON, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"
