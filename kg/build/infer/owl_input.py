"""What reasoners are given: the triples of some graphs, and a digest of them that does not depend on blank nodes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, NamedNode, Quad, Store, Triple

from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL, Vocabulary

# All that curators write.
CHECKED_GRAPHS = ("ontology", "entities", "propositions", "claims", "evidence", "composition")
# Claims are excluded: realising them takes minutes and proves nothing that their shapes do not check.
PROVEN_GRAPHS = ("ontology", "entities", "composition")
# Properties whose values rules compute and class definitions need.
COMPUTED = ("microgramsPer100Grams", "lowestMicrogramsPer100Grams")
# OWL's own annotation properties, which need no declaration.
_BUILT_IN = (RDFS_LABEL, *(OUTSIDE_PREFIXES["rdfs"] + name for name in ("comment", "seeAlso", "isDefinedBy")))


def triples_of(
    store: Store, vocabulary: Vocabulary, graphs: Iterable[str], computed: Iterable[str] = ()
) -> list[Triple]:
    """Returns the triples of some graphs, and the values of some properties that rules computed."""
    quads: list[Quad] = []
    for graph in graphs:
        quads += store.quads_for_pattern(None, None, None, NamedNode(vocabulary.graph(graph)))
    inferred = NamedNode(vocabulary.graph("inferred"))
    for name in computed:
        quads += store.quads_for_pattern(None, NamedNode(vocabulary.term(name)), None, inferred)
    return [quad.triple for quad in quads]


def without_annotations(triples: Iterable[Triple], store: Store) -> list[Triple]:
    """Returns the triples that mean something to a reasoner: OWL's direct semantics ignores annotations.

    Args:
        triples: to choose from.
        store: with the declarations of annotation properties.
    """
    declared = store.quads_for_pattern(
        None, NamedNode(RDF_TYPE), NamedNode(OUTSIDE_PREFIXES["owl"] + "AnnotationProperty")
    )
    annotations = {quad.subject for quad in declared} | {NamedNode(iri) for iri in _BUILT_IN}
    return [triple for triple in triples if triple.predicate not in annotations]


def digest(triples: Iterable[Triple]) -> str:
    """Returns the SHA-256 of a set of triples, in hex; the labels of blank nodes do not matter."""
    quads = {Quad(triple.subject, triple.predicate, triple.object) for triple in triples}
    # As in ``kg.build.blank_nodes``: only quads that mention a blank node decide its canonical label.
    mentioning = {quad for quad in quads if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)}
    canonical = Dataset(mentioning)
    canonical.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(str(quad) for quad in (*(quads - mentioning), *canonical))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
