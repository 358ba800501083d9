"""Reads tab-separated tables that people edit: SSSOM mappings and identifier patterns.

Lines that start with # may stand before the header, blank lines anywhere. A cell may be quoted as in RFC 4180, which
spreadsheets do with lines of # too. Columns that nobody uses may have any names.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from kg.errors import CuratedFileError, CuratedProblem
from kg.files import text_files


@dataclass(frozen=True)
class TsvFile:
    """The lines of a table before its header, without their #, and its rows by column, each with its line."""

    preamble: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def read_tsv(path: Path, required: Sequence[str], used: Sequence[str]) -> TsvFile:
    """Reads a table.

    Args:
        path: the file.
        required: the columns that it must have. In a row that is shorter than the header, the other cells are empty.
        used: the columns that are read, where the file has them; no name of them may come twice.

    Raises:
        CuratedFileError: the file cannot be read, lacks a column, or has rows that do not fit its header, with lines.
    """
    lines = text_files.lines_of(text_files.read_text(path))
    preamble = tuple(takewhile(lambda line: not line.strip() or line.startswith(("#", '"#')), lines))
    (line, header), *rows = list(_cells(path, lines, len(preamble))) or [(1, [])]
    columns = [name.strip() for name in header]
    if missing := [name for name in required if name not in columns]:
        there = f"the columns are {', '.join(columns)}" if header else "the file is empty"
        hint = "; separate them with tabs" if len(columns) == 1 and all(name in columns[0] for name in required) else ""
        raise _error(path, line, f"the column {', '.join(missing)} is missing; {there}{hint}")
    if twice := [name for name in used if columns.count(name) > 1]:
        raise _error(path, line, f"the column {', '.join(twice)} is there twice")
    problems, found = [], []
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(columns) :]):
            message = f"{len(cells)} cells, but the header has {len(columns)}"
            problems.append(CuratedProblem(path, line, "TSV syntax", message))
        padded = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
        found.append((line, {name: cell for name, cell in zip(columns, padded, strict=False) if name}))
    if problems:
        raise CuratedFileError(problems)
    return TsvFile(tuple(_unquoted(line).removeprefix("#") for line in preamble), tuple(found))


def _unquoted(line: str) -> str:
    return next(csv.reader([line], delimiter="\t"))[0] if line.startswith('"#') else line


def _cells(path: Path, lines: Sequence[str], start: int) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, the header among them, each with the line where it starts."""
    reader = csv.reader((line + "\n" for line in lines[start:]), delimiter="\t", strict=True)
    while True:
        line = start + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _error(path, line, f"{error}: is a quotation mark not closed or not doubled?") from error
        if any(cell.strip() for cell in cells):
            yield line, cells


def _error(path: Path, line: int, message: str) -> CuratedFileError:
    return CuratedFileError([CuratedProblem(path, line, "TSV syntax", message)])
