"""Tables that a user imported: copies in the data folder, loaded by every later build.

Each is ``tables/NAME/mapping.toml`` next to the table's file. A table is staged in a folder of its own; the build that
loads it installs it when its release is complete, before the release is published. So a table that cannot be read
changes nothing, and whatever is served is registered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from kg.build.imports import staging
from kg.build.load import mapping as table_mapping
from kg.build.load.data_lock import locked
from kg.build.load.mapping import TableMapping
from kg.errors import CuratedFileError, VitkError

_TABLES = "tables"


def imported_mappings(data_dir: Path) -> list[TableMapping]:
    """Returns the imported tables, sorted by name."""
    return [table_mapping.read_mapping(path) for path in sorted((data_dir / _TABLES).glob("[!.]*/mapping.toml"))]


@contextmanager
def stage_import(data_dir: Path, mapping_file: Path, table_file: Path) -> Iterator[TableMapping]:
    """Stages a table and its mapping for a build inside the ``with`` block, which installs them.

    Raises:
        VitkError: the mapping cannot be read, or the data folder cannot be written.
    """
    mapping = table_mapping.read_mapping(mapping_file)
    if len(mapping.tables) != 1:
        raise VitkError(
            f"{mapping_file}: an imported mapping must have exactly one [[tables]]; this one has {len(mapping.tables)}."
        )
    with staging.staging_folder(data_dir / _TABLES, mapping.name) as folder:
        copies = {folder / codes: mapping_file.parent / codes for codes in mapping.code_files}
        copies |= {folder / "mapping.toml": mapping_file, folder / mapping.tables[0].file: table_file}
        for target, source in copies.items():
            staging.copy(source, target)
        try:
            yield table_mapping.read_mapping(folder / "mapping.toml")
        except CuratedFileError as error:
            # Report the user's files; the copies are deleted by the time the error is read.
            for problem in error.problems:
                problem.path = copies.get(problem.path, problem.path)
            raise CuratedFileError(error.problems) from error


def installed(data_dir: Path, importing: TableMapping | None) -> AbstractContextManager[None]:
    """Registers a staged table in place of a former one of its name; if the ``with`` block fails, undoes it.

    The caller holds the lock of the data folder. Without a table, does nothing.
    """
    return staging.installed(data_dir / _TABLES, {importing.name: importing.path.parent} if importing else {})


def recover(data_dir: Path) -> None:
    """Completes or undoes what killed processes left half done; the caller holds the lock of the data folder."""
    staging.recover(data_dir / _TABLES)


def remove(data_dir: Path, name: str) -> None:
    """Removes an imported table; it is left out of the next build.

    Raises:
        VitkError: there is no imported table of that name, or the data folder cannot be written.
    """
    place = data_dir / _TABLES / name
    if not table_mapping.NAME.fullmatch(name) or not (data_dir / _TABLES).is_dir():
        raise _unknown(data_dir, name)
    with locked(data_dir):
        recover(data_dir)
        if not place.is_dir():
            raise _unknown(data_dir, name)
        staging.remove(place)


def _unknown(data_dir: Path, name: str) -> VitkError:
    names = sorted(path.parent.name for path in (data_dir / _TABLES).glob("[!.]*/mapping.toml"))
    return VitkError(f"There is no imported table {name!r}; imported tables: {', '.join(names) or 'none'}.")
