"""Studies."""

from __future__ import annotations

from kg.claims import evidence
from kg.rdf.vocabulary import BIBO_DOI, BIBO_PMID, DCTERMS_CITATION, DCTERMS_TITLE
from server.pages.entity.context import PageContext, TemplateContext

COVERED = ("design", "study", "hasResult", BIBO_DOI, BIBO_PMID, DCTERMS_CITATION, DCTERMS_TITLE)


def study(context: PageContext) -> TemplateContext:
    """What it found, and the statements on which it bears."""
    entity = context.entity
    return {
        "results": evidence.results_of_study(context.reader, context.iri),
        "lines": evidence.lines_of_study(context.reader, context.iri),
        "titles": entity.texts(DCTERMS_TITLE),
        "citations": entity.texts(DCTERMS_CITATION),
        "dois": entity.texts(BIBO_DOI),
        "pmids": entity.texts(BIBO_PMID),
    }
