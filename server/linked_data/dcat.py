"""The dataset in the words of VoID and DCAT: what the graph says of itself, and what this server offers."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Triple

from kg.manifest import Dump
from kg.rdf.formats import BY_NAME
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL
from server.core.state import app_state

_DCAT, _DCTERMS, _VOID, _XSD = (OUTSIDE_PREFIXES[prefix] for prefix in ("dcat", "dcterms", "void", "xsd"))
_SPDX = "http://spdx.org/rdf/terms#"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def description() -> list[Triple]:
    """Everything that there is to say of the dataset; counts come from the release, addresses from the settings."""
    current = app_state()
    reader, urls = current.reader, current.urls
    metadata = reader.catalogue["pages/graph"].fill({"graph": reader.vocabulary.graph("metadata")})
    dataset, date = NamedNode(reader.vocabulary.base + "dataset"), reader.release.manifest.date
    service = NamedNode(urls.sparql_endpoint())
    triples = reader.triples(metadata)
    triples += [
        _triple(dataset, _DCTERMS + "modified", Literal(date, datatype=NamedNode(_XSD + "date"))),
        _triple(dataset, _DCAT + "landingPage", NamedNode(urls.full(urls.dataset()))),
        _triple(dataset, _VOID + "sparqlEndpoint", service),
        _triple(service, RDF_TYPE, NamedNode(_DCAT + "DataService")),
        _triple(service, RDFS_LABEL, Literal("SPARQL endpoint of vitk", language="en")),
        _triple(service, _DCAT + "endpointURL", service),
        _triple(service, _DCAT + "endpointDescription", service),
        _triple(service, _DCAT + "servesDataset", dataset),
    ]
    for dump in dumps():
        triples += _distribution(dump, dataset)
    return triples


def dumps(graph: str | None = None) -> list[Dump]:
    """The files to download, from the manifest: those of one graph, of the whole (""), or all."""
    known = app_state().reader.release.manifest.dumps
    return [dump for dump in known if graph is None or dump.graph == graph]


def _distribution(dump: Dump, dataset: NamedNode) -> list[Triple]:
    urls = app_state().urls
    file = NamedNode(urls.full(urls.dump(dump.name)))
    checksum = NamedNode(f"{file.value}#sha256")
    of = NamedNode(dump.graph) if dump.graph else dataset
    label = f"{BY_NAME[dump.format].label}, compressed"
    return [
        _triple(of, _DCAT + "distribution", file),
        _triple(of, _VOID + "dataDump", file),
        _triple(file, RDF_TYPE, NamedNode(_DCAT + "Distribution")),
        _triple(file, RDFS_LABEL, Literal(label, language="en")),
        _triple(file, _DCAT + "downloadURL", file),
        _triple(file, _DCAT + "byteSize", Literal(str(dump.bytes), datatype=NamedNode(_XSD + "nonNegativeInteger"))),
        _triple(file, _DCAT + "mediaType", NamedNode(_MEDIA_TYPES + BY_NAME[dump.format].media_type)),
        _triple(file, _DCAT + "compressFormat", NamedNode(_MEDIA_TYPES + "application/gzip")),
        _triple(file, _SPDX + "checksum", checksum),
        _triple(checksum, _SPDX + "algorithm", NamedNode(_SPDX + "checksumAlgorithm_sha256")),
        _triple(checksum, _SPDX + "checksumValue", Literal(dump.sha256, datatype=NamedNode(_XSD + "hexBinary"))),
    ]


def _triple(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Triple:
    return Triple(subject, NamedNode(predicate), value)
