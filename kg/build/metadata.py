"""Describes a release: counts for the report and the dataset's own triples in ``graph/metadata``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store

from kg.catalogue import Catalogue, Value
from kg.vocabulary import OUTSIDE_PREFIXES, Vocabulary

_XSD_INTEGER = NamedNode(OUTSIDE_PREFIXES["xsd"] + "integer")


@dataclass(frozen=True)
class Count:
    """How many there are of something: its IRI, what it is called, the number."""

    iri: str
    label: str
    count: int


@dataclass(frozen=True)
class Report:
    """What is in a release; ``graph/metadata`` is left out of all counts."""

    triples: int
    graphs: list[Count]
    things: list[Count]
    claims: list[Count]

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def describe(store: Store, catalogue: Catalogue, release_id: str) -> Report:
    """Counts what is in the store and adds the dataset's description to ``graph/metadata``."""
    report = Report(
        triples=len(store),
        graphs=_counts(store, catalogue, "pages/counts-by-graph", {}),
        things=_counts(store, catalogue, "pages/counts-by-kind", {"inferred": catalogue.vocabulary.graph("inferred")}),
        claims=_counts(store, catalogue, "pages/counts-by-section", {}),
    )
    store.extend(_dataset(report, catalogue.vocabulary, release_id))
    return report


def _counts(store: Store, catalogue: Catalogue, query: str, parameters: Mapping[str, Value]) -> list[Count]:
    solutions = store.query(catalogue[query].fill(parameters), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    counts = []
    for row in solutions:
        thing, label, count = row["thing"], row["label"], row["count"]
        assert isinstance(thing, NamedNode) and isinstance(count, Literal)
        name = label.value if isinstance(label, Literal) else catalogue.vocabulary.shorten(thing.value)
        counts.append(Count(thing.value, name, int(count.value)))
    return counts


def _dataset(report: Report, vocabulary: Vocabulary, release_id: str) -> list[Quad]:
    graph = NamedNode(vocabulary.graph("metadata"))
    dataset = NamedNode(vocabulary.base + "dataset")
    quads: list[Quad] = []

    def add(subject: NamedNode | BlankNode, curie: str, value: NamedNode | BlankNode | Literal) -> None:
        prefix, _, local = curie.partition(":")
        quads.append(Quad(subject, NamedNode(OUTSIDE_PREFIXES[prefix] + local), value, graph))

    def number(value: int) -> Literal:
        return Literal(str(value), datatype=_XSD_INTEGER)

    for kind in ("void:Dataset", "dcat:Dataset"):
        prefix, _, local = kind.partition(":")
        add(dataset, "rdf:type", NamedNode(OUTSIDE_PREFIXES[prefix] + local))
    add(dataset, "rdfs:label", Literal("vitk, the vitamin K knowledge graph", language="en"))
    add(dataset, "dcterms:title", Literal("vitk, the vitamin K knowledge graph", language="en"))
    add(dataset, "dcterms:license", NamedNode("https://creativecommons.org/licenses/by/4.0/"))
    add(dataset, "dcterms:publisher", Literal("the vitk contributors"))
    add(dataset, "dcterms:identifier", Literal(release_id))
    add(dataset, "void:uriSpace", Literal(vocabulary.things))
    add(dataset, "void:triples", number(report.triples))
    add(dataset, "void:exampleResource", NamedNode(vocabulary.thing("menaquinone-7")))
    for count in report.things:
        partition = BlankNode()
        add(dataset, "void:classPartition", partition)
        add(partition, "void:class", NamedNode(count.iri))
        add(partition, "void:entities", number(count.count))
    for count in report.graphs:
        named = NamedNode(count.iri)
        add(dataset, "void:subset", named)
        add(named, "rdf:type", NamedNode(OUTSIDE_PREFIXES["void"] + "Dataset"))
        add(named, "rdfs:label", Literal(f"the graph {count.iri.rpartition('/')[2]}", language="en"))
        add(named, "void:triples", number(count.count))
    return quads
