"""Describes a release: counts for the report, and what the dataset says of itself in ``graph/metadata``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store

from kg.build.describe.partitions import COMPUTED, Partitions
from kg.catalogue.catalogue import Catalogue, Value
from kg.rdf.vocabulary import DATA_LICENCE, OUTSIDE_PREFIXES, RDF_TYPE, Vocabulary
from kg.release.manifest import Count, Counts, Inputs

_FOAF = "http://xmlns.com/foaf/0.1/"
_XSD_INTEGER = NamedNode(OUTSIDE_PREFIXES["xsd"] + "integer")

_DESCRIPTION = (
    "Vitamin K: its forms, the proteins that need it, foods, conditions, doses and interactions; what sources "
    "claim about them and how firmly, what studies found, and how this was assessed; and amounts in foods."
)
_GRAPHS = {
    "ontology": "The classes and properties, with their definitions and axioms.",
    "entities": "What claims are about: forms of vitamin K, proteins, foods, conditions and others.",
    "claims": "What sources say, claim by claim, each with its hedge, section and proposition.",
    "propositions": "What is true or false, whoever says it: what claims express, and the ladder of evidence.",
    "evidence": "Studies, their results and which propositions these bear on; flaws, corrections and searches.",
    "composition": "Amounts that papers measured in foods, and which foods correspond to those of the tables.",
    "assessments": "What the build computed of propositions from evidence and food tables: direction, certainty and "
    "each step, how every evidence line applies, what would change the result, and how each claim stands.",
    "inferred": "What rules conclude from the other graphs.",
    "metadata": "What the dataset says of itself.",
}
_TABLE = "A food composition table, row by row, under the licence of its publisher."


def describe(
    store: Store, catalogue: Catalogue, release_id: str, inputs: Inputs, found: Partitions, origins: Iterable[Count]
) -> tuple[Counts, list[Quad]]:
    """Returns the counts of a release, and the dataset's description for ``graph/metadata``.

    Args:
        store: all graphs but those of tables.
        catalogue: which has the queries.
        release_id: of the release.
        inputs: of the release.
        found: the counts of all graphs but ``graph/metadata``.
        origins: amounts of vitamin K in food tables, by table, form and origin.
    """
    shorten = catalogue.vocabulary.shorten
    totals = found.totals()
    counts = Counts(
        triples=sum(totals.values()),
        graphs=tuple(Count(graph, shorten(graph), count) for graph, count in totals.items()),
        entities=tuple(_entities(store, catalogue, found)),
        claims=tuple(_counts(store, catalogue, "pages/counts-by-section", {})),
        origins=tuple(origins),
    )
    quads = _dataset(counts, catalogue.vocabulary, release_id)
    quads += _partitions(catalogue.vocabulary, "class", "entities", found.classes())
    quads += _partitions(catalogue.vocabulary, "property", "triples", found.properties())
    return counts, [*quads, *_provenance(catalogue.vocabulary, inputs)]


def with_totals(quads: list[Quad], others: int, vocabulary: Vocabulary) -> list[Quad]:
    """Adds how many triples ``graph/metadata`` has, and all graphs together, these two statements included.

    Args:
        quads: all others of ``graph/metadata``.
        others: the number of triples in all other graphs.
        vocabulary: of the release.
    """
    graph, predicate = NamedNode(vocabulary.graph("metadata")), NamedNode(OUTSIDE_PREFIXES["void"] + "triples")
    own = len(set(quads)) + 2
    counts = {graph: own, NamedNode(vocabulary.base + "dataset"): others + own}
    totals = [
        Quad(subject, predicate, Literal(str(count), datatype=_XSD_INTEGER), graph) for subject, count in counts.items()
    ]
    return [*quads, *totals]


def _entities(store: Store, catalogue: Catalogue, found: Partitions) -> list[Count]:
    """Counts the entities of each class as curators and tables assign them, the largest class first."""
    computed = [catalogue.vocabulary.graph(name) for name in COMPUTED]
    members = found.own_classes(but=computed)
    solutions = store.query(catalogue["pages/names-of-classes"].fill({}), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    counts = []
    for row in solutions:
        named, label = row["class"], row["label"]
        assert isinstance(named, NamedNode) and isinstance(label, Literal)
        if named.value in members:
            counts.append(Count(named.value, label.value, members[named.value]))
    return sorted(counts, key=lambda count: -count.count)


def _partitions(vocabulary: Vocabulary, kind: str, counts: str, found: Mapping[str, int]) -> list[Quad]:
    """``void:classPartition`` with its entities, or ``void:propertyPartition`` with its triples."""
    void, graph = OUTSIDE_PREFIXES["void"], NamedNode(vocabulary.graph("metadata"))
    dataset = NamedNode(vocabulary.base + "dataset")
    quads = []
    for iri, count in found.items():
        partition = BlankNode()
        quads += [
            Quad(dataset, NamedNode(f"{void}{kind}Partition"), partition, graph),
            Quad(partition, NamedNode(void + kind), NamedNode(iri), graph),
            Quad(partition, NamedNode(void + counts), Literal(str(count), datatype=_XSD_INTEGER), graph),
        ]
    return quads


def _provenance(vocabulary: Vocabulary, inputs: Inputs) -> list[Quad]:
    """The build as a PROV activity: its inputs (digests) and tools (versions); its time is in the manifest."""
    graph, prov = NamedNode(vocabulary.graph("metadata")), OUTSIDE_PREFIXES["prov"]
    label = NamedNode(OUTSIDE_PREFIXES["rdfs"] + "label")
    dataset, activity = NamedNode(vocabulary.base + "dataset"), NamedNode(vocabulary.base + "dataset/build")
    quads = [
        Quad(dataset, NamedNode(prov + "wasGeneratedBy"), activity, graph),
        Quad(activity, NamedNode(RDF_TYPE), NamedNode(prov + "Activity"), graph),
        Quad(activity, label, Literal("the build of this release", language="en"), graph),
    ]
    options = {"base_iri": inputs.base_iri, "proof": inputs.proof, "all_table_rows": inputs.all_table_rows}
    tables = {f"tables/{name}": digest for name, digest in inputs.tables.items()}
    for name, value in {**options, **inputs.digests, **tables, **inputs.tools}.items():
        is_tool = name in inputs.tools
        used = NamedNode(f"{activity.value}/{name}")
        relation, kind = ("wasAssociatedWith", "SoftwareAgent") if is_tool else ("used", "Entity")
        quads += [
            Quad(activity, NamedNode(prov + relation), used, graph),
            Quad(used, NamedNode(RDF_TYPE), NamedNode(prov + kind), graph),
            Quad(used, label, Literal(f"{name} {value}", language="en"), graph),
        ]
    return quads


def _counts(store: Store, catalogue: Catalogue, query: str, parameters: Mapping[str, Value]) -> list[Count]:
    solutions = store.query(catalogue[query].fill(parameters), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    counts = []
    for row in solutions:
        entity_iri, label, count = row["entity"], row["label"], row["count"]
        assert isinstance(entity_iri, NamedNode) and isinstance(count, Literal)
        name = label.value if isinstance(label, Literal) else catalogue.vocabulary.shorten(entity_iri.value)
        counts.append(Count(entity_iri.value, name, int(count.value)))
    return counts


def _dataset(counts: Counts, vocabulary: Vocabulary, release_id: str) -> list[Quad]:
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
    add(dataset, "dcterms:description", Literal(_DESCRIPTION, language="en"))
    add(dataset, "dcterms:license", NamedNode(DATA_LICENCE))
    publisher = NamedNode(vocabulary.base + "dataset/publisher")
    add(dataset, "dcterms:publisher", publisher)
    add(publisher, "rdf:type", NamedNode(_FOAF + "Agent"))
    quads.append(Quad(publisher, NamedNode(_FOAF + "name"), Literal("the vitk contributors"), graph))
    add(publisher, "rdfs:label", Literal("the vitk contributors", language="en"))
    add(dataset, "dcterms:identifier", Literal(release_id))
    citation = f"The vitk contributors. vitk, the vitamin K knowledge graph. Release {release_id}."
    add(dataset, "dcterms:bibliographicCitation", Literal(citation, language="en"))
    add(dataset, "void:uriSpace", Literal(vocabulary.entities))
    add(dataset, "void:exampleResource", NamedNode(vocabulary.entity_iri("menaquinone-7")))
    for count in counts.graphs:
        named = NamedNode(count.iri)
        add(dataset, "void:subset", named)
        add(named, "rdf:type", NamedNode(OUTSIDE_PREFIXES["void"] + "Dataset"))
        name = count.iri.rpartition("/")[2]
        add(named, "rdfs:label", Literal(f"the graph {name}", language="en"))
        add(named, "dcterms:description", Literal(_GRAPHS.get(name, _TABLE), language="en"))
        add(named, "void:triples", number(count.count))
    described = NamedNode(vocabulary.graph("metadata"))
    # Its count is added by ``with_totals``, since it counts itself.
    add(dataset, "void:subset", described)
    add(described, "rdf:type", NamedNode(OUTSIDE_PREFIXES["void"] + "Dataset"))
    add(described, "rdfs:label", Literal("the graph metadata", language="en"))
    add(described, "dcterms:description", Literal(_GRAPHS["metadata"], language="en"))
    return quads
