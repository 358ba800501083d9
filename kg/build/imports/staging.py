"""How imports get into a data folder: staged in a folder of their own, and installed when their release is complete.

An imported table or graph is a folder with a name in a folder of all of them, its ``place``. What cannot be read
changes nothing there, whatever is served is registered there, and what killed processes leave is put right.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from kg.errors import VitkError

_IMPORTING, _FORMER = ".importing-", ".former-"
# A folder without a lock that is younger may be about to be locked.
_SECONDS_TO_LOCK = 60


@contextlib.contextmanager
def staging_folder(place: Path, name: str) -> Iterator[Path]:
    """A folder of this process alone, locked as long as it is in use; deleted at the end unless it was installed.

    Raises:
        VitkError: the data folder cannot be written.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{_IMPORTING}{name}-", dir=place))
        lock = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise VitkError(
            f"{place}: the data folder can't be written: {error.strerror}. Choose another with --data-dir."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Like other folders of imports, and not readable by their owner alone.
        folder.chmod(0o777 & ~_umask())
        yield folder
    finally:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def installed(place: Path, staged: Mapping[str, Path]) -> Iterator[None]:
    """Gives staged folders their names, in place of former ones; if the ``with`` block fails, undoes it.

    The caller holds the lock of the data folder.
    """
    former = {name: place / (_FORMER + name) for name in staged}
    try:
        for name, folder in staged.items():
            if (place / name).exists():
                (place / name).rename(former[name])
            folder.rename(place / name)
        yield
    except BaseException:
        for name, folder in staged.items():
            if not folder.exists():
                shutil.rmtree(place / name, ignore_errors=True)
            if former[name].exists():
                former[name].rename(place / name)
        raise
    for path in former.values():
        shutil.rmtree(path, ignore_errors=True)


def recover(place: Path) -> None:
    """Completes or undoes what killed processes left half done; the caller holds the lock of the data folder."""
    for former in place.glob(_FORMER + "*"):
        current = place / former.name.removeprefix(_FORMER)
        if current.exists():
            shutil.rmtree(former, ignore_errors=True)
        else:
            former.rename(current)
    for folder in place.glob(_IMPORTING + "*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _SECONDS_TO_LOCK and _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def remove(path: Path) -> None:
    """Removes an imported folder; the caller holds the lock of the data folder.

    Raises:
        VitkError: the data folder cannot be written.
    """
    try:
        # Renamed first: a removal that is cut short leaves no half import under a valid name.
        gone = Path(tempfile.mkdtemp(prefix=_IMPORTING, dir=path.parent)) / path.name
        path.rename(gone)
    except OSError as error:
        raise VitkError(f"{path}: cannot be removed: {error.strerror}.") from error
    shutil.rmtree(gone.parent, ignore_errors=True)


def copy(source: Path, target: Path) -> None:
    """Copies a file that a user gives, which may be a pipe; folders are created if missing.

    Raises:
        VitkError: it cannot be read, or the data folder cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Not ``shutil.copyfile``, which refuses pipes.
        with source.open("rb") as file, target.open("wb") as written:
            shutil.copyfileobj(file, written)
    except OSError as error:
        raise VitkError(f"{error.filename or source}: {error.strerror}.") from error


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
