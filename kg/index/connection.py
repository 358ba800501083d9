"""The read-only connection to the side index of a release."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path


class IndexConnection:
    """A read-only connection that the threads of a server share; sqlite3 serialises its use.

    Requests may still use a release that no longer serves. The connection therefore closes with ``close()``, or else
    when the last object that uses it is gone, at the latest when the process ends.

    Args:
        index: the SQLite file. It must not change: SQLite takes no locks on it.
    """

    def __init__(self, index: Path) -> None:
        # As a URI, in which a question mark or a number sign of the path is escaped.
        address = f"{index.absolute().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._closed = weakref.finalize(self, self._connection.close)

    def execute(self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> sqlite3.Cursor:
        """The rows of a SELECT.

        Args:
            query: with ``?`` for the values of a sequence, or ``:name`` for those of a mapping. Numbered placeholders
                such as ``?1`` with a sequence are deprecated from Python 3.12 on.
            parameters: the values.

        Raises:
            sqlite3.ProgrammingError: the connection was closed.
        """
        return self._connection.execute(query, parameters)

    def close(self) -> None:
        """Closes the file; closing twice does no harm."""
        self._closed()
