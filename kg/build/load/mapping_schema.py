"""The keys of a mapping file, and the type of the value of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kg.rdf.iri import is_iri
from kg.rdf.literals import problem_of_decimal, problem_of_integer, problem_of_language, problem_of_text
from kg.rdf.vocabulary import Vocabulary

_PREFIXES = Vocabulary("https://example.org/").prefixes
_COLUMN = re.compile(r"\{[^{}]*\}")


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


_KINDS: dict[str, Callable[[Any], bool]] = {
    "a string": lambda value: isinstance(value, str),
    "a comma, semicolon, tab or bar": lambda value: value in (",", ";", "\t", "|"),
    "a point or comma": lambda value: value in (".", ","),
    "a list of strings": lambda value: bool(value) and _texts(value),
    "a string or a list of strings": lambda value: isinstance(value, str) or _texts(value),
    "a whole number": lambda value: type(value) is int,
    "true or false": lambda value: isinstance(value, bool),
    "a string, a number, true or false": lambda value: isinstance(value, str | int | float),
    "a table": lambda value: isinstance(value, dict),
    "a table of strings": lambda value: isinstance(value, dict) and _texts([*value.values()]),
    "a table of columns with their values": lambda value: (
        isinstance(value, dict) and all(isinstance(each, str) or _texts(each) for each in value.values())
    ),
    "a list of tables, each under its own [[…]]": lambda value: (
        isinstance(value, list) and all(isinstance(each, dict) for each in value)
    ),
}
_CONDITIONS = dict.fromkeys(("when", "unless", "having"), "a table of columns with their values")
_LISTS = dict.fromkeys(("entities", "tables"), "a list of tables, each under its own [[…]]")
_WORDS = {
    "name": "a string", "title": "a string", "codes": "a table", "file": "a string", "by": "a string",
    "about": "a string", "rows": "a whole number", "types": "a list of strings", "of": "a table of strings",
    "once": "true or false", "properties": "a table", "text": "a string", "number": "a string", "integer": "a string",
    "entity": "a string", "code": "a string", "join": "a list of strings",
    "always": "a string, a number, true or false", "language": "a string", "separator": "a string", "split": "a string",
    "otherwise": "a string", "required": "true or false", "in": "a string or a list of strings", "or": "a table",
    "key": "a list of strings", "value": "a string", "delimiter": "a comma, semicolon, tab or bar",
    "decimalChar": "a point or comma",
} | _CONDITIONS | _LISTS  # fmt: skip


def problem_of(content: dict[str, Any], known: set[str]) -> str | None:
    """Returns the problem of a part of a mapping (an unknown key, or a value of the wrong type), or ``None``."""
    for word, value in content.items():
        if word not in known:
            return f"has an unknown key {word!r}; known keys: {', '.join(sorted(known))}"
        if not _KINDS[_WORDS[word]](value):
            return f"has {word} = {value!r}, which must be {_WORDS[word]}"
        if isinstance(value, str) and (problem := problem_of_text(value)):
            return f"has {word} = {value!r}, which {problem}"
    return None


def problem_of_name(curie: str) -> str | None:
    """Returns the problem of a CURIE or an IRI template with columns in braces, or ``None``."""
    prefix, colon, local = _COLUMN.sub("x", curie).partition(":")
    start = _PREFIXES.get(prefix, "")
    if not colon or not (start or prefix in ("http", "https", "urn")):
        return f"{curie!r} does not start with a known prefix; known prefixes: {', '.join(sorted(_PREFIXES))}"
    if not is_iri(start + local if start else f"{prefix}:{local}"):
        return f"{curie!r} does not form a valid IRI"
    return None


def problem_of_value(content: dict[str, Any]) -> str:
    """Returns the problem of the language tag, the codes or the constant of a value, or ""."""
    if problem := problem_of_language(content.get("language") or "en"):
        return problem
    if "code" in content and not content.get("in"):
        return "a code needs the codes that translate it: in = …"
    if isinstance(content.get("always"), str):
        return problem_of_text(content["always"])
    constant = content.get("always")
    if isinstance(constant, bool) or not isinstance(constant, int | float):
        return ""
    problem = problem_of_integer(str(constant)) if isinstance(constant, int) else problem_of_decimal(str(constant))
    problem = problem or ("a negative amount" if constant < 0 else "")
    return f"always = '{constant}' is {problem}" if problem else ""


def condition_of(content: dict[str, str | list[str]]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Returns columns with their allowed values; ``"*"`` stands for any value that is not empty."""
    return tuple(
        (column, frozenset([values] if isinstance(values, str) else values)) for column, values in content.items()
    )
