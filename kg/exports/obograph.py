"""The ontology as OBO Graph JSON: classes, properties, their definitions, synonyms and hierarchies.

What the format has no place for, such as defined classes and property chains, is in what ``vitk export ontology``
writes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.files.written import write
from kg.rdf.formats import TURTLE
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL, SKOS_DEFINITION
from kg.reader.reader import Reader

_OWL, _RDFS = OUTSIDE_PREFIXES["owl"], OUTSIDE_PREFIXES["rdfs"]
_TYPES = {
    _OWL + "Class": ("CLASS", ""),
    _OWL + "ObjectProperty": ("PROPERTY", "OBJECT"),
    _OWL + "DatatypeProperty": ("PROPERTY", "DATA"),
    _OWL + "AnnotationProperty": ("PROPERTY", "ANNOTATION"),
}
_EDGES = {_RDFS + "subClassOf": "is_a", _RDFS + "subPropertyOf": "subPropertyOf", _OWL + "inverseOf": "inverseOf"}


def export(reader: Reader, target: Path) -> None:
    """Writes the ontology to a file.

    Raises:
        VitkError: it cannot be written.
    """
    write(target, json.dumps(document(reader), ensure_ascii=False, indent=1).encode() + b"\n")


def document(reader: Reader) -> dict[str, Any]:
    """Returns the graph document."""
    values: defaultdict[str, defaultdict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in parse(reader.ontology(TURTLE), format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            values[quad.subject.value][quad.predicate.value].append(quad.object)
    own = sorted(iri for iri in values if iri.startswith(reader.vocabulary.terms))
    nodes = [node for iri in own if (node := _node(iri, values[iri]))]
    known = {node["id"] for node in nodes}
    edges = [
        {"sub": iri, "pred": name, "obj": above.value}
        for iri in own
        if iri in known
        for predicate, name in _EDGES.items()
        for above in sorted(values[iri][predicate], key=str)
        if above.value in known
    ]
    ontology = reader.vocabulary.base + "ontology"
    version = {"version": f"{ontology}/{reader.ontology_version}"} if reader.ontology_version else {}
    return {"graphs": [{"id": ontology, "meta": version, "nodes": nodes, "edges": edges}]}


def _node(iri: str, values: defaultdict[str, list[NamedNode | Literal]]) -> dict[str, Any] | None:
    types = [_TYPES[term.value] for term in values[RDF_TYPE] if term.value in _TYPES]
    if not types:
        return None
    kind, of_property = types[0]
    definitions = [term.value for term in values[SKOS_DEFINITION]]
    synonyms = [{"pred": "hasExactSynonym", "val": term.value} for term in values[SKOS_ALT_LABEL]]
    is_deprecated = any(term.value == "true" for term in values[_OWL + "deprecated"])
    meta = {
        **({"definition": {"val": definitions[0], "xrefs": []}} if definitions else {}),
        **({"synonyms": synonyms} if synonyms else {}),
        **({"deprecated": True} if is_deprecated else {}),
    }
    return {
        "id": iri,
        "lbl": next((term.value for term in values[RDFS_LABEL]), ""),
        "type": kind,
        **({"propertyType": of_property} if of_property else {}),
        **({"meta": meta} if meta else {}),
    }
