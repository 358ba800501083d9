"""Describes the links of the dataset: a ``void:Linkset`` for each external vocabulary and mapping property."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from kg.catalogue.catalogue import Catalogue
from kg.rdf import identifier_patterns
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL, Vocabulary
from kg.release.release import IDENTIFIER_PATTERNS


def describe(store: Store, catalogue: Catalogue, curated: Path) -> list[Quad]:
    """Returns the linksets with their counts, for ``graph/metadata``; empty without a list of vocabularies."""
    vocabulary = catalogue.vocabulary
    graph, dataset = NamedNode(vocabulary.graph("metadata")), NamedNode(vocabulary.base + "dataset")
    void = OUTSIDE_PREFIXES["void"]
    quads = []
    for (prefix, start, predicate), count in sorted(_counted(store, catalogue, curated).items()):
        mapping = predicate.rpartition("#")[2]
        linkset = NamedNode(f"{dataset.value}/linkset/{prefix}-{mapping}")
        holder = NamedNode(f"{dataset.value}/target/{prefix}")
        description: dict[str, NamedNode | Literal] = {
            RDF_TYPE: NamedNode(void + "Linkset"),
            RDFS_LABEL: Literal(f"links to {prefix} by {mapping}", language="en"),
            void + "subjectsTarget": dataset,
            void + "objectsTarget": holder,
            void + "linkPredicate": NamedNode(predicate),
            void + "triples": Literal(count),
        }
        quads.append(Quad(dataset, NamedNode(void + "subset"), linkset, graph))
        quads += [Quad(linkset, NamedNode(predicate), value, graph) for predicate, value in description.items()]
        target: dict[str, NamedNode | Literal] = {
            RDF_TYPE: NamedNode(void + "Dataset"),
            void + "uriSpace": Literal(start),
        }
        quads += [Quad(holder, NamedNode(p), value, graph) for p, value in target.items()]
    return quads


def _counted(store: Store, catalogue: Catalogue, curated: Path) -> Counter[tuple[str, str, str]]:
    starts = _starts(curated, catalogue.vocabulary)
    solutions = store.query(catalogue["pages/outside-links"].fill({}), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    counted: Counter[tuple[str, str, str]] = Counter()
    for row in solutions:
        outside, mapping = row["outside"], row["mapping"]
        assert isinstance(outside, NamedNode) and isinstance(mapping, NamedNode)
        found = next(((prefix, start) for start, prefix in starts if outside.value.startswith(start)), None)
        if found:
            counted[*found, mapping.value] += 1
    return counted


def _starts(curated: Path, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Returns IRI prefix and name of each vocabulary, the longest first: one may contain another."""
    patterns = identifier_patterns.read(curated / IDENTIFIER_PATTERNS, vocabulary).values()
    return sorted(((known.iri_start, known.prefix) for known in patterns), key=lambda pair: (-len(pair[0]), pair))
