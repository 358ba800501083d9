"""Opens the store that a build fills."""

from __future__ import annotations

import resource
from pathlib import Path

from pyoxigraph import Store

# The engine keeps the index of every file of the store that it has open, and a large store has hundreds. It opens as
# many as the process may, less 48, and asks only once. A file takes the lowest number that is free, so the limit that
# leaves so many counts from those that are open.
OPEN_FILES = 112


def for_loading(path: Path) -> Store:
    """A store on disk that stays small in memory however large it grows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = len(list(Path("/dev/fd").iterdir())) + OPEN_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, soft), hard))
    try:
        return Store(str(path))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
