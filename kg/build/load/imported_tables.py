"""Tables that a user imported: copies in the data folder, loaded by every later build.

Each is ``tables/NAME/mapping.toml`` next to the table's file. A table is staged in a folder of its own; the build that
loads it installs it when its release is complete, before the release is published. So a table that cannot be read
changes nothing, and whatever is served is registered.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.build.load import mapping as table_mapping
from kg.build.load.data_lock import locked
from kg.build.load.mapping import TableMapping
from kg.errors import CuratedFileError, VitkError

_IMPORTING, _FORMER = ".importing-", ".former-"
# A folder without a lock that is younger may be about to be locked.
_SECONDS_TO_LOCK = 60


def imported_mappings(data_dir: Path) -> list[TableMapping]:
    """Returns the imported tables, sorted by name."""
    return [table_mapping.read_mapping(path) for path in sorted((data_dir / "tables").glob("[!.]*/mapping.toml"))]


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
    with _staging_folder(data_dir, mapping.name) as folder:
        copies = {folder / codes: mapping_file.parent / codes for codes in mapping.code_files}
        copies |= {folder / "mapping.toml": mapping_file, folder / mapping.tables[0].file: table_file}
        _copy(copies)
        try:
            yield table_mapping.read_mapping(folder / "mapping.toml")
        except CuratedFileError as error:
            # Report the user's files; the copies are deleted by the time the error is read.
            for problem in error.problems:
                problem.path = copies.get(problem.path, problem.path)
            raise CuratedFileError(error.problems) from error


@contextmanager
def installed(data_dir: Path, importing: TableMapping | None) -> Iterator[None]:
    """Registers a staged table in place of a former one of its name; if the ``with`` block fails, undoes it.

    The caller holds the lock of the data folder. Without a table, does nothing.
    """
    if importing is None:
        yield
        return
    place = data_dir / "tables" / importing.name
    former = place.with_name(_FORMER + importing.name)
    if place.exists():
        place.rename(former)
    try:
        importing.path.parent.rename(place)
        yield
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        if former.exists():
            former.rename(place)
        raise
    shutil.rmtree(former, ignore_errors=True)


def recover(data_dir: Path) -> None:
    """Completes or undoes what killed processes left half done; the caller holds the lock of the data folder."""
    tables = data_dir / "tables"
    for former in tables.glob(_FORMER + "*"):
        place = tables / former.name.removeprefix(_FORMER)
        if place.exists():
            shutil.rmtree(former, ignore_errors=True)
        else:
            former.rename(place)
    for folder in tables.glob(_IMPORTING + "*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _SECONDS_TO_LOCK and _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def remove(data_dir: Path, name: str) -> None:
    """Removes an imported table; it is left out of the next build.

    Raises:
        VitkError: there is no imported table of that name, or the data folder cannot be written.
    """
    place = data_dir / "tables" / name
    if not table_mapping.NAME.fullmatch(name) or not (data_dir / "tables").is_dir():
        raise _unknown(data_dir, name)
    with locked(data_dir):
        recover(data_dir)
        if not place.is_dir():
            raise _unknown(data_dir, name)
        try:
            # Renamed first: a removal that is cut short leaves no half table under a valid name.
            gone = Path(tempfile.mkdtemp(prefix=_IMPORTING, dir=place.parent)) / name
            place.rename(gone)
        except OSError as error:
            raise VitkError(f"{place}: cannot be removed: {error.strerror}.") from error
        shutil.rmtree(gone.parent, ignore_errors=True)


def _unknown(data_dir: Path, name: str) -> VitkError:
    names = sorted(path.parent.name for path in (data_dir / "tables").glob("[!.]*/mapping.toml"))
    return VitkError(f"There is no imported table {name!r}; imported tables: {', '.join(names) or 'none'}.")


@contextmanager
def _staging_folder(data_dir: Path, name: str) -> Iterator[Path]:
    """A folder of this process alone, locked as long as it is in use; deleted unless it was installed."""
    tables = data_dir / "tables"
    try:
        tables.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{_IMPORTING}{name}-", dir=tables))
        lock = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise VitkError(
            f"{tables}: the data folder can't be written: {error.strerror}. Choose another with --data-dir."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Like other folders of tables, and not readable by their owner alone.
        folder.chmod(0o777 & ~_umask())
        yield folder
    finally:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _is_abandoned(folder: Path) -> bool:
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def _copy(copies: dict[Path, Path]) -> None:
    for target, source in copies.items():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            # Not ``shutil.copyfile``, which refuses pipes.
            with source.open("rb") as file, target.open("wb") as copy:
                shutil.copyfileobj(file, copy)
        except OSError as error:
            raise VitkError(f"{error.filename or source}: {error.strerror}.") from error
