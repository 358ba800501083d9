"""What the engine can compute with: numbers outside its range are stored, but every comparison with them fails."""

from __future__ import annotations

import re
from decimal import Context, Decimal, InvalidOperation

from pyoxigraph import Literal

# The engine keeps a decimal as a whole number of 10⁻¹⁸, in 128 bits, and an integer in 64.
_PLACES = 18
_LARGEST_SCALED = 1 << 127
_LARGEST_INTEGER = 1 << 63
_MAX_LENGTH = 200
# Characters outside of XML 1.0, section 2.2; RDF/XML and SPARQL results in XML have no escapes for them.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_EXACT = Context(prec=2 * _MAX_LENGTH)


def problem_of_decimal(text: str) -> str:
    """Returns why a number in decimal notation cannot be computed with, or ""."""
    if len(text) > _MAX_LENGTH:
        return f"longer than {_MAX_LENGTH} characters"
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "not a number"
    if not number.is_finite():
        return "not a number that can be computed with"
    scaled = _EXACT.scaleb(number, _PLACES)
    if not -_LARGEST_SCALED <= scaled < _LARGEST_SCALED:
        return "too large to compute with"
    if scaled != scaled.to_integral_value(context=_EXACT):
        return f"more than {_PLACES} decimal places, too many to compute with; round it"
    return ""


def problem_of_integer(text: str) -> str:
    """Returns why a whole number cannot be computed with, or ""."""
    if len(text) > _MAX_LENGTH or not -_LARGEST_INTEGER <= int(text) < _LARGEST_INTEGER:
        return "too large to compute with"
    return ""


def problem_of_text(text: str) -> str:
    """Returns why a text cannot be written in every format, or ""."""
    found = _NOT_IN_XML.search(text)
    return f"has a character that XML cannot contain (U+{ord(found.group()):04X})" if found else ""


def problem_of_language(tag: str) -> str:
    """Returns why a text is not a language tag (BCP 47), or ""."""
    try:
        Literal("", language=tag)
    except ValueError as error:
        hint = f"; did you mean {tag.replace('_', '-')}?" if "_" in tag else ""
        return f"{tag!r} is not a language tag such as en or de-CH{hint or f': {error}'}"
    return ""
