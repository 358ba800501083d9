"""How values of the graph are written in JSON, for the API, diets and agents alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.reader.entity import Reference

if TYPE_CHECKING:
    # At run time it would bring Flask along, which agents do without.
    from server.core.urls import Urls


def reference(named: Reference, urls: Urls) -> dict[str, str]:
    """An IRI with its label and its address here."""
    return {"iri": named.iri, "label": named.label, "url": urls.of(named.iri)}


def optional_reference(named: Reference | None, urls: Urls) -> dict[str, str] | None:
    """As ``reference``; ``None`` where there is none."""
    return reference(named, urls) if named else None


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
