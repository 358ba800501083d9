"""Tables that a user imported: copies in the data folder, loaded by every later build.

Each is ``tables/NAME/mapping.toml`` next to the table's file. A table is staged first and becomes part of the folder
once a release with it was built, so that a table that cannot be read changes nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.build.load import mapping as table_mapping
from kg.build.load.mapping import TableMapping
from kg.errors import CuratedFileError, VitkError


def imported_mappings(data_dir: Path) -> list[TableMapping]:
    """Returns the imported tables, sorted by name."""
    return [table_mapping.read_mapping(path) for path in sorted((data_dir / "tables").glob("[!.]*/mapping.toml"))]


@contextmanager
def stage_import(data_dir: Path, mapping_file: Path, table_file: Path) -> Iterator[TableMapping]:
    """Stages a table and its mapping; if the ``with`` block succeeds, they are installed and replace a former table.

    Raises:
        VitkError: the mapping cannot be read, or the data folder cannot be written.
    """
    mapping = table_mapping.read_mapping(mapping_file)
    if len(mapping.tables) != 1:
        raise VitkError(
            f"{mapping_file}: an imported mapping must have exactly one [[tables]]; this one has {len(mapping.tables)}."
        )
    place = data_dir / "tables" / mapping.name
    folder = place.with_name(f".importing-{mapping.name}")
    copies = {folder / codes: mapping_file.parent / codes for codes in mapping.code_files}
    copies |= {folder / "mapping.toml": mapping_file, folder / mapping.tables[0].file: table_file}
    try:
        _copy(copies, folder)
        try:
            yield table_mapping.read_mapping(folder / "mapping.toml")
        except CuratedFileError as error:
            # Report the user's files; the copies are deleted by the time the error is read.
            for problem in error.problems:
                problem.path = copies.get(problem.path, problem.path)
            raise CuratedFileError(error.problems) from error
        former = place.with_name(f".former-{mapping.name}")
        shutil.rmtree(former, ignore_errors=True)
        if place.exists():
            place.rename(former)
        folder.rename(place)
        shutil.rmtree(former, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(copies: dict[Path, Path], folder: Path) -> None:
    try:
        shutil.rmtree(folder, ignore_errors=True)
        for target, source in copies.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    except OSError as error:
        raise VitkError(f"{error.filename}: {error.strerror}.") from error


def remove(data_dir: Path, name: str) -> None:
    """Removes an imported table; it is left out of the next build.

    Raises:
        VitkError: there is no imported table of that name.
    """
    place = data_dir / "tables" / name
    if not table_mapping.NAME.fullmatch(name) or not place.is_dir():
        known = ", ".join(mapping.name for mapping in imported_mappings(data_dir)) or "none"
        raise VitkError(f"There is no imported table {name!r}; imported tables: {known}.")
    shutil.rmtree(place)
