"""Namespace prefixes, and the IRIs that the code uses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

OUTSIDE_PREFIXES = {
    "bibo": "http://purl.org/ontology/bibo/",
    "cito": "http://purl.org/spar/cito/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "doco": "http://purl.org/spar/doco/",
    "fabio": "http://purl.org/spar/fabio/",
    "obo": "http://purl.obolibrary.org/obo/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "unit": "http://qudt.org/vocab/unit/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

BIBO_DOI = OUTSIDE_PREFIXES["bibo"] + "doi"
BIBO_PMID = OUTSIDE_PREFIXES["bibo"] + "pmid"
DCTERMS_CITATION = OUTSIDE_PREFIXES["dcterms"] + "bibliographicCitation"
DCTERMS_TITLE = OUTSIDE_PREFIXES["dcterms"] + "title"
RDF_TYPE = OUTSIDE_PREFIXES["rdf"] + "type"
RDFS_LABEL = OUTSIDE_PREFIXES["rdfs"] + "label"
DCTERMS_DESCRIPTION = OUTSIDE_PREFIXES["dcterms"] + "description"
DCTERMS_IDENTIFIER = OUTSIDE_PREFIXES["dcterms"] + "identifier"
DCTERMS_SOURCE = OUTSIDE_PREFIXES["dcterms"] + "source"
SKOS_ALT_LABEL = OUTSIDE_PREFIXES["skos"] + "altLabel"
SKOS_HIDDEN_LABEL = OUTSIDE_PREFIXES["skos"] + "hiddenLabel"
SKOS_DEFINITION = OUTSIDE_PREFIXES["skos"] + "definition"

# CC BY 4.0, for the ontology and the curated data: what ontology/vitk.ttl and kg/data/LICENSE.md state. Rows of food
# tables have the licences of their publishers.
DATA_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
DATA_LICENCE_NAME = "CC BY 4.0"

GRAPHS = (
    *("ontology", "entities", "propositions", "claims", "evidence", "composition"),
    *("inferred", "assessments", "metadata"),
)


@dataclass(frozen=True)
class Vocabulary:
    """The vitk namespaces under one base IRI."""

    base: str

    @property
    def terms(self) -> str:
        """The namespace of ontology terms."""
        return self.base + "ontology#"

    @property
    def entities(self) -> str:
        """The namespace of entities."""
        return self.base + "id/"

    def term(self, name: str) -> str:
        """Returns the IRI of an ontology term."""
        return self.terms + name

    def entity_iri(self, name: str) -> str:
        """Returns the IRI of an entity."""
        return self.entities + name

    def graph(self, name: str) -> str:
        """Returns the IRI of a named graph, one of ``GRAPHS``."""
        return self.base + "graph/" + name

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """All prefixes that vitk's files and pages use, with their namespaces."""
        own = {
            "vitk": self.terms,
            "id": self.entities,
            "graph": self.base + "graph/",
            "shape": self.base + "shapes#",
        }
        return {**own, **OUTSIDE_PREFIXES}

    def expand(self, curie: str) -> str:
        """Returns the IRI of a CURIE; what has no known prefix is returned unchanged."""
        prefix, colon, local = curie.partition(":")
        return self.prefixes[prefix] + local if colon and prefix in self.prefixes else curie

    def shorten(self, iri: str) -> str:
        """Returns the IRI as a CURIE if a prefix fits, otherwise unchanged."""
        for prefix, start in self.prefixes.items():
            local = iri[len(start) :]
            if iri.startswith(start) and local and "/" not in local and "#" not in local:
                return f"{prefix}:{local}"
        return iri
