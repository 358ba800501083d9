"""Checks the ontology as FOOPS! does, the scanner of ontologies for the FAIR principles, under its names of checks.

Each check of what the ontology states runs in every build. What only a server shows (content negotiation, documents,
versions that resolve) is tested with ours, and what only a registry knows (prefix, entry) or a publisher gives (DOI)
cannot be checked here. The list is that of https://w3id.org/foops/catalogue, read in its source in 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from kg.build.read.turtle import ONTOLOGY_FOLDER
from kg.errors import CuratedFileError, CuratedProblem
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL, SKOS_DEFINITION, Vocabulary

_DCTERMS, _OWL = OUTSIDE_PREFIXES["dcterms"], OUTSIDE_PREFIXES["owl"]
_VANN = "http://purl.org/vocab/vann/"
_PREFIX, _NAMESPACE = _VANN + "preferredNamespacePrefix", _VANN + "preferredNamespaceUri"
_VERSION = _OWL + "versionIRI"
# By check: what the header must state. FOOPS! counts the items of OM1 to OM3 one by one.
METADATA: dict[str, dict[str, str]] = {
    "OM1": {
        "title": _DCTERMS + "title",
        "description": _DCTERMS + "description",
        "licence": _DCTERMS + "license",
        "version IRI": _VERSION,
        "creator": _DCTERMS + "creator",
        "namespace": _NAMESPACE,
    },
    "OM2": {
        "prefix": _PREFIX,
        "version": _OWL + "versionInfo",
        "date of creation": _DCTERMS + "created",
        "citation": _DCTERMS + "bibliographicCitation",
        "contributor": _DCTERMS + "contributor",
    },
    "OM3": {
        "publisher": _DCTERMS + "publisher",
        "logo": "https://schema.org/logo",
        "status": OUTSIDE_PREFIXES["bibo"] + "status",
        "source": _DCTERMS + "source",
        "date of issue": _DCTERMS + "issued",
        "date of change": _DCTERMS + "modified",
    },
    "OM4.1": {"licence": _DCTERMS + "license"},
    "OM5.1": {"creator": _DCTERMS + "creator", "date of creation": _DCTERMS + "created"},
    "OM5.2": {"publisher": _DCTERMS + "publisher", "date of issue": _DCTERMS + "issued"},
    "FIND1": {"prefix": _PREFIX},
    # Beyond FOOPS!: what LOV, OLS, BioPortal and the Bioregistry ask for besides.
    "registries": {
        "abstract": _DCTERMS + "abstract",
        "language": _DCTERMS + "language",
        "homepage": "http://xmlns.com/foaf/0.1/homepage",
        "keyword": OUTSIDE_PREFIXES["dcat"] + "keyword",
        "example of use": _VANN + "example",
    },
}
_TITLES = {
    "OM1": "minimum metadata",
    "OM2": "recommended metadata",
    "OM3": "detailed metadata, without a DOI",
    "OM4.1": "a licence",
    "OM5.1": "basic provenance",
    "OM5.2": "full provenance",
    "FIND1": "a prefix",
    "registries": "metadata for LOV, OLS, BioPortal and the Bioregistry",
}
# Hosts that FOOPS! takes for persistent.
_PERSISTENT = ("https://w3id.org/", "http://w3id.org/", "https://purl.org/", "http://purl.org/", "https://doi.org/")
_TERMS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")


@dataclass(frozen=True)
class Outcome:
    """A check with what is missing; nothing if it passes.

    Attributes:
        name: as FOOPS! abbreviates it.
        title: what must be there.
        missing: what is not.
        is_of_base: whether it depends on the base IRI, which whoever builds may set as they like.
    """

    name: str
    title: str
    missing: tuple[str, ...]
    is_of_base: bool = False


def outcomes(store: Store, vocabulary: Vocabulary) -> list[Outcome]:
    """Runs all checks on the graph of the ontology."""
    ontology, graph = NamedNode(vocabulary.base + "ontology"), NamedNode(vocabulary.graph("ontology"))

    def stated(predicate: str) -> list[str]:
        return [quad.object.value for quad in store.quads_for_pattern(ontology, NamedNode(predicate), None, graph)]  # type: ignore[union-attr]

    metadata = [
        Outcome(check, _TITLES[check], tuple(item for item, predicate in items.items() if not stated(predicate)))
        for check, items in METADATA.items()
    ]
    versions = [one for one in stated(_VERSION) if one != ontology.value]
    is_persistent = ontology.value.startswith(_PERSISTENT)
    reused = _reused(store, graph, vocabulary)
    return [
        *metadata,
        Outcome("VER1", "a version IRI, other than that of the ontology", () if versions else ("version IRI",)),
        Outcome(
            "URI2",
            "the declared namespace is that of the terms",
            () if stated(_NAMESPACE) == [vocabulary.terms] else (f"namespace {vocabulary.terms}",),
            is_of_base=True,
        ),
        Outcome("PURL1", "a persistent IRI", () if is_persistent else (f"{ontology.value} is not",), is_of_base=True),
        Outcome("VOC1", "metadata in terms of other vocabularies", () if "dcterms" in reused else ("dcterms",)),
        Outcome("VOC2", "terms of other vocabularies", () if len(reused) > 1 else ("another vocabulary",)),
        Outcome("VOC3", "a label for each term", tuple(_without(store, graph, vocabulary, RDFS_LABEL))),
        Outcome("VOC4", "a definition for each term", tuple(_without(store, graph, vocabulary, SKOS_DEFINITION))),
    ]


def check(store: Store, vocabulary: Vocabulary) -> None:
    """Checks what the ontology states, whatever the base IRI.

    Raises:
        CuratedFileError: a check fails.
    """
    failed = [one for one in outcomes(store, vocabulary) if one.missing and not one.is_of_base]
    path = ONTOLOGY_FOLDER / "vitk.ttl"
    if failed:
        raise CuratedFileError(
            [CuratedProblem(path, None, f"FOOPS! {one.name}", f"lacks {', '.join(one.missing)}") for one in failed]
        )


def _terms(store: Store, graph: NamedNode, vocabulary: Vocabulary) -> Iterator[NamedNode]:
    for kind in _TERMS:
        for quad in store.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(_OWL + kind), graph):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(vocabulary.terms):
                yield quad.subject


def _without(store: Store, graph: NamedNode, vocabulary: Vocabulary, predicate: str) -> list[str]:
    return sorted(
        vocabulary.shorten(term.value)
        for term in _terms(store, graph, vocabulary)
        if not any(
            isinstance(quad.object, Literal) and quad.object.value
            for quad in store.quads_for_pattern(term, NamedNode(predicate), None, graph)
        )
    )


def _reused(store: Store, graph: NamedNode, vocabulary: Vocabulary) -> set[str]:
    """The prefixes of other vocabularies whose properties the ontology uses, but for those that define ontologies."""
    used = {quad.predicate.value for quad in store.quads_for_pattern(None, None, None, graph)}
    prefixes = {vocabulary.shorten(iri).partition(":")[0] for iri in used}
    return prefixes & (OUTSIDE_PREFIXES.keys() - {"owl", "rdf", "rdfs", "xsd"})
