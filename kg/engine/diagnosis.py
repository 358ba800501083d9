"""The engine's parse errors, told so that a person or an agent can mend the query."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from kg.engine.tokens import Token, tokenize

# fmt: off
KEYWORDS = (
    "ASK", "BASE", "BIND", "BY", "CONSTRUCT", "COUNT", "DESCRIBE", "DISTINCT", "EXISTS", "FILTER", "FROM", "GRAPH",
    "GROUP", "HAVING", "LIMIT", "MINUS", "NAMED", "NOT", "OFFSET", "OPTIONAL", "ORDER", "PREFIX", "REDUCED", "SELECT",
    "UNION", "VALUES", "WHERE",
)
# fmt: on
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
_AROUND = 100
_PAIRS = {"}": "{", ")": "(", "]": "["}


@dataclass(frozen=True)
class Diagnosis:
    """Where a query is broken (line and column from 1), what is wrong there, and what would help.

    ``text`` is what stands around that place in its line, ``caret`` the place in ``text``.
    """

    line: int
    column: int
    text: str
    caret: int
    message: str
    hint: str


def diagnose(query: str, engine_message: str, prefixes: Mapping[str, str]) -> Diagnosis:
    """A diagnosis of a query that the engine refused to parse.

    Args:
        query: the query as it came.
        engine_message: the engine's own words, of which only the position is used.
        prefixes: prefixes that we know, offered when one of them was not declared.
    """
    tokens = list(tokenize(query))
    message, hint, start = (
        _update(tokens)
        or _unknown_prefix(tokens, prefixes)
        or _unbalanced(tokens)
        or _unexpected(query, tokens, _position(query, engine_message))
    )
    line = query.count("\n", 0, start) + 1
    line_start = query.rfind("\n", 0, start) + 1
    line_end = query.find("\n", start)
    text_start = max(line_start, start - _AROUND)
    text = query[text_start : min(line_end if line_end >= 0 else len(query), start + _AROUND)]
    return Diagnosis(line, start - line_start + 1, text, start - text_start, message, hint)


def _position(query: str, engine_message: str) -> int:
    match = re.search(r"error at (\d+):(\d+)", engine_message)
    if not match:
        return 0
    line, column = int(match.group(1)), int(match.group(2))
    starts = [0, *(m.end() for m in re.finditer("\n", query))]
    return min(starts[min(line, len(starts)) - 1] + column - 1, len(query))


def _update(tokens: list[Token]) -> tuple[str, str, int] | None:
    for token in tokens:
        if token.kind != "word" or token.text.upper() in ("PREFIX", "BASE"):
            continue
        if token.text.upper() in _UPDATES:
            hint = "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE."
            return f"{token.text.upper()} starts an update; this endpoint only reads.", hint, token.start
        return None
    return None


def _unknown_prefix(tokens: list[Token], prefixes: Mapping[str, str]) -> tuple[str, str, int] | None:
    declared = {
        after.text.partition(":")[0]
        for before, after in pairwise(tokens)
        if before.kind == "word" and before.text.upper() == "PREFIX" and after.kind == "name"
    }
    for token in tokens:
        if token.kind != "name" or token.text.startswith("_:"):
            continue
        prefix = token.text.partition(":")[0]
        if prefix in declared:
            continue
        if prefix in prefixes:
            hint = f"Add this line at the top: PREFIX {prefix}: <{prefixes[prefix]}>"
        else:
            near = difflib.get_close_matches(prefix, [*declared, *prefixes], 1)
            hint = f"Did you mean {near[0]}:?" if near else "Declare it with PREFIX at the top of the query."
        return f"The prefix {prefix}: is not declared.", hint, token.start
    return None


def _unbalanced(tokens: list[Token]) -> tuple[str, str, int] | None:
    opened: list[Token] = []
    for token in tokens:
        if token.kind != "other":
            continue
        if token.text in "({[":
            opened.append(token)
        elif token.text in _PAIRS:
            if not opened or opened[-1].text != _PAIRS[token.text]:
                return (
                    f"This {token.text} closes nothing.",
                    f"Open it with {_PAIRS[token.text]} before, or remove it.",
                    token.start,
                )
            opened.pop()
        elif token.text in "\"'":
            return "This quotation mark opens a text that does not end.", "Close it on the same line.", token.start
    if opened:
        closing = {opening: close for close, opening in _PAIRS.items()}[opened[-1].text]
        return (
            f"This {opened[-1].text} is never closed.",
            f"Add {closing} after the part that belongs inside it.",
            opened[-1].start,
        )
    return None


def _unexpected(query: str, tokens: list[Token], position: int) -> tuple[str, str, int]:
    token = next((token for token in tokens if token.start + len(token.text) > position), None)
    if token is None and tokens and tokens[-1].text in _PAIRS:
        token = tokens[-1]
    if token is None:
        end = len(query.rstrip())
        return (
            "The query ends too early.",
            "Something is missing at its end, such as a pattern in { } after WHERE.",
            end,
        )
    hint = "The token before it may miss its partner: a triple is subject, predicate, object, then a full stop."
    for candidate in tokens:
        if candidate.kind == "word" and candidate.text.upper() not in KEYWORDS and candidate.start <= token.start:
            near = difflib.get_close_matches(candidate.text.upper(), KEYWORDS, 1, 0.75)
            if near:
                return f"{candidate.text} is not a word of SPARQL.", f"Did you mean {near[0]}?", candidate.start
    return f"{token.text[:40]} was not expected here.", hint, token.start
