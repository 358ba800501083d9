"""Reads text files that people edit, by one policy.

They are UTF-8, with or without a byte order mark; CR, LF and CRLF end a line, and nothing else does.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from kg.errors import CuratedFileError, CuratedProblem

_LINE_END = re.compile(r"\r\n|\r|\n")
_OTHER_ENCODINGS = {
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
    b"PK\x03\x04": "a ZIP file or a spreadsheet (.xlsx, .ods)",
    b"\xd0\xcf\x11\xe0": "a spreadsheet (.xls)",
}


def read_text(path: Path) -> str:
    """Returns the text of a file without its byte order mark; line ends stay as they are.

    Raises:
        CuratedFileError: the file cannot be read or is not UTF-8, with the line of the first invalid byte.
    """
    return decode(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """Returns the content of a file.

    Raises:
        CuratedFileError: the file cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise _error(path, None, "file", f"cannot be read: {error.strerror}") from error


def decode(content: bytes, path: Path) -> str:
    """Returns the content of a file as text, without its byte order mark.

    Raises:
        CuratedFileError: it is not UTF-8, with the line of the first invalid byte.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(_LINE_END.findall(content[: error.start].decode("latin-1"))) + 1
        raise _error(path, line, "encoding", not_utf8(content)) from error


def not_utf8(content: bytes) -> str:
    """Returns what to say of a file that is not UTF-8, by its first bytes."""
    for start, name in _OTHER_ENCODINGS.items():
        if content.startswith(start):
            return f"not UTF-8 but {name}; save it as UTF-8 text"
    return "not UTF-8; save it as UTF-8 (Unicode)"


def lines_of(text: str) -> list[str]:
    """Returns the lines of a text without their ends; the last one is "" if the text ends with a line end.

    ``str.splitlines`` also splits at vertical tabs, form feeds, NEL and U+2028, which are part of a line here.
    """
    return _LINE_END.split(text)


def line_with(text: str, word: str) -> int | None:
    """Returns the number of the first line that contains a word; ``None`` if there is none."""
    if not word:
        return None
    return next((number for number, line in enumerate(lines_of(text), 1) if word in line), None)


def line_starts(text: str) -> list[int]:
    """Returns the offset at which each line starts."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def with_plain_ends(text: str) -> str:
    """Returns the text with LF at the end of each line."""
    return _LINE_END.sub("\n", text)


def _error(path: Path, line: int | None, rule: str, message: str) -> CuratedFileError:
    return CuratedFileError([CuratedProblem(path, line, rule, message)])
