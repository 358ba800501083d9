"""The words that a mapping file may hold, and of which kind what follows each of them is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kg.rdf.iri import is_iri
from kg.rdf.vocabulary import Vocabulary

_PREFIXES = Vocabulary("https://example.org/").prefixes
_COLUMN = re.compile(r"\{[^{}]*\}")


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


_KINDS: dict[str, Callable[[Any], bool]] = {
    "a text": lambda value: isinstance(value, str),
    "a list of texts": lambda value: bool(value) and _texts(value),
    "a text or a list of texts": lambda value: isinstance(value, str) or _texts(value),
    "a whole number": lambda value: type(value) is int,
    "true or false": lambda value: isinstance(value, bool),
    "a text, a number, true or false": lambda value: isinstance(value, str | int | float),
    "a table": lambda value: isinstance(value, dict),
    "a table of texts": lambda value: isinstance(value, dict) and _texts([*value.values()]),
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
    "name": "a text", "title": "a text", "codes": "a table", "file": "a text", "by": "a text", "about": "a text",
    "rows": "a whole number", "types": "a list of texts", "of": "a table of texts", "once": "true or false",
    "properties": "a table", "text": "a text", "number": "a text", "integer": "a text", "entity": "a text",
    "code": "a text", "join": "a list of texts", "always": "a text, a number, true or false", "language": "a text",
    "separator": "a text", "otherwise": "a text", "required": "true or false", "in": "a text or a list of texts",
    "or": "a table", "key": "a list of texts", "value": "a text",
} | _CONDITIONS | _LISTS  # fmt: skip


def problem_of(content: dict[str, Any], known: set[str]) -> str | None:
    """What is wrong with a part of a mapping: a word that is not known there, or a value of another kind."""
    for word, value in content.items():
        if word not in known:
            return f"has an unknown key {word!r}; known are {', '.join(sorted(known))}"
        if not _KINDS[_WORDS[word]](value):
            return f"has {word} = {value!r}, which must be {_WORDS[word]}"
    return None


def problem_of_name(curie: str) -> str | None:
    """What is wrong with a CURIE or an IRI, in which columns may stand in braces."""
    prefix, colon, local = _COLUMN.sub("x", curie).partition(":")
    start = _PREFIXES.get(prefix, "")
    if not colon or not (start or prefix in ("http", "https", "urn")):
        return f"{curie!r} does not start with a known prefix; known are {', '.join(sorted(_PREFIXES))}"
    if not is_iri(start + local if start else f"{prefix}:{local}"):
        return f"{curie!r} can't stand in an IRI"
    return None
