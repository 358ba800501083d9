"""What ``vitk export`` writes besides RDF: each part with its suffix, or into a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from kg.errors import VitkError
from kg.exports import documents, kgx, obograph, ro_crate
from kg.exports.source import ExportSource
from kg.exports.tables import csvw, parquet
from kg.propositions.index import PropositionIndex
from kg.reader.reader import Reader

FOLDER = ""
# The suffix of the file, or ``FOLDER``.
SUFFIXES: Mapping[str, str] = {
    **{name: f".{suffix}" for name, suffix in documents.PARTS.items()},
    "kgx": FOLDER,
    "csvw": FOLDER,
    "parquet": FOLDER,
    "obograph": ".json",
    "ro-crate": FOLDER,
}


def export(reader: Reader, part: str, target: Path) -> None:
    """Writes a part.

    Args:
        reader: the release.
        part: one of ``SUFFIXES``.
        target: the file to write, with the suffix of the part, or the folder.

    Raises:
        VitkError: the suffix does not fit the part, or something cannot be written.
    """
    suffix = SUFFIXES[part]
    if suffix != FOLDER and target.suffix != suffix:
        raise VitkError(f"{target}: {part} is exported with the suffix {suffix}.")
    if suffix == FOLDER and target.exists() and not target.is_dir():
        raise VitkError(f"{target}: {part} is exported into a folder.")
    _writers(reader)[part](target)


def _writers(reader: Reader) -> Mapping[str, Callable[[Path], None]]:
    def of_propositions(write: Callable[[ExportSource, Path], None], target: Path) -> None:
        write(ExportSource(reader, PropositionIndex(reader)), target)

    def document(part: str, source: ExportSource, target: Path) -> None:
        documents.export(source, part, target)

    return {
        **{part: partial(of_propositions, partial(document, part)) for part in documents.PARTS},
        "kgx": partial(of_propositions, kgx.export),
        "csvw": partial(csvw.export, reader),
        "parquet": partial(parquet.export, reader),
        "obograph": partial(obograph.export, reader),
        "ro-crate": partial(ro_crate.export, reader),
    }
