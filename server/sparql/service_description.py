"""The service description of the SPARQL endpoint (SPARQL 1.1 Service Description)."""

from __future__ import annotations

import io

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from kg.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from kg.rdf.vocabulary import RDF_TYPE
from kg.reader.reader import Reader

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES = {
    "ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "nq": "N-Quads", "trig": "TriG", "rdf": "RDF_XML",
    "json": "SPARQL_Results_JSON", "xml": "SPARQL_Results_XML", "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
}  # fmt: skip


def serialise(endpoint: str, reader: Reader, fmt: Format) -> bytes:
    """Writes the service description.

    Args:
        endpoint: absolute URL of the endpoint.
        reader: the release, for the names and sizes of its graphs.
        fmt: a graph format.
    """
    service, dataset, default = (BlankNode() for _ in range(3))
    triples = [
        _typed(service, "Service"),
        Triple(service, _sd("endpoint"), NamedNode(endpoint)),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Triple(service, _sd("defaultDataset"), dataset),
        _typed(dataset, "Dataset"),
        Triple(dataset, _sd("defaultGraph"), default),
        _typed(default, "Graph"),
    ]
    triples += [
        Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + _FORMAT_NAMES[known.name]))
        for known in (*RESULT_FORMATS, *GRAPH_FORMATS)
    ]
    manifest = reader.release.manifest
    sizes = {count.iri: count.count for count in manifest.counts.graphs}
    if not manifest.graphs:
        triples.append(Triple(service, _sd("feature"), _sd("UnionDefaultGraph")))
    # Imported graphs have a name, and are not in the default graph.
    for name, size in {**sizes, **{graph.iri: graph.triples for graph in manifest.graphs}}.items():
        named, graph = BlankNode(), BlankNode()
        triples += [
            Triple(dataset, _sd("namedGraph"), named),
            _typed(named, "NamedGraph"),
            Triple(named, _sd("name"), NamedNode(name)),
            Triple(named, _sd("graph"), graph),
            _typed(graph, "Graph"),
            Triple(graph, NamedNode(_VOID + "triples"), Literal(size)),
        ]
    prefixes = {"sd": _SD, "void": _VOID, "format": _FORMATS}
    buffer = io.BytesIO()
    serialize(triples, buffer, format=fmt.rdf, prefixes=prefixes)
    return buffer.getvalue()


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def _typed(node: BlankNode, name: str) -> Triple:
    return Triple(node, NamedNode(RDF_TYPE), _sd(name))
