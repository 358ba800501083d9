"""Reads the glossary of CONTRIBUTING.md and finds its retired terms in code, documents and pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SCOPES = ("identifiers", "documents", "messages", "pages")
HEADING = "## Glossary"
_TERM = re.compile(r"`([^`]+)`")
# Where a name in camel case has its next word: "queryResult", "HTTPServer".
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Entry:
    """A row of the glossary.

    Attributes:
        term: what the concept is called.
        retired: terms that are no longer used for it.
        scopes: those of ``SCOPES`` in which they are retired.
        allowed: phrases that contain a retired term and have another meaning.
    """

    term: str
    retired: tuple[str, ...]
    scopes: frozenset[str]
    allowed: tuple[str, ...]


def entries(contributing: str) -> list[Entry]:
    """The rows of the glossary.

    Raises:
        ValueError: a row retires nothing, or in a place that does not exist.
    """
    rows = [line for line in section(contributing).splitlines() if line.startswith("| ")][1:]
    return [_entry(row) for row in rows]


def section(contributing: str) -> str:
    """The glossary, up to the next heading."""
    return HEADING + contributing.partition(HEADING)[2].partition("\n## ")[0]


def _entry(row: str) -> Entry:
    _, term, retired, scopes, allowed = (cell.strip() for cell in row.strip("|").split("|"))
    named = SCOPES if scopes == "everywhere" else tuple(scopes.split(", "))
    if not _TERM.findall(retired) or not set(named) <= set(SCOPES):
        raise ValueError(row)
    return Entry(term, tuple(_TERM.findall(retired)), frozenset(named), tuple(_TERM.findall(allowed)))


def retired_in(text: str, scope: str, glossary: list[Entry]) -> list[str]:
    """The retired terms that a text contains, in lower case; a term is found once for each place."""
    found = []
    for entry in glossary:
        if scope in entry.scopes:
            searched = text
            for phrase in entry.allowed:
                searched = _pattern(phrase).sub(" ", searched)
            found += [match.group().lower() for term in entry.retired for match in _pattern(term).finditer(searched)]
    return found


def _pattern(term: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in re.split(r"(?<=\w)[-_\s]+(?=\w)", term)]
    return re.compile(r"(?<![A-Za-z0-9])" + r"[-_\s]+".join(parts) + r"(?![A-Za-z0-9])", re.IGNORECASE)


def in_words(text: str) -> str:
    """A text in which names in camel case are split into words."""
    return _CAMEL.sub(" ", text)


def identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The names that a module gives, with their lines: of classes, functions, arguments, variables and attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.alias(asname=str(name)):
                yield node.lineno, name


def messages(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The texts of a module with their lines: docstrings, and all other literals of more than one word."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
            yield node.lineno, node.value


def python_files(package: Path) -> list[Path]:
    """The modules of a package."""
    return sorted(path for path in package.rglob("*.py") if "node_modules" not in path.parts)
