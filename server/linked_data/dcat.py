"""The description of the dataset in VoID and DCAT: the metadata of the release, and the services of this server."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Triple

from kg.rdf.formats import BY_NAME, GRAPH_FORMATS, Format
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL
from kg.reader.reader import Reader
from kg.release.manifest import Dump
from kg.release.release import Release
from server.core import paths
from server.core.urls import Urls

_DCAT, _DCTERMS, _VOID, _XSD = (OUTSIDE_PREFIXES[prefix] for prefix in ("dcat", "dcterms", "void", "xsd"))
_SPDX = "http://spdx.org/rdf/terms#"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_MEMENTO = "https://www.rfc-editor.org/rfc/rfc7089"


def description(reader: Reader, urls: Urls) -> list[Triple]:
    """Returns the complete description of the dataset; counts come from the release, URLs from the settings."""
    metadata = reader.catalogue["pages/graph"].fill({"graph": reader.vocabulary.graph("metadata")})
    dataset, date = NamedNode(reader.vocabulary.base + "dataset"), reader.release.manifest.date
    service = NamedNode(urls.sparql_endpoint())
    triples = reader.triples(metadata)
    triples += [
        _triple(dataset, _DCAT + "version", Literal(reader.release.id)),
        _triple(dataset, _DCTERMS + "modified", Literal(date, datatype=NamedNode(_XSD + "date"))),
        _triple(dataset, _DCAT + "landingPage", NamedNode(urls.full(urls.dataset()))),
        _triple(dataset, _VOID + "sparqlEndpoint", service),
        _triple(service, RDF_TYPE, NamedNode(_DCAT + "DataService")),
        _triple(service, RDFS_LABEL, Literal("SPARQL endpoint of vitk", language="en")),
        _triple(service, _DCTERMS + "title", Literal("SPARQL endpoint of vitk", language="en")),
        _triple(service, _DCAT + "endpointURL", service),
        _triple(service, _DCAT + "endpointDescription", service),
        _triple(service, _DCAT + "servesDataset", dataset),
    ]
    if previous := reader.release.manifest.build.predecessor:
        earlier = NamedNode(urls.full(urls.memento(urls.dataset(), previous)))
        triples.append(_triple(dataset, _DCAT + "previousVersion", earlier))
    reconciliation, api = urls.full(urls.reconciliation()), urls.full(urls.api_docs())
    triples += _service("Reconciliation service of vitk", reconciliation, reconciliation, dataset)
    triples += _service("API of vitk: tables as JSON, CSV and TSV", api, urls.full(urls.openapi()), dataset)
    fragments, changes = urls.full(urls.api(paths.FRAGMENTS, {})), urls.full(urls.changes_feed())
    triples += _service("Triple Pattern Fragments of vitk", fragments, fragments, dataset)
    triples += _service("Changes between releases of vitk, as an Atom feed", changes, changes, dataset)
    timegate = urls.full(urls.timegate("/"))
    triples += _service("TimeGate of vitk: documents as they were at a date", timegate, _MEMENTO, dataset)
    graph = NamedNode(reader.vocabulary.graph("ontology"))
    for fmt in GRAPH_FORMATS:
        triples += _on_demand(f"{urls.full(urls.ontology())}.{fmt.name}", fmt, graph)
    for dump in dumps(reader.release):
        triples += _distribution(dump, dataset, urls)
    return triples


def dumps(release: Release, graph: str | None = None) -> list[Dump]:
    """Returns the downloads that the manifest lists.

    Args:
        release: whose manifest is read.
        graph: IRI of a graph, "" for those of the complete dataset, or ``None`` for all.

    Returns:
        Each with name, format, graph, size in bytes and SHA-256.
    """
    all_dumps = release.manifest.dumps
    return [dump for dump in all_dumps if graph is None or dump.graph == graph]


def _service(title: str, address: str, described: str, dataset: NamedNode) -> list[Triple]:
    service, name = NamedNode(address), Literal(title, language="en")
    return [
        _triple(service, RDF_TYPE, NamedNode(_DCAT + "DataService")),
        _triple(service, RDFS_LABEL, name),
        _triple(service, _DCTERMS + "title", name),
        _triple(service, _DCAT + "endpointURL", service),
        _triple(service, _DCAT + "endpointDescription", NamedNode(described)),
        _triple(service, _DCAT + "servesDataset", dataset),
    ]


def _on_demand(address: str, fmt: Format, distributed: NamedNode) -> list[Triple]:
    """The distribution of a file that is made when somebody asks for it: it has no size and no checksum."""
    file = NamedNode(address)
    return [
        _triple(distributed, _DCAT + "distribution", file),
        _triple(file, RDF_TYPE, NamedNode(_DCAT + "Distribution")),
        _triple(file, RDFS_LABEL, Literal(fmt.label, language="en")),
        _triple(file, _DCAT + "accessURL", file),
        _triple(file, _DCAT + "downloadURL", file),
        _triple(file, _DCAT + "mediaType", NamedNode(_MEDIA_TYPES + fmt.media_type)),
    ]


def _distribution(dump: Dump, dataset: NamedNode, urls: Urls) -> list[Triple]:
    file = NamedNode(urls.full(urls.dump(dump.name)))
    checksum = NamedNode(f"{file.value}#sha256")
    distributed = NamedNode(dump.graph) if dump.graph else dataset
    label = f"{BY_NAME[dump.format].label}, compressed"
    return [
        _triple(distributed, _DCAT + "distribution", file),
        _triple(distributed, _VOID + "dataDump", file),
        _triple(file, RDF_TYPE, NamedNode(_DCAT + "Distribution")),
        _triple(file, RDFS_LABEL, Literal(label, language="en")),
        _triple(file, _DCAT + "accessURL", file),
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
