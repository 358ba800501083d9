"""Places and names that tests share."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CURATED = ROOT / "kg" / "data"
DATA = ROOT / "tests" / "data"
BASE = "https://w3id.org/vitk/"
TEST_RELEASES = "VITK_TEST_RELEASES"
SECONDS_OF_FUZZING = "VITK_FUZZ_SECONDS"
VITK = [sys.executable, "-c", "from server.cli.main import main; main()"]
