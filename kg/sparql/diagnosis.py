"""Turns the engine's parse errors into messages from which a person or an agent can fix the query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kg.sparql import engine_errors, syntax_errors
from kg.sparql.syntax_errors import Mistake
from kg.sparql.tokens import Token, tokenize

_AROUND = 100
_SEPARATORS = frozenset(".;{}[]")
_TRIPLE = "A triple is subject, predicate, object, then a full stop."


@dataclass(frozen=True)
class Diagnosis:
    """A syntax error: its position (line and column, both from 1), the problem, and a suggestion.

    ``text`` is the part of the line around the error, ``caret`` the offset of the error in ``text`` (from 0). ``hint``
    may be empty.
    """

    line: int
    column: int
    text: str
    caret: int
    message: str
    hint: str

    @property
    def excerpt(self) -> str:
        """``text`` with a line below that marks the error with a caret."""
        indent = re.sub(r"[^\t]", " ", self.text[: self.caret])
        return f"{self.text}\n{indent}^"


def diagnose(query: str, engine_message: str, prefixes: Mapping[str, str]) -> Diagnosis:
    """Explains why the engine could not parse a query.

    Args:
        query: the query text, unchanged.
        engine_message: the engine's error message.
        prefixes: known prefixes; suggested when the query uses one of them undeclared.

    Returns:
        The first explanation found; failing that, that the token at the engine's position is unexpected.
    """
    tokens = list(tokenize(query))
    message, hint, start = (
        syntax_errors.update(tokens)
        or engine_errors.explain_message(query, tokens, engine_message)
        or syntax_errors.find_mistake(tokens, prefixes)
        or _unexpected(query, tokens, engine_errors.position(query, engine_message))
    )
    line = query.count("\n", 0, start) + 1
    line_start = query.rfind("\n", 0, start) + 1
    line_end = query.find("\n", start)
    text_start = max(line_start, start - _AROUND)
    text = query[text_start : min(line_end if line_end >= 0 else len(query), start + _AROUND)]
    return Diagnosis(line, start - line_start + 1, text, start - text_start, message, hint)


def _unexpected(query: str, tokens: list[Token], position: int) -> Mistake:
    at = next((at for at, token in enumerate(tokens) if token.start + len(token.text) > position), None)
    if at is None:
        hint = "Something is missing at its end, such as a pattern in { } after WHERE."
        return "The query ends too early.", hint, len(query.rstrip())
    token = tokens[at]
    shown = token.text[:40] if token.text.isprintable() else f"The character U+{ord(token.text[0]):04X}"
    if _depth(tokens[:at]) == 0 and any(before.text == "}" for before in tokens[:at]) and token.kind == "other":
        return f"{shown} comes after the end of the query.", "Remove it and what follows.", token.start
    return f"{shown} was not expected here.", _TRIPLE if _ends_a_triple(tokens, at) else "", token.start


def _depth(tokens: list[Token]) -> int:
    return sum((token.text in "{([") - (token.text in "})]") for token in tokens if token.kind == "other")


def _ends_a_triple(tokens: list[Token], at: int) -> bool:
    """Returns whether a triple pattern with only one or two terms ends here."""
    if tokens[at].text not in _SEPARATORS:
        return False
    terms = 0
    for token in reversed(tokens[:at]):
        if token.text in _SEPARATORS or token.text == ")":
            break
        terms += 1
    return terms in (1, 2)
