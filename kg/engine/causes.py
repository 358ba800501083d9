"""Mistakes that the engine names itself, and the place at which it stopped reading."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from kg.engine.mistakes import Mistake, is_word
from kg.engine.tokens import Token

_EXPECTED = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_KEYWORD = re.compile(r"[A-Za-z_0-9]+")
_ESCAPES = r"Write \\ for a backslash; \t, \n, \r, \b, \f, \" and \' are the others."


def named(query: str, tokens: list[Token], said: str) -> Mistake | None:
    """What the engine's own words say of the query, where they say more than what it expected."""
    place = position(query, said)
    if "IRI parsing failed" in said:
        return _iri(query, place)
    if "Duplicated variable name in SELECT" in said:
        for token, times in _projected(tokens):
            if times > 1:
                return f"SELECT names {token.text} twice.", "Give each column a name of its own.", token.start
        return "SELECT names a variable twice.", "Give each column a name of its own.", _first(tokens, "SELECT")
    if "SELECT * is not authorized with GROUP BY" in said:
        hint = "Name the variables that are grouped by, and compute others: (COUNT(?x) AS ?n)."
        return "SELECT * can't stand beside GROUP BY.", hint, _first(tokens, "SELECT")
    if "The SELECT contains a variable that is unbound" in said:
        return _ungrouped(tokens)
    if "expected ['t' | 'b'" in said:
        return f"\\{query[place : place + 1]} is no escape in a text.", _ESCAPES, max(0, place - 1)
    if "<unreported>" in said:
        return _blank_node(tokens)
    return None


def position(query: str, said: str) -> int:
    """Where the engine stopped: it tells the place after the longest thing that it looked for there."""
    match = _EXPECTED.search(said)
    if not match:
        return 0
    line, column = int(match.group(1)), int(match.group(2))
    starts = [0, *(m.end() for m in re.finditer("\n", query))]
    told = starts[min(line, len(starts)) - 1] + column - 1
    lengths = [_length(thing) for thing in match.group(3).split(", ")]
    return min(max(0, told - min(lengths)), len(query))


def _length(expected: str) -> int:
    if expected.strip() == "[_]":
        return 1
    return len(expected.strip()) if _KEYWORD.fullmatch(expected.strip()) else 0


def _first(tokens: list[Token], word: str) -> int:
    return next((token.start for token in tokens if is_word(token, word)), 0)


def _iri(query: str, place: int) -> Mistake | None:
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


def _ungrouped(tokens: list[Token]) -> Mistake:
    hint = "Add it after GROUP BY, or compute it: (SAMPLE(?x) AS ?one), (COUNT(?x) AS ?n)."
    grouped = {
        token.text[1:]
        for at, token in enumerate(tokens)
        if token.kind == "variable" and any(is_word(before, "GROUP") for before in tokens[:at])
    }
    computed = {after.text[1:] for before, after in pairwise(tokens) if is_word(before, "AS")}
    if sum(is_word(token, "SELECT") for token in tokens) == 1:
        for token, _ in reversed(_projected(tokens)):
            if token.text[1:] not in grouped | computed:
                return f"{token.text} is neither grouped by nor computed.", hint, token.start
    return "SELECT names a variable that is neither grouped by nor computed.", hint, _first(tokens, "SELECT")


def _blank_node(tokens: list[Token]) -> Mistake | None:
    labels = [token for token in tokens if token.text.startswith("_:")]
    for at, token in enumerate(labels):
        if any(token.text == other.text for other in labels[:at]):
            hint = "Write a variable in its place: a blank node belongs to the { } in which it stands."
            return f"{token.text} stands in two groups.", hint, token.start
    return None
