"""The output formats: name, suffix, media types, and the library's serialiser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from pyoxigraph import QueryResultsFormat, RdfFormat


@dataclass(frozen=True)
class Format:
    """A format of RDF graphs, of query results, or of pages.

    ``name`` is the file suffix and the value of ``?format=``. Responses carry the first media type unless the client
    requested another one of the list. ``profile`` is the IRI of what a document conforms to beyond its media type.
    """

    name: str
    label: str
    media_types: tuple[str, ...]
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None
    profile: str = ""

    @property
    def media_type(self) -> str:
        """The media type of responses in this format, without parameters."""
        return self.media_types[0]

    def answering_as(self, media_type: str) -> Format:
        """Returns a copy of this format whose responses carry another of its media types."""
        return replace(self, media_types=(media_type,))

    @cached_property
    def content_type(self) -> str:
        """The ``Content-Type`` value: the media type, with a charset if it is a text type."""
        text = self.media_type.startswith("text/")
        return self.media_type + ("; charset=utf-8" if text else "")


HTML = Format("html", "HTML", ("text/html",))
# Every Turtle document is one of Notation3 too.
_TURTLE_TYPES = (
    "text/turtle",
    "application/turtle",
    "application/x-turtle",
    "text/n3",
    "application/n3",
    "text/rdf+n3",
)
TURTLE = Format("ttl", "Turtle", _TURTLE_TYPES, rdf=RdfFormat.TURTLE)
NTRIPLES = Format("nt", "N-Triples", ("application/n-triples",), rdf=RdfFormat.N_TRIPLES)
NQUADS = Format("nq", "N-Quads", ("application/n-quads", "text/x-nquads"), rdf=RdfFormat.N_QUADS)
TRIG = Format("trig", "TriG", ("application/trig", "application/x-trig"), rdf=RdfFormat.TRIG)
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
# JSON responses of the API; ``JSON`` is the SPARQL results format.
API_JSON = Format("json", "JSON", ("application/json",))
CSV = Format("csv", "CSV", ("text/csv",), results=QueryResultsFormat.CSV)
TSV = Format("tsv", "TSV", ("text/tab-separated-values",), results=QueryResultsFormat.TSV)
# What the columns of a CSV file are (Metadata Vocabulary for Tabular Data).
CSVW = Format("csvw", "CSV on the Web", ("application/csvm+json",))
# A description of an entity in prose, for people and language models.
MARKDOWN = Format("md", "Markdown", ("text/markdown",))
LINKSET = Format("linkset", "Linkset", ("application/linkset+json",))
# What changed between two releases.
ATOM = Format("atom", "Atom", ("application/atom+xml",))
RDF_PATCH = Format("rdfp", "RDF Patch", ("application/rdf-patch", "text/rdf-patch"))
# Propositions in vocabularies of others, see ``kg.exports``. Their media types say too little to be negotiated.
VA_SPEC = Format(
    "va-spec",
    "GA4GH VA-Spec",
    ("application/json",),
    profile="https://w3id.org/ga4gh/schema/va-spec/1.1.0/json/Statement",
)
BIOLINK = Format("biolink", "Biolink", ("application/json",), profile="https://w3id.org/biolink/vocab/Association")
NANOPUB = Format(
    "nanopub", "Nanopublication", ("application/trig",), profile="http://www.nanopub.org/nschema#Nanopublication"
)

# Media types of requests to a SPARQL endpoint (SPARQL 1.1 Protocol, 2.1 and 2.2).
FORM_TYPE = "application/x-www-form-urlencoded"
QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"

GRAPH_FORMATS = (TURTLE, JSONLD, NTRIPLES, NQUADS, TRIG, RDFXML)
RESULT_FORMATS = (JSON, XML, CSV, TSV)
EXPORT_FORMATS = (VA_SPEC, BIOLINK, NANOPUB)
ALL_FORMATS = (HTML, *GRAPH_FORMATS, *RESULT_FORMATS, MARKDOWN, *EXPORT_FORMATS)
BY_NAME = {known.name: known for known in ALL_FORMATS}
