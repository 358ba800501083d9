"""The dataset in the words of VoID and DCAT: what the graph says of itself, and what this server offers."""

from __future__ import annotations

from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from kg.rdf.formats import BY_NAME
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL
from server.core.state import site

_DCAT, _DCTERMS, _VOID, _XSD = (OUTSIDE_PREFIXES[prefix] for prefix in ("dcat", "dcterms", "void", "xsd"))
_SPDX = "http://spdx.org/rdf/terms#"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def description() -> list[Triple]:
    """Everything that there is to say of the dataset; counts come from the release, addresses from the settings."""
    current = site()
    reader, urls = current.reader, current.urls
    metadata = reader.catalogue["pages/graph"].fill({"graph": reader.vocabulary.graph("metadata")})
    dataset, date = NamedNode(reader.vocabulary.base + "dataset"), reader.release.manifest["built"][:10]
    service = NamedNode(urls.sparql_endpoint())
    triples = reader.triples(metadata)
    triples += [
        _said(dataset, _DCTERMS + "modified", Literal(date, datatype=NamedNode(_XSD + "date"))),
        _said(dataset, _DCAT + "landingPage", NamedNode(urls.full(urls.dataset()))),
        _said(dataset, _VOID + "sparqlEndpoint", service),
        _said(service, RDF_TYPE, NamedNode(_DCAT + "DataService")),
        _said(service, RDFS_LABEL, Literal("SPARQL endpoint of vitk", language="en")),
        _said(service, _DCAT + "endpointURL", service),
        _said(service, _DCAT + "endpointDescription", service),
        _said(service, _DCAT + "servesDataset", dataset),
    ]
    for dump in dumps():
        triples += _distribution(dump, dataset)
    return triples


def dumps(graph: str | None = None) -> list[dict[str, Any]]:
    """The files to download, from the manifest: those of one graph, of the whole (""), or all."""
    held = site().reader.release.manifest.get("dumps", [])
    return [dump for dump in held if graph is None or dump["graph"] == graph]


def _distribution(dump: dict[str, Any], dataset: NamedNode) -> list[Triple]:
    urls = site().urls
    file = NamedNode(urls.full(urls.dump(dump["name"])))
    checksum = NamedNode(f"{file.value}#sha256")
    of = NamedNode(dump["graph"]) if dump["graph"] else dataset
    label = f"{BY_NAME[dump['format']].label}, compressed"
    return [
        _said(of, _DCAT + "distribution", file),
        _said(of, _VOID + "dataDump", file),
        _said(file, RDF_TYPE, NamedNode(_DCAT + "Distribution")),
        _said(file, RDFS_LABEL, Literal(label, language="en")),
        _said(file, _DCAT + "downloadURL", file),
        _said(file, _DCAT + "byteSize", Literal(str(dump["bytes"]), datatype=NamedNode(_XSD + "nonNegativeInteger"))),
        _said(file, _DCAT + "mediaType", NamedNode(_MEDIA_TYPES + BY_NAME[dump["format"]].media_type)),
        _said(file, _DCAT + "compressFormat", NamedNode(_MEDIA_TYPES + "application/gzip")),
        _said(file, _SPDX + "checksum", checksum),
        _said(checksum, _SPDX + "algorithm", NamedNode(_SPDX + "checksumAlgorithm_sha256")),
        _said(checksum, _SPDX + "checksumValue", Literal(dump["sha256"], datatype=NamedNode(_XSD + "hexBinary"))),
    ]


def _said(subject: NamedNode, property: str, value: NamedNode | Literal) -> Triple:
    return Triple(subject, NamedNode(property), value)
