"""How literals are written in JSON, for the API and for agents alike."""

from __future__ import annotations


def literal(text: str, datatype: str) -> str | int | float | bool:
    """The value of a literal: numbers and truth values as JSON has them, everything else as text.

    Args:
        text: the lexical form.
        datatype: the IRI of its datatype.

    Returns:
        A decimal is a number where a float keeps all its digits, else text.
    """
    name = datatype.rpartition("#")[2]
    if name == "integer":
        return int(text)
    if name == "boolean":
        return text == "true"
    if name == "decimal" and str(float(text)) in (text, text + ".0"):
        return float(text)
    return text
