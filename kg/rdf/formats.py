"""The formats in which answers leave: name, suffix, media types, and the library's writer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pyoxigraph import QueryResultsFormat, RdfFormat


@dataclass(frozen=True)
class Format:
    """A format of RDF graphs, of query results, or of pages.

    ``name`` is the suffix and the value of ``?format=``; the first media type is the one answered with, unless the
    client asked by another of them.
    """

    name: str
    label: str
    media_types: tuple[str, ...]
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None

    @property
    def media_type(self) -> str:
        return self.media_types[0]

    def answering_as(self, media_type: str) -> Format:
        """This format, answered with another of its media types."""
        return replace(self, media_types=(media_type,))

    @property
    def content_type(self) -> str:
        """The media type with the charset where the type is text."""
        text = self.media_type.startswith("text/")
        return self.media_type + ("; charset=utf-8" if text else "")


HTML = Format("html", "HTML", ("text/html",))
TURTLE = Format("ttl", "Turtle", ("text/turtle",), rdf=RdfFormat.TURTLE)
NTRIPLES = Format("nt", "N-Triples", ("application/n-triples",), rdf=RdfFormat.N_TRIPLES)
NQUADS = Format("nq", "N-Quads", ("application/n-quads",), rdf=RdfFormat.N_QUADS)
TRIG = Format("trig", "TriG", ("application/trig",), rdf=RdfFormat.TRIG)
RDFXML = Format("rdf", "RDF/XML", ("application/rdf+xml",), rdf=RdfFormat.RDF_XML)
JSONLD = Format("jsonld", "JSON-LD", ("application/ld+json",), rdf=RdfFormat.JSON_LD)

JSON = Format(
    "json", "SPARQL JSON", ("application/sparql-results+json", "application/json"), results=QueryResultsFormat.JSON
)
XML = Format(
    "xml",
    "SPARQL XML",
    ("application/sparql-results+xml", "application/xml", "text/xml"),
    results=QueryResultsFormat.XML,
)
# The shape of the API's own answers; ``JSON`` is that of SPARQL results.
API_JSON = Format("json", "JSON", ("application/json",))
CSV = Format("csv", "CSV", ("text/csv",), results=QueryResultsFormat.CSV)
TSV = Format("tsv", "TSV", ("text/tab-separated-values",), results=QueryResultsFormat.TSV)
# A thing told in words, for people and language models.
MARKDOWN = Format("md", "Markdown", ("text/markdown",))
LINKSET = Format("linkset", "Linkset", ("application/linkset+json",))

# Media types of requests to a SPARQL endpoint (SPARQL 1.1 Protocol, 2.1 and 2.2).
FORM_TYPE = "application/x-www-form-urlencoded"
QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"

GRAPH_FORMATS = (TURTLE, JSONLD, NTRIPLES, NQUADS, TRIG, RDFXML)
RESULT_FORMATS = (JSON, XML, CSV, TSV)
ALL_FORMATS = (HTML, *GRAPH_FORMATS, *RESULT_FORMATS, MARKDOWN)
BY_NAME = {known.name: known for known in ALL_FORMATS}
