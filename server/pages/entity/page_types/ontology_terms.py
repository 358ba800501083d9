"""Terms of the ontology: classes, properties and the few named values."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rdf.vocabulary import SKOS_DEFINITION
from server.pages.entity.page_types.context import PageContext, TypeContext

COVERED = (SKOS_DEFINITION, "http://www.w3.org/2000/01/rdf-schema#isDefinedBy")


@dataclass(frozen=True, kw_only=True)
class TermContext(TypeContext):
    """The definition of a term."""

    definitions: tuple[str, ...]


def term(context: PageContext) -> TermContext:
    """Its definition."""
    return TermContext(definitions=context.entity.definitions)
