"""What the processes that run Java need, and what is said when one of them fails."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kg.errors import VitkError
from kg.files.temporary import temporary_folder


class JavaError(VitkError):
    """Java could not be run to its end, so nothing is known about consistency.

    Args:
        output: what it wrote to standard error.
        status: its exit status; negative if a signal ended it.
    """

    def __init__(self, output: str, status: int) -> None:
        lines = [line.strip() for line in output.splitlines() if line.strip() and not line.startswith("Picked up ")]
        reason = (
            lines[-1] if lines else f"signal {-status} ended it" if status < 0 else f"it ended with status {status}"
        )
        super().__init__(
            f"The proof of consistency stopped, because Java failed: {reason.rstrip('.')}. Is there enough memory? "
            "README says what a build needs; vitk build --no-proof builds without a proof. The current release stays."
        )


def environment() -> dict[str, str]:
    """Returns the environment for Java: it reads the names of files in the encoding of the locale."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


@contextlib.contextmanager
def plain_temporary_folder() -> Iterator[tuple[str, int]]:
    """A temporary folder that is deleted at the end; yields a name of it that can stand in a URL, and its descriptor.

    Until then ``tempfile`` makes its files there: libraries build URLs from their names without escaping them. The name
    is understood by this process, and by those that it gives the descriptor.

    Raises:
        VitkError: no folder for temporary files can be written.
    """
    with tempfile.TemporaryDirectory(prefix="vitk-proof-", dir=temporary_folder()) as folder:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        before, tempfile.tempdir = tempfile.tempdir, f"/proc/self/fd/{descriptor}"
        try:
            yield tempfile.tempdir, descriptor
        except OSError:
            _abandon_files(folder)
            raise
        finally:
            tempfile.tempdir = before
            os.close(descriptor)


def _abandon_files(folder: str) -> None:
    """Has files of a folder that are still open write nowhere: on a full disk, closing them would fail once more."""
    with Path(os.devnull).open("wb") as nowhere:
        for entry in list(Path("/proc/self/fd").iterdir()):
            with contextlib.suppress(OSError):
                if str(entry.readlink()).startswith(f"{folder}/"):
                    os.dup2(nowhere.fileno(), int(entry.name))
