"""Terms of the ontology: classes, properties and the few named values."""

from __future__ import annotations

from kg.rdf.vocabulary import SKOS_DEFINITION
from server.pages.entity.context import PageContext, TemplateContext

COVERED = (SKOS_DEFINITION, "http://www.w3.org/2000/01/rdf-schema#isDefinedBy")


def term(context: PageContext) -> TemplateContext:
    """Its definition."""
    return {"definitions": context.entity.texts(SKOS_DEFINITION)}
