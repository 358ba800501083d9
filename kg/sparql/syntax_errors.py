"""Finds common mistakes from the tokens of a query; each finder returns the problem, a suggestion and a position."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from kg.sparql.keywords import AGGREGATES, ALL, FOREIGN_KEYWORDS, FORMS, FUNCTIONS, KEYWORDS, UPDATES
from kg.sparql.tokens import Token

# The problem, a suggestion (may be empty), and the offset in the query.
Mistake = tuple[str, str, int]
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_OPENING = {close: opening for opening, close in _CLOSING.items()}
# The engine keeps these integers in 64 bits.
_MOST = (1 << 64) - 1
_LONG = 100
_SCHEMES = ("http", "https", "urn", "mailto")
_ASK = "Start the query with SELECT, ASK, CONSTRUCT or DESCRIBE."


def is_word(token: Token | None, *words: str) -> bool:
    """Returns whether the token is one of these keywords, in any case."""
    return token is not None and token.kind == "word" and token.text.upper() in words


def find_mistake(tokens: list[Token], prefixes: Mapping[str, str]) -> Mistake | None:
    """Returns the first mistake that a finder reports."""
    finders: tuple[Callable[[list[Token]], Mistake | None], ...] = (
        update, _beginning, _declaration, lambda tokens: _prefix(tokens, prefixes), _unbalanced, _projection,
        _unknown_word, _sign, _clause, _row, _bound_twice,
    )  # fmt: skip
    return next((mistake for finder in finders if (mistake := finder(tokens))), None)


def update(tokens: list[Token]) -> Mistake | None:
    """Finds an update, alone or after a query and a semicolon."""
    starts = [*_first_word(tokens), *(after for before, after in pairwise(tokens) if before.text == ";")]
    for token in starts:
        if is_word(token, *UPDATES):
            return f"{token.text.upper()} starts an update; this endpoint only reads.", _ASK, token.start
    return None


def _first_word(tokens: list[Token]) -> Iterator[Token]:
    """Yields the first token after the PREFIX, BASE and VERSION declarations."""
    at = 0
    while at < len(tokens) and is_word(tokens[at], "PREFIX", "BASE", "VERSION"):
        at += 3 if is_word(tokens[at], "PREFIX") else 2
    yield from tokens[at : at + 1]


def _beginning(tokens: list[Token]) -> Mistake | None:
    if not tokens:
        return "There is no query, only comments.", _ASK, 0
    first = tokens[0]
    if first.text.lower() in ("@prefix", "@base"):
        return f"{first.text} is Turtle.", f"Write {first.text[1:].upper()} without @, and no full stop after it.", 0
    if is_word(first, *FORMS, "PREFIX", "BASE", "VERSION") or _nearest(first.text, (*FORMS, "PREFIX", "BASE")):
        return None
    return "A query cannot start like this.", "It starts with PREFIX, SELECT, ASK, CONSTRUCT or DESCRIBE.", first.start


def _declaration(tokens: list[Token]) -> Mistake | None:
    for at, token in enumerate(tokens):
        name, iri = (*tokens[at + 1 : at + 3], None, None)[:2]
        if not is_word(token, "PREFIX") or name is None:
            continue
        if name.kind == "word" and iri is not None and iri.kind == "iri":
            return f"The prefix {name.text} has no colon.", f"Write PREFIX {name.text}: {iri.text}", name.start
        if name.kind == "name" and iri is not None and iri.kind in ("name", "word"):
            return "The IRI of a prefix must be enclosed in < >.", f"Write PREFIX {name.text} <…>", iri.start
    return None


def _prefix(tokens: list[Token], prefixes: Mapping[str, str]) -> Mistake | None:
    declared = {after.text.partition(":")[0] for before, after in pairwise(tokens) if is_word(before, "PREFIX")}
    for token in tokens:
        prefix = token.text.partition(":")[0]
        if token.kind != "name" or token.text.startswith("_:") or prefix in declared:
            continue
        if prefix in _SCHEMES:
            return "An IRI must be enclosed in < >.", f"Write <{prefix}:…>", token.start
        if prefix in prefixes:
            hint = f"Add this line at the top: PREFIX {prefix}: <{prefixes[prefix]}>"
        else:
            near = difflib.get_close_matches(prefix, [*declared, *prefixes], 1)
            hint = f"Did you mean {near[0]}:?" if near else "Declare it with PREFIX at the top of the query."
        return f"The prefix {prefix}: is not declared.", hint, token.start
    return None


def _unbalanced(tokens: list[Token]) -> Mistake | None:
    opened: list[Token] = []
    for before, token in pairwise([None, *tokens]):
        assert token is not None
        if token.kind != "other":
            continue
        if token.text in _CLOSING:
            opened.append(token)
        elif token.text in _OPENING:
            if not opened or opened[-1].text != _OPENING[token.text]:
                hint = f"Add {_OPENING[token.text]} before it, or remove it."
                return f"This {token.text} closes nothing.", hint, token.start
            opened.pop()
        elif token.text in "\"'":
            # An empty string followed by a third quotation mark is the start of an unterminated long string.
            if before is not None and before.text == 2 * token.text and before.start + 2 == token.start:
                marks = 3 * token.text
                return f"{marks} opens a string that is never closed.", f"Close it with {marks}", before.start
            return "This quotation mark opens a string that is never closed.", "Close it on the same line.", token.start
    if opened:
        closing = _CLOSING[opened[-1].text]
        hint = f"Add {closing} where it should end."
        return f"This {opened[-1].text} is never closed.", hint, opened[-1].start
    return None


def _projection(tokens: list[Token]) -> Mistake | None:
    """Finds mistakes between SELECT and the pattern, outside brackets."""
    for at, token in enumerate(tokens):
        if not is_word(token, "SELECT"):
            continue
        depth = 0
        for each, following in pairwise([*tokens[at + 1 :], Token("end", "", 0)]):
            depth += (each.text == "(") - (each.text == ")")
            if each.text == "{" or is_word(each, "WHERE", "FROM"):
                break
            if depth:
                if each.text == ")" and following.kind == "variable":
                    hint = f"Write AS between: … AS {following.text})."
                    return f"AS is missing before {following.text}.", hint, following.start
                continue
            if each.text == ",":
                return "Variables are not separated by commas.", "Write a space between them.", each.start
            if is_word(each, *AGGREGATES) and following.text == "(":
                hint = f"Write ({each.text}(…) AS ?name)."
                return f"{each.text} needs brackets around it and a name.", hint, each.start
            if each.kind == "word" and each.text.upper() not in (*ALL, *FOREIGN_KEYWORDS) and following.text != "(":
                return f"{each.text} is not a variable.", f"Write ?{each.text}.", each.start
    return None


def _unknown_word(tokens: list[Token]) -> Mistake | None:
    """Finds words that SPARQL does not define; outside strings, IRIs and names such a word is always a mistake."""
    for token, following in pairwise([*tokens, Token("end", "", 0)]):
        if token.kind != "word" or token.text.upper() in ALL:
            continue
        if hint := FOREIGN_KEYWORDS.get(token.text.upper()):
            return f"{token.text} is not a SPARQL keyword.", hint, token.start
        if following.text == "(" and (near := _nearest(token.text, FUNCTIONS)):
            return f"There is no function {token.text}.", f"Did you mean {near}?", token.start
        near = _nearest(token.text, KEYWORDS) or _nearest(token.text, FUNCTIONS)
        hint = (
            f"Did you mean {near}?"
            if near
            else "Variables start with ?, names have a prefix, strings are in quotation marks."
        )
        return f"{token.text} is not a SPARQL keyword.", hint, token.start
    return None


def _sign(tokens: list[Token]) -> Mistake | None:
    has_base = any(is_word(token, "BASE") for token in tokens)
    for token, following in pairwise(tokens):
        if token.text == "<>" and not has_base:
            return "<> is not a SPARQL operator.", "Write != for not equal.", token.start
        if token.text == following.text == "=" and following.start == token.start + 1:
            return "== is not a SPARQL operator.", "Equality is written with one =", token.start
        if token.text == following.text == ".":
            return "There are two full stops in a row.", "Remove one.", following.start
    return None


def _row(tokens: list[Token]) -> Mistake | None:
    """Finds a row of VALUES whose number of values differs from the number of variables."""
    for at, token in enumerate(tokens):
        if not is_word(token, "VALUES") or [each.text for each in tokens[at + 1 : at + 2]] != ["("]:
            continue
        variables = 0
        row: Token | None = None
        values = 0
        for before, each in pairwise(tokens[at + 1 :]):
            if each.text == "}" or "<<" in each.text:
                break
            if each.text == "(":
                row, values = each, 0
            elif each.text == ")" and row is not None and values != variables:
                hint = "Write UNDEF where a value is missing."
                return f"This row has {values} values for {variables} variables.", hint, row.start
            elif row is None:
                variables += each.kind == "variable"
            elif each.kind not in ("other", "language") and before.text != "^":
                values += 1
    return None


def _bound_twice(tokens: list[Token]) -> Mistake | None:
    """Finds a BIND to a variable that already has a value in the same { } (SPARQL 1.1, section 18.2.1)."""
    groups: list[set[str]] = [set()]
    depth = 0
    for before, token in pairwise([Token("start", "", 0), *tokens]):
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "{":
            groups.append(set())
        elif token.text == "}" and len(groups) > 1:
            groups.pop()
        elif token.kind == "variable" and (not depth or is_word(before, "AS")):
            if is_word(before, "AS") and len(groups) > 1 and token.text[1:] in groups[-1]:
                return f"{token.text} already has a value.", "Give the computed value another name.", token.start
            groups[-1].add(token.text[1:])
    return None


def _clause(tokens: list[Token]) -> Mistake | None:
    """Finds a keyword that lacks its required continuation."""
    for token, following in pairwise([*tokens, Token("end", "", 0)]):
        place = following.start if following.kind != "end" else token.start
        keyword = token.text.upper()
        if is_word(token, "LIMIT", "OFFSET") and not following.text.isdecimal():
            return f"{keyword} takes an integer.", f"Write {keyword} 10, for instance.", place
        if is_word(token, "LIMIT", "OFFSET") and int(following.text[:_LONG]) > _MOST:
            return f"{keyword} takes an integer up to {_MOST}.", f"Write {keyword} 10, for instance.", place
        if is_word(token, "ORDER", "GROUP") and not is_word(following, "BY"):
            return f"{keyword} must be followed by BY.", f"Write {keyword} BY and an expression.", place
        if is_word(token, "FILTER") and following.kind in ("variable", "string", "number"):
            return "The condition of FILTER must be in brackets.", "Write FILTER(…).", place
        if is_word(token, "WHERE") and following.text != "{":
            return "The pattern after WHERE must be in { }.", "Write WHERE { … }.", place
        if is_word(token, "BIND") and following.text != "(":
            return "The expression of BIND must be in brackets.", "Write BIND(… AS ?name).", place
    return None


def _nearest(text: str, words: tuple[str, ...]) -> str:
    return next(iter(difflib.get_close_matches(text.upper(), words, 1, 0.75)), "")
