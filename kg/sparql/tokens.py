"""SPARQL as tokens: enough to find keywords and placeholders without mistaking strings, IRIs or comments for them."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Terminals of SPARQL 1.1, section 19.8. A longer form stands before the shorter one that starts alike. Strings are read
# in runs of plain characters: letter by letter, one of a megabyte takes hundreds of megabytes.
_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*(?:\\[uU][0-9A-Fa-f]+[^<>"{}|^`\\\x00-\x20]*)*>)
    | (?P<string>\"\"\"[^"\\]*(?:(?:\\.|\"\"?(?!\"))[^"\\]*)*\"\"\"|'''[^'\\]*(?:(?:\\.|''?(?!'))[^'\\]*)*'''
               |"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"|'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*')
    | (?P<variable>[?$]\w+)
    | (?P<name>(?:[^\W\d_][\w.\-]*)?:(?:(?:[\w:.\-]++|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*)|_:[\w.\-]+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<word>[^\W\d_]\w*)
    | (?P<number>[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A piece of a query: its kind (a group of the pattern above), its text, where it starts."""

    kind: str
    text: str
    start: int


def tokenize(query: str) -> Iterator[Token]:
    """The tokens of a query, white space and comments left out; joined with what lies between, they are the query."""
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or "other"
        if kind not in ("space", "comment"):
            yield Token(kind, match.group(), match.start())


# What < opens when it is no IRI but "less than": something up to a # or a ', which would start a comment or a string.
# "scheme://" is never part of an expression.
_MAY_BE_LESS_THAN = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.\-]*://)[^#']*[#']")


def readings(query: str) -> Iterator[Token]:
    """The tokens of all readings of a query: where ``<`` may open an IRI or mean "less than", both are followed.

    Which one holds depends on the grammar, and a reader that took the wrong one would see a string or a comment where
    the engine sees keywords. Tokens come in order of their start; none comes twice.
    """
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or "other"
        if kind == "iri" and _MAY_BE_LESS_THAN.match(match.group()):
            yield from _all_readings(query, match.start())
            return
        if kind not in ("space", "comment"):
            yield Token(kind, match.group(), match.start())


def _all_readings(query: str, start: int) -> Iterator[Token]:
    starts, seen = [start], set[int]()
    while starts:
        start = heapq.heappop(starts)
        if start in seen or start >= len(query):
            continue
        seen.add(start)
        match = _TOKEN.match(query, start)
        assert match
        kind = match.lastgroup or "other"
        heapq.heappush(starts, match.end())
        if kind == "iri" and _MAY_BE_LESS_THAN.match(match.group()):
            heapq.heappush(starts, start + 1)
        if kind not in ("space", "comment"):
            yield Token(kind, match.group(), start)


def unescape(query: str) -> str:
    r"""The query with ``\uXXXX`` and ``\UXXXXXXXX`` resolved, which SPARQL does before it reads tokens."""

    def character(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        return chr(code) if code <= 0x10FFFF else match.group()

    return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", character, query)
