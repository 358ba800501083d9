"""Describes imported graphs in ``graph/metadata``: a dataset beside that of vitk, with each graph as a part."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode, Quad

from kg.build.graphs.graph_writer import StagedGraph
from kg.rdf.vocabulary import DCTERMS_DESCRIPTION, DCTERMS_TITLE, OUTSIDE_PREFIXES, RDF_TYPE, Vocabulary

_TITLE = "Graphs that were imported on this server"
_DESCRIPTION = (
    "Statements that the operator of this server added from files. They are not a part of vitk, and nobody of vitk "
    "has checked them. They are named graphs of the endpoint, outside of its default graph."
)


def describe(imported: Sequence[StagedGraph], vocabulary: Vocabulary) -> list[Quad]:
    """Returns the description; nothing if there are no imported graphs."""
    graphs = [staged.graph for staged in imported]
    if not graphs:
        return []
    void = OUTSIDE_PREFIXES["void"]
    named = NamedNode(vocabulary.graph("metadata"))
    dataset = NamedNode(vocabulary.base + "dataset/imported-graphs")
    integer = NamedNode(OUTSIDE_PREFIXES["xsd"] + "integer")

    def quad(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(subject, NamedNode(predicate), value, named)

    def counts(subject: NamedNode, found: dict[str, int]) -> list[Quad]:
        return [quad(subject, void + name, Literal(str(count), datatype=integer)) for name, count in found.items()]

    quads = [
        quad(dataset, RDF_TYPE, NamedNode(void + "Dataset")),
        quad(dataset, DCTERMS_TITLE, Literal(_TITLE, language="en")),
        quad(dataset, DCTERMS_DESCRIPTION, Literal(_DESCRIPTION, language="en")),
        *counts(dataset, {"triples": sum(graph.triples for graph in graphs)}),
    ]
    for graph in graphs:
        subset = NamedNode(graph.iri)
        words = f"Imported from {', '.join(graph.files)} by the operator of this server."
        found = {"triples": graph.triples, "distinctSubjects": graph.subjects, "properties": graph.properties}
        quads += [
            quad(dataset, void + "subset", subset),
            quad(subset, RDF_TYPE, NamedNode(void + "Dataset")),
            quad(subset, DCTERMS_DESCRIPTION, Literal(words, language="en")),
            *counts(subset, found),
        ]
    return quads
