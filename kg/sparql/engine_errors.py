"""Mistakes that the engine names itself, and the place at which it stopped reading."""

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


def explain_message(query: str, tokens: list[Token], said: str) -> Mistake | None:
    """What the engine's own words say of the query, where they say more than what it expected."""
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
    return next((find(query, tokens, position(query, said)) for words, find in finders.items() if words in said), None)


def position(query: str, said: str) -> int:
    """Where the engine stopped: it tells the place after the longest thing that it looked for there."""
    match = _EXPECTED.search(said)
    if not match:
        return 0
    line, column = int(match.group(1)), int(match.group(2))
    starts = [0, *(m.end() for m in re.finditer("\n", query))]
    offset = starts[min(line, len(starts)) - 1] + column - 1
    lengths = [_length(entity_iri) for entity_iri in match.group(3).split(", ")]
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
        return f"The IRI {shown} has a space in it.", "Write %20 for a space, or close the IRI before it.", start
    if ":" not in iri:
        hint = "Write it in full, use a prefix, or say at the top what it belongs to: BASE <…>"
        return f"The IRI {shown} is relative.", hint, start
    return f"{shown} is no IRI.", 'Look at its signs: a space and any of <>"{}|\\^` must be written as %XX.', start


def _named_twice(_: str, tokens: list[Token], __: int) -> Mistake:
    hint = "Give each column a name of its own."
    for token, times in _projected(tokens):
        if times > 1:
            return f"SELECT names {token.text} twice.", hint, token.start
    return "SELECT names a variable twice.", hint, _first(tokens, "SELECT")


def _language(_: str, tokens: list[Token], place: int) -> Mistake:
    tag = next((token for token in tokens if token.start <= place <= token.start + len(token.text)), tokens[-1])
    return f"{tag.text} is no language tag.", "Write one such as @en or @en-GB.", tag.start


def _escape(query: str, _: list[Token], place: int) -> Mistake:
    return f"\\{query[place : place + 1]} is no escape in a text.", _ESCAPES, max(0, place - 1)


def _projected(tokens: list[Token]) -> list[tuple[Token, int]]:
    """The variables that the first SELECT names as columns, each with how often it does."""
    depth, found = 0, list[Token]()
    start = next((at for at, token in enumerate(tokens) if is_word(token, "SELECT")), len(tokens))
    for before, token in zip(tokens[start:], tokens[start + 1 :], strict=False):
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "{" or is_word(token, "WHERE", "FROM"):
            break
        if token.kind == "variable" and (not depth or is_word(before, "AS")):
            found.append(token)
    times = Counter(token.text[1:] for token in found)
    return [(token, times[token.text[1:]]) for token in reversed(found)]


def _all_of_groups(_: str, tokens: list[Token], __: int) -> Mistake:
    """An aggregate makes groups too, GROUP BY or not."""
    if any(is_word(token, "GROUP") for token in tokens):
        hint = "Name the variables that are grouped by, and compute others: (COUNT(?x) AS ?n)."
        return "SELECT * can't stand beside GROUP BY.", hint, _first(tokens, "SELECT")
    found = next((token for token in tokens if is_word(token, *AGGREGATES)), tokens[0])
    hint = f"Compute it in SELECT: ({found.text}(…) AS ?n), or compare it in HAVING after GROUP BY."
    return f"{found.text} counts over groups, and can't stand here.", hint, found.start


def _overridden(_: str, tokens: list[Token], __: int) -> Mistake:
    pattern = next((at for at, token in enumerate(tokens) if token.text == "{"), len(tokens))
    given = {token.text[1:] for token in tokens[pattern:] if token.kind == "variable"}
    for before, token in pairwise(tokens[:pattern]):
        if is_word(before, "AS") and token.text[1:] in given:
            hint = "Give what is computed another name."
            return f"{token.text} has a value in the pattern already.", hint, token.start
    return "SELECT computes a variable that has a value already.", "Give it another name.", _first(tokens, "SELECT")


def _ungrouped(_: str, tokens: list[Token], __: int) -> Mistake:
    hint = "Add it after GROUP BY, or compute it: (SAMPLE(?x) AS ?one), (COUNT(?x) AS ?n)."
    grouped = {
        token.text[1:]
        for at, token in enumerate(tokens)
        if token.kind == "variable" and any(is_word(before, "GROUP") for before in tokens[:at])
    }
    computed = {after.text[1:] for before, after in pairwise(tokens) if is_word(before, "AS")}
    if sum(is_word(token, "SELECT") for token in tokens) == 1:
        for token, _times in reversed(_projected(tokens)):
            if token.text[1:] not in grouped | computed:
                return f"{token.text} is neither grouped by nor computed.", hint, token.start
    return "SELECT names a variable that is neither grouped by nor computed.", hint, _first(tokens, "SELECT")


def _blank_node(_: str, tokens: list[Token], __: int) -> Mistake | None:
    labels = [token for token in tokens if token.text.startswith("_:")]
    for at, token in enumerate(labels):
        if any(token.text == other.text for other in labels[:at]):
            hint = "Write a variable in its place: a blank node belongs to the { } in which it stands."
            return f"{token.text} stands in two groups.", hint, token.start
    return None
