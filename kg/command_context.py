"""What all commands share: settings as flags, errors as sentences, and the release that they read."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import settings as settings_module
from kg.errors import DAMAGE, VitkError
from kg.reports import log
from kg.settings import Settings

if TYPE_CHECKING:
    from kg.reader.reader import Reader
    from kg.release.release import Release


def with_settings(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Adds the flags of the named settings to a command, which gets the loaded settings as ``settings``."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        def run(settings_file: Path | None, debug: bool, **given: Any) -> None:
            flags = {name: given.pop(name) for name in names}
            with error_boundary(debug):
                command(settings=settings_module.load(flags, settings_file=settings_file), **given)

        rows = {row.name: row for row in settings_module.table()}
        run.__doc__ = command.__doc__
        # Click keeps the options of a command on its function: copy them to the new one.
        run.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
        run.__name__ = command.__name__
        decorated: Callable[..., None] = click.option("--debug", is_flag=True, help="Show tracebacks.")(run)
        decorated = click.option(
            "--settings", "settings_file", type=click.Path(path_type=Path), help="Settings file (TOML); VITK_SETTINGS."
        )(decorated)
        for name in reversed(names):
            variable = settings_module.ENVIRONMENT_PREFIX + name.upper()
            decorated = click.option(
                "--" + name.replace("_", "-"), name, metavar="VALUE", help=f"{rows[name].metadata['help']} [{variable}]"
            )(decorated)
        return decorated

    return decorate


class error_boundary:  # noqa: N801 - used as a statement
    """Prints an error that a user can fix as one sentence to stderr and exits with status 1.

    Those are each ``VitkError``, and what the system refuses: files, memory. With ``debug``, the traceback comes first.
    """

    def __init__(self, debug: bool) -> None:
        self._debug = debug

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        # A reader of standard output who leaves needs no message; click ends the process.
        if not isinstance(error, VitkError | OSError | MemoryError) or isinstance(error, BrokenPipeError):
            return
        if self._debug:
            traceback.print_exception(error)
        log.write_line(f"vitk: {log.visible(_sentence(error))}")
        sys.exit(1)


def _sentence(error: VitkError | OSError | MemoryError) -> str:
    match error:
        case VitkError():
            return str(error)
        case OSError(filename=str() | bytes() as name):
            return f"{os.fsdecode(name)}: {error.strerror}."
        case OSError():
            return f"{error.strerror or error}."
        case _:
            return "There is too little memory."


def current_release(settings: Settings) -> Release:
    """Returns the current release.

    Raises:
        VitkError: the data folder contains no release.
    """
    from kg.release.release import Releases

    return Releases(settings.data_dir).require_current()


@contextlib.contextmanager
def current_reader(settings: Settings) -> Iterator[Reader]:
    """Opens the current release; reading it, and nothing else, is what the ``with`` block should do.

    Raises:
        VitkError: there is none, an incompatible version of vitk built it, or a file of it cannot be read.
    """
    from kg.reader.reader import Reader

    release = current_release(settings)
    try:
        reader = Reader(release)
    except DAMAGE as error:
        raise release.damaged(error) from error
    try:
        yield reader
    except (RuntimeError, sqlite3.Error) as error:
        # So the engine and the side index report a damaged file that they had not read before.
        raise release.damaged(error) from error
