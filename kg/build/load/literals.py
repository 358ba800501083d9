"""Serialises cells and constants as literals of N-Triples; the library writes them, and refuses what it cannot read."""

from __future__ import annotations

import re
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from kg.build.load.csv_rows import RowError
from kg.rdf.literals import problem_of_decimal, problem_of_integer, problem_of_text
from kg.rdf.vocabulary import OUTSIDE_PREFIXES

# With an exponent, as spreadsheets write small numbers.
_NUMBER = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_WHOLE = re.compile(r"[0-9]+")
_XSD = OUTSIDE_PREFIXES["xsd"]
_DECIMAL, _INTEGER = NamedNode(_XSD + "decimal"), NamedNode(_XSD + "integer")
_COMMA = '; if the comma is its decimal sign, add decimalChar = "," to the mapping'
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ '’.,\u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]*)?")
_SEPARATED = "; write it without separators of thousands"
_WORDED = "; leave such a cell empty, or exclude what it says by when or unless"


def text(value: str, language: str) -> str:
    """Returns the text of cells as a literal, with a language tag unless that is "".

    Raises:
        RowError: not every format can contain the text.
    """
    if problem := problem_of_text(value):
        raise RowError(f"a cell {problem}")
    return str(Literal(value, language=language) if language else Literal(value))


def decimal(cell: str, sign: str = ".") -> str:
    """Returns an amount as a decimal; ``sign`` is the decimal sign.

    Raises:
        ValueError: it is not a number, is negative or cannot be computed with.
    """
    plain = cell if sign == "." else cell.replace(".", " ").replace(sign, ".")
    if not _NUMBER.fullmatch(plain):
        raise ValueError("not a number" + _hint(cell, sign))
    if plain.startswith("-"):
        raise ValueError("a negative amount")
    written = f"{Decimal(plain):f}" if "e" in plain.lower() else plain
    if problem := problem_of_decimal(written):
        raise ValueError(problem)
    return str(Literal(written, datatype=_DECIMAL))


def _hint(cell: str, sign: str) -> str:
    """What may help where a cell is not a number."""
    if "," in cell and sign == "." and _NUMBER.fullmatch(cell.replace(",", ".")):
        return _COMMA
    return _SEPARATED if _GROUPED.fullmatch(cell) else _WORDED


def whole_number(cell: str) -> str:
    """Returns a count as an integer.

    Raises:
        ValueError: it is not a whole number, is negative or cannot be computed with.
    """
    if not _WHOLE.fullmatch(cell):
        raise ValueError("not a whole number")
    if problem := problem_of_integer(cell):
        raise ValueError(problem)
    return str(Literal(cell, datatype=_INTEGER))


def constant(value: object, language: str) -> str:
    """Returns a constant of a mapping as a literal of its type; a text has a language tag unless that is ""."""
    if isinstance(value, bool):
        return str(Literal("true" if value else "false", datatype=NamedNode(_XSD + "boolean")))
    if isinstance(value, int):
        return str(Literal(str(value), datatype=_INTEGER))
    if isinstance(value, float):
        return str(Literal(f"{Decimal(str(value)):f}", datatype=_DECIMAL))
    return text(str(value), language)
