"""Splits Turtle into tokens and statements, so that nothing inside a string, an IRI or a comment is taken for syntax.

The parser is pyoxigraph; this only says where in the text its parts are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Terminals of RDF 1.1 Turtle, section 6.5. A longer form comes before the shorter one that starts alike.
_TOKEN = re.compile(
    r"""
      (?P<space>[\ \t\r\n]+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<iri><[^\x00-\x20<>"{}|^`]*>)
    | (?P<string>\"\"\"[^"\\]*(?:(?:\\.|\"\"?(?!\"))[^"\\]*)*\"\"\"|'''[^'\\]*(?:(?:\\.|''?(?!'))[^'\\]*)*'''
               |"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"|'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*')
    | (?P<at>@[A-Za-z]+(?:-+[A-Za-z0-9]+)*)
    | (?P<number>[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))
    | (?P<blank>_:[\w](?:[\w.\-·\u0300-\u036f\u203f\u2040]*[\w\-·\u0300-\u036f\u203f\u2040])?)
    | (?P<name>(?:[^\W\d_](?:[\w.\-·\u0300-\u036f\u203f\u2040]*[\w\-·\u0300-\u036f\u203f\u2040])?)?:
               (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])
                  (?:(?:[\w:.\-·\u0300-\u036f\u203f\u2040]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*
                     (?:[\w:\-·\u0300-\u036f\u203f\u2040]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
    | (?P<word>[A-Za-z]+)
    | (?P<mark>\^\^|[.;,()\[\]])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENING, _CLOSING = ("[", "("), ("]", ")")
_SPARQL_DIRECTIVES = ("prefix", "base", "version")


@dataclass(frozen=True)
class Token:
    """A token: its kind (a group name of the pattern above), its text, and its offset."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Statement:
    """The tokens of one directive or of the triples of one subject, up to its full stop, with the comments inside."""

    tokens: tuple[Token, ...]

    @property
    def is_directive(self) -> bool:
        """Whether it declares a prefix or the base."""
        return self.tokens[0].text.lstrip("@").lower() in _SPARQL_DIRECTIVES


def tokens(text: str) -> Iterator[Token]:
    """Yields all tokens but white space; comments are tokens."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space":
            yield Token(match.lastgroup or "other", match.group(), match.start())


def statements(text: str) -> Iterator[Statement]:
    """Yields the statements of a document; comments between statements belong to none."""
    pending: list[Token] = []
    depth = 0
    for token in tokens(text):
        if token.kind == "comment" and not pending:
            continue
        pending.append(token)
        if token.kind == "mark":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
        ends_directive = (
            token.kind in ("iri", "string") and pending[0].kind == "word" and Statement((pending[0],)).is_directive
        )
        if (token.kind == "mark" and token.text == "." and depth <= 0) or ends_directive:
            yield Statement(tuple(pending))
            pending, depth = [], 0
    if pending:
        yield Statement(tuple(pending))
