"""Reads the codes of a mapping from a file beside it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kg.files import text_files


def read_codes(path: Path, key: str, value: str) -> dict[str, str]:
    """Returns what each code stands for.

    Args:
        path: a comma-separated file with a header; white space around cells and rows without a code mean nothing.
        key: the column of codes.
        value: the template of what they stand for, with the names of columns in braces.

    Raises:
        CuratedFileError: the file cannot be read or is not UTF-8.
        ValueError: it is not a table, lacks a column, or has a code with two values.
    """
    rows = csv.DictReader(io.StringIO(text_files.read_text(path), newline=""), restkey="", restval="", strict=True)
    try:
        cells = [{name.strip(): cell.strip() for name, cell in row.items() if name} for row in rows]
        pairs = [(row[key], value.format_map(row)) for row in cells]
    except (KeyError, AttributeError, IndexError, csv.Error) as error:
        raise ValueError(f"{path.name!r} cannot be read: {error}") from error
    codes: dict[str, str] = {}
    for code, meaning in pairs:
        if code and codes.setdefault(code, meaning) != meaning:
            raise ValueError(f"{path.name!r} has the code {code!r} with two values")
    return codes
