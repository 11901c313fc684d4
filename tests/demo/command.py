"""The command of the demo backend, run as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30.0  # importing takes two on a busy machine


def run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command far from any .env of the developer."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BACKEND_", "VAR_"))}
    return subprocess.run(
        [sys.executable, "-m", "demo.backend", *arguments],
        cwd=tmp_path,
        env=clean | {"PYTHONPATH": str(ROOT), "VAR_DIR": str(tmp_path / "var")} | environment,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
