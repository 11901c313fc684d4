"""Things to try Relais with: a reference backend with data of its own."""

import sys
from pathlib import Path

# A business installs relais_client; the demo takes the one of this checkout, where nothing of ours is installed.
sys.path.append(str(Path(__file__).resolve().parent.parent / "clients/python"))
