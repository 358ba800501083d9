"""Explanations for the parse errors that the engine names, and the position at which it stopped reading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from kg.sparql.keywords import AGGREGATES
from kg.sparql.syntax_errors import Mistake, is_word
from kg.sparql.tokens import Token

_EXPECTED = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_KEYWORD = re.compile(r"[A-Za-z_0-9]+")
_ESCAPES = r"Write \\ for a backslash; \t, \n, \r, \b, \f, \" and \' are the others."


def explain_message(query: str, tokens: list[Token], message: str) -> Mistake | None:
    """Explains an error that the engine's message identifies; ``None`` where the message only lists expected tokens."""
    finders: dict[str, Callable[[str, list[Token], int], Mistake | None]] = {
        "IRI parsing failed": _iri,
        "Duplicated variable name in SELECT": _named_twice,
        "SELECT * is not authorized with GROUP BY": _all_of_groups,
        "The SELECT contains a variable that is unbound": _ungrouped,
        "The SELECT overrides an existing variable": _overridden,
        "language tag parsing failed": _language,
        "expected ['t' | 'b'": _escape,
        "<unreported>": _blank_node,
    }
    return next(
        (find(query, tokens, position(query, message)) for words, find in finders.items() if words in message), None
    )


def position(query: str, message: str) -> int:
    """Returns the offset at which the engine stopped reading.

    The engine reports the position after the longest alternative that it tried there, so that length is subtracted.
    """
    match = _EXPECTED.search(message)
    if not match:
        return 0
    line, column = int(match.group(1)), int(match.group(2))
    starts = [0, *(m.end() for m in re.finditer("\n", query))]
    offset = starts[min(line, len(starts)) - 1] + column - 1
    lengths = [_length(expected) for expected in match.group(3).split(", ")]
    return min(max(0, offset - min(lengths)), len(query))


def _length(expected: str) -> int:
    if expected.strip() == "[_]":
        return 1
    return len(expected.strip()) if _KEYWORD.fullmatch(expected.strip()) else 0


def _first(tokens: list[Token], word: str) -> int:
    return next((token.start for token in tokens if is_word(token, word)), 0)


def _iri(query: str, _: list[Token], place: int) -> Mistake | None:
    start = query.rfind("<", 0, place)
    end = query.find(">", start)
    if start < 0 or end < 0:
        return None
    iri = query[start : end + 1]
    shown = iri if len(iri) <= 80 else iri[:77] + "…"
    if any(character.isspace() for character in iri):
        return f"The IRI {shown} contains a space.", "Write %20 for a space, or close the IRI before it.", start
    if ":" not in iri:
        hint = "Write it in full, use a prefix, or declare a base at the top: BASE <…>"
        return f"The IRI {shown} is relative.", hint, start
    return (
        f"{shown} is not an IRI.",
        'Check its characters: a space and any of <>"{}|\\^` must be written as %XX.',
        start,
    )


def _named_twice(_: str, tokens: list[Token], __: int) -> Mistake:
    hint = "Give each column a different name."
    for token, times in _projected(tokens):
        if times > 1:
            return f"SELECT names {token.text} twice.", hint, token.start
    return "SELECT names a variable twice.", hint, _first(tokens, "SELECT")


def _language(_: str, tokens: list[Token], place: int) -> Mistake:
    tag = next((token for token in tokens if token.start <= place <= token.start + len(token.text)), tokens[-1])
    return f"{tag.text} is not a language tag.", "Language tags look like @en or @en-GB.", tag.start


def _escape(query: str, _: list[Token], place: int) -> Mistake:
    return f"\\{query[place : place + 1]} is not a valid escape in a string.", _ESCAPES, max(0, place - 1)


def _projected(tokens: list[Token]) -> list[tuple[Token, int]]:
    """Returns the columns of the first SELECT, last one first, each with how often it is named."""
    depth, columns = 0, list[Token]()
    start = next((at for at, token in enumerate(tokens) if is_word(token, "SELECT")), len(tokens))
    for before, token in zip(tokens[start:], tokens[start + 1 :], strict=False):
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "{" or is_word(token, "WHERE", "FROM"):
            break
        if token.kind == "variable" and (not depth or is_word(before, "AS")):
            columns.append(token)
    times = Counter(token.text[1:] for token in columns)
    return [(token, times[token.text[1:]]) for token in reversed(columns)]


def _all_of_groups(_: str, tokens: list[Token], __: int) -> Mistake:
    """The engine reports the same error for GROUP BY and for an aggregate alone, since an aggregate groups too."""
    if any(is_word(token, "GROUP") for token in tokens):
        hint = "List the grouped variables and aggregate the others: (COUNT(?x) AS ?n)."
        return "SELECT * cannot be combined with GROUP BY.", hint, _first(tokens, "SELECT")
    aggregate = next((token for token in tokens if is_word(token, *AGGREGATES)), tokens[0])
    hint = f"Compute it in SELECT: ({aggregate.text}(…) AS ?n), or compare it in HAVING after GROUP BY."
    return f"The aggregate {aggregate.text} cannot be used here.", hint, aggregate.start


def _overridden(_: str, tokens: list[Token], __: int) -> Mistake:
    pattern = next((at for at, token in enumerate(tokens) if token.text == "{"), len(tokens))
    bound = {token.text[1:] for token in tokens[pattern:] if token.kind == "variable"}
    for before, token in pairwise(tokens[:pattern]):
        if is_word(before, "AS") and token.text[1:] in bound:
            hint = "Give the computed value another name."
            return f"{token.text} already has a value in the pattern.", hint, token.start
    return "SELECT computes a variable that already has a value.", "Give it another name.", _first(tokens, "SELECT")


def _ungrouped(_: str, tokens: list[Token], __: int) -> Mistake:
    hint = "Add it to GROUP BY, or aggregate it: (SAMPLE(?x) AS ?one), (COUNT(?x) AS ?n)."
    grouped = {
        token.text[1:]
        for at, token in enumerate(tokens)
        if token.kind == "variable" and any(is_word(before, "GROUP") for before in tokens[:at])
    }
    computed = {after.text[1:] for before, after in pairwise(tokens) if is_word(before, "AS")}
    if sum(is_word(token, "SELECT") for token in tokens) == 1:
        for token, _times in reversed(_projected(tokens)):
            if token.text[1:] not in grouped | computed:
                return f"{token.text} is neither in GROUP BY nor aggregated.", hint, token.start
    return "SELECT names a variable that is neither in GROUP BY nor aggregated.", hint, _first(tokens, "SELECT")


def _blank_node(_: str, tokens: list[Token], __: int) -> Mistake | None:
    labels = [token for token in tokens if token.text.startswith("_:")]
    for at, token in enumerate(labels):
        if any(token.text == other.text for other in labels[:at]):
            hint = "Use a variable instead: a blank node label is valid within one { } only."
            return f"{token.text} is used in two groups.", hint, token.start
    return None
