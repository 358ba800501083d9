"""A tokeniser for SPARQL that finds keywords and placeholders without mistaking strings, IRIs or comments for them.

Tokens suffice, and a grammar would be a hazard: see ``guard``.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Terminals of SPARQL 1.1, section 19.8. A longer form comes before the shorter one that starts alike. Strings are read
# in runs of plain characters: character by character, a string of a megabyte takes hundreds of megabytes.
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
    """A token: its kind (a group name of the pattern above), its text, and its offset in the query."""

    kind: str
    text: str
    start: int


def tokenize(query: str) -> Iterator[Token]:
    """Yields the tokens of a query, without white space and comments.

    The tokens and the text between them together give the query unchanged.
    """
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or "other"
        if kind not in ("space", "comment"):
            yield Token(kind, match.group(), match.start())


# The text after a < that may mean "less than" instead of opening an IRI: it reaches a # or a ', which would then start
# a comment or a string. "scheme://" is never part of an expression.
_MAY_BE_LESS_THAN = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.\-]*://)[^#']*[#']")


def readings(query: str) -> Iterator[Token]:
    """Yields the tokens of every reading of a query: a ``<`` may open an IRI or mean "less than", so both are read.

    Which reading is right depends on the grammar, and a reader that took the wrong one would see a string or a comment
    where the engine sees keywords. Tokens come in order of their start; none comes twice.
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
    r"""Returns the query with ``\uXXXX`` and ``\UXXXXXXXX`` resolved (SPARQL 1.1, section 19.2)."""

    def character(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        return chr(code) if code <= 0x10FFFF else match.group()

    return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", character, query)
