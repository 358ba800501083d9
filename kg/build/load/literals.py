"""Serialises cells and constants of mappings as literals of N-Triples."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode

from kg.rdf.vocabulary import OUTSIDE_PREFIXES

_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_WHOLE = re.compile(r"[0-9]+")
_XSD = OUTSIDE_PREFIXES["xsd"]
_DECIMAL, _INTEGER = NamedNode(_XSD + "decimal"), NamedNode(_XSD + "integer")


def text(content: str, language: str) -> str:
    """Returns a text, with a language if there is one."""
    return str(Literal(content, language=language) if language else Literal(content))


def decimal(cell: str) -> str:
    """Returns an amount.

    Raises:
        ValueError: the cell is not a number, or a negative one.
    """
    if not _NUMBER.fullmatch(cell):
        raise ValueError("not a number")
    if cell.startswith("-"):
        raise ValueError("a negative amount")
    return str(Literal(cell, datatype=_DECIMAL))


def whole_number(cell: str) -> str:
    """Returns a whole number.

    Raises:
        ValueError: the cell is not one.
    """
    if not _WHOLE.fullmatch(cell):
        raise ValueError("not a whole number")
    return str(Literal(cell, datatype=_INTEGER))


def constant(value: object, language: str) -> str:
    """Returns a value that a mapping states: a truth value, a number or a text."""
    if isinstance(value, bool):
        return str(Literal("true" if value else "false", datatype=NamedNode(_XSD + "boolean")))
    if isinstance(value, int):
        return str(Literal(str(value), datatype=_INTEGER))
    if isinstance(value, float):
        return str(Literal(str(value), datatype=_DECIMAL))
    return text(str(value), language)
