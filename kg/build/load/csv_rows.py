"""Streams the rows of a table file: separated UTF-8 with a header (RFC 4180), plain or gzipped.

Files are read as spreadsheets export them: white space around cells, blank lines, lines of empty cells and empty
columns at the end mean nothing, and columns that the mapping does not use may have any names.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from kg.build.load.mapping import Condition, Table
from kg.errors import CuratedFileError, CuratedProblem
from kg.files import text_files

CsvRow = list[str]
_LONGEST_CELL = 1 << 24
_MARK = "\ufeff"
_BROKEN = (UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error)

# SQLite keeps a database without a name in a temporary file that is deleted with the connection: the keys of a table of
# any length take no more memory than its cache.
_ON_DISK = ""
_KEYS = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;
CREATE TABLE keys (key TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class RejectedRow:
    """A rejected row: its line in the file and the reason."""

    path: Path
    line: int
    reason: str


@dataclass
class RowCounts:
    """The rows of one file: read, taken, left out by the mapping's conditions, and rejected."""

    path: Path
    read: int = 0
    taken: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        """The number of rows that the conditions of the mapping left out."""
        return self.read - self.taken - len(self.rejected)


class RowError(ValueError):
    """The reason why a row is rejected."""


class TableFile:
    """A table file, and the position of each of its columns.

    Raises:
        CuratedFileError: the file cannot be read, or columns are missing or repeated.
    """

    def __init__(self, table: Table, path: Path) -> None:
        self.table, self.path = table, path
        line, header = self._header()
        needed = table.columns()
        if twice := [column for column in needed if header.count(column) > 1]:
            raise self.error(line, "columns", f"columns are repeated in the header: {', '.join(twice)}")
        if missing := [column for column in needed if column not in header]:
            names = ", ".join(name for name in header if name)
            message = f"columns are missing: {', '.join(missing)}; the columns are {names}"
            raise self.error(line, "columns", message + self._other_delimiter(header))
        self._width = len(header)
        self.positions = {column: header.index(column) for column in needed}

    def rows(self, counted: RowCounts, all_rows: bool = False) -> Iterator[tuple[int, CsvRow]]:
        """Yields the rows that the mapping takes, each with its line; with ``all_rows``, also those that it leaves out.

        Rows with too many or too few cells, and rows with a repeated key, are rejected.

        Raises:
            CuratedFileError: the file is not UTF-8, is truncated, or does not have the number of rows stated in the
                mapping.
        """
        table = self.table
        taken = self._unique(self._cells(counted), counted)
        if not all_rows and table.having:
            taken = self._having(taken)
        takes = self.condition(() if all_rows else table.when)
        for line, row in taken:
            if takes(row):
                counted.taken += 1
                yield line, row
        if table.rows is not None and counted.read != table.rows:
            message = f"has {counted.read:,} rows, but the mapping states {table.rows:,}: is the file truncated?"
            raise self.error(None, "row count", message)

    def condition(self, condition: Condition) -> Callable[[CsvRow], bool]:
        """Returns a test of rows: each column has one of its values; ``"*"`` matches any value that is not empty."""
        tests = [(self.positions[column], values, "*" in values) for column, values in condition]

        def matches(row: CsvRow) -> bool:
            return all(
                row[position] in values or (any_value and row[position]) for position, values, any_value in tests
            )

        return matches

    def error(self, line: int | None, rule: str, message: str) -> CuratedFileError:
        """Returns an error about the file."""
        return CuratedFileError([CuratedProblem(self.path, line, rule, message)])

    def _open(self) -> TextIO:
        try:
            if self._is_compressed():
                return gzip.open(self.path, "rt", encoding="utf-8-sig", newline="")
            return self.path.open(encoding="utf-8-sig", newline="")
        except OSError as error:
            raise self.error(None, "file", f"cannot be read: {error.strerror}") from error

    def _is_compressed(self) -> bool:
        with self.path.open("rb") as file:
            return file.read(2) == b"\x1f\x8b"

    def _header(self) -> tuple[int, CsvRow]:
        """The first line that is not blank, without empty columns at its end."""
        with self._open() as stream:
            line, header = next(self._lines(stream), (1, []))
        while header and not header[-1]:
            header.pop()
        if not header:
            raise self.error(1, "columns", "the file is empty; the first line must have the names of the columns")
        return line, header

    def _other_delimiter(self, header: CsvRow) -> str:
        """A hint where the header looks as if another sign separated its columns."""
        found = [sign for sign in (";", "\t", ",", "|") if len(header) == 1 and sign in header[0]]
        return f"; if {found[0]!r} separates them, add delimiter = {found[0]!r} to the mapping" if found else ""

    def _lines(self, stream: TextIO) -> Iterator[tuple[int, CsvRow]]:
        """The rows that are not blank, the header first, each with the number of its last line."""
        # An error of the standard library's reader, which otherwise allows 128 KiB.
        csv.field_size_limit(_LONGEST_CELL)
        reader = csv.reader(stream, delimiter=self.table.delimiter, strict=True)
        try:
            for row in reader:
                cells = [*map(str.strip, row)]
                # Where files were joined, a byte order mark stands before a row.
                if cells and cells[0].startswith(_MARK):
                    cells[0] = cells[0].lstrip(_MARK)
                if any(cells):
                    yield reader.line_num, cells
        except _BROKEN as error:
            raise self._broken(reader.line_num + 1, error) from error
        except csv.Error as error:
            raise self.error(reader.line_num, "CSV syntax", _said(error)) from error

    def _broken(self, line: int, error: Exception) -> CuratedFileError:
        if isinstance(error, UnicodeDecodeError):
            with self.path.open("rb") as file:
                message = text_files.not_utf8(file.read(8))
            return self.error(self._line_not_utf8(), "encoding", message)
        return self.error(line, "file", "the compressed file is truncated or damaged")

    def _line_not_utf8(self) -> int | None:
        # Text is decoded some thousand characters ahead of the rows, so the line must be searched for.
        with self.path.open("rb") as plain, gzip.open(plain) if self._is_compressed() else plain as file:
            for number, line in enumerate(file, 1):
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError:
                    return number
        return None

    def _cells(self, counted: RowCounts) -> Iterator[tuple[int, CsvRow]]:
        width = self._width
        with self._open() as stream:
            rows = self._lines(stream)
            next(rows)
            for line, row in rows:
                counted.read += 1
                if len(row) >= width and not any(row[width:]):
                    yield line, row
                else:
                    reason = f"{len(row)} cells, but the header has {width}"
                    counted.rejected.append(RejectedRow(self.path, line, reason))

    def _unique(self, rows: Iterator[tuple[int, CsvRow]], counted: RowCounts) -> Iterator[tuple[int, CsvRow]]:
        positions = [self.positions[column] for column in self.table.key]
        with closing(sqlite3.connect(_ON_DISK)) as seen:
            seen.executescript(_KEYS)
            for line, row in rows:
                key = "\0".join([row[position] for position in positions])
                if seen.execute("INSERT OR IGNORE INTO keys VALUES (?)", (key,)).rowcount:
                    yield line, row
                else:
                    named = ", ".join(f"{column} {row[self.positions[column]]}" for column in self.table.key)
                    counted.rejected.append(RejectedRow(self.path, line, f"duplicate key: {named}"))

    def _having(self, rows: Iterator[tuple[int, CsvRow]]) -> Iterator[tuple[int, CsvRow]]:
        """Yields groups of consecutive rows in which at least one row meets the condition."""
        position, matches = self.positions[self.table.by], self.condition(self.table.having)
        for _, group in itertools.groupby(rows, key=lambda numbered: numbered[1][position]):
            together = list(group)
            if any(matches(row) for _, row in together):
                yield from together


def _said(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return "a quotation mark is not closed before the end of the file: is the file truncated?"
    if "field larger" in str(error):
        return f"a cell has more than {_LONGEST_CELL:,} characters: is a quotation mark not closed?"
    return f"{error}: is a quotation mark inside a quoted cell not doubled?"
