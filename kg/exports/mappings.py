"""The mappings to other databases as SSSOM: the curated file itself, which has more than the graph."""

from __future__ import annotations

from pathlib import Path

from kg.errors import VitkError
from kg.files.written import write

_FILE = "mappings.sssom.tsv"


def export(curated_dir: Path, target: Path) -> None:
    """Writes the mappings to a file.

    Raises:
        VitkError: the suffix is not ``.tsv``, there are no mappings, or the file cannot be written.
    """
    if target.suffix != ".tsv":
        raise VitkError(f"{target}: sssom is exported with the suffix .tsv.")
    source = curated_dir / _FILE
    if not source.is_file():
        raise VitkError(f"{source}: there are no mappings.")
    write(target, source.read_bytes())
