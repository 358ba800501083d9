"""Resources with an IRI, and the URLs of their documents: entities, terms, graphs, the ontology, the dataset."""

from __future__ import annotations

from dataclasses import dataclass

from kg.exports import documents
from kg.rdf.formats import GRAPH_FORMATS, JSONLD, MARKDOWN, RDFXML, Format
from kg.rdf.vocabulary import DCTERMS_CITATION, DCTERMS_DESCRIPTION, DCTERMS_TITLE, Vocabulary
from kg.reader.reader import Reader
from server.core.state import AppState
from server.http.problems import Problem

ENTITY_FORMATS = (*GRAPH_FORMATS, MARKDOWN)
# JSON-LD too, but in another vocabulary than ours.
SCHEMA_ORG = Format("schema-org", "schema.org", JSONLD.media_types, profile="https://schema.org/")
ONTOLOGY_FORMATS = (RDFXML, *(fmt for fmt in GRAPH_FORMATS if fmt.name != RDFXML.name))


@dataclass(frozen=True)
class Resource:
    """A resource and its documents.

    Attributes:
        iri: its IRI.
        name: its local name, as in URLs.
        query: name of the CONSTRUCT query of the catalogue that describes it.
        page: URL path of its page.
        stem: URL path of its data, without the suffix of a format.
        formats: available formats of its data.
        exports: further documents of it in vocabularies of others; they have a suffix and are negotiated by profile.
        about: IRI of the collection that it belongs to, or "".
        schema_type: schema.org type of its page.
    """

    iri: str
    name: str
    query: str
    page: str
    stem: str
    formats: tuple[Format, ...] = GRAPH_FORMATS
    about: str = ""
    schema_type: str = "https://schema.org/AboutPage"
    exports: tuple[Format, ...] = ()

    @property
    def documents(self) -> tuple[Format, ...]:
        """All formats that are available: ``formats`` and ``exports``."""
        return (*self.formats, *self.exports)

    def form(self, fmt: Format) -> str:
        """Returns the URL path of its data in a format."""
        return f"{self.stem}.{fmt.name}"


def entity_resource(name: str, current: AppState) -> Resource:
    """Returns the entity with this local name, whether or not it exists."""
    vocabulary, urls = current.reader.vocabulary, current.urls
    iri = vocabulary.entity_iri(name)
    proposition = current.claim_index.propositions.get(iri)
    return Resource(
        iri,
        name,
        "pages/entity-data",
        urls.page(name),
        urls.data(name),
        ENTITY_FORMATS,
        dataset_iri(vocabulary),
        exports=(SCHEMA_ORG, *(documents.formats(proposition) if proposition else ())),
    )


def term_resource(name: str, current: AppState) -> Resource:
    """Returns the ontology term with this local name, whether or not it exists."""
    vocabulary, page = current.reader.vocabulary, current.urls.term(name)
    return Resource(
        vocabulary.term(name),
        name,
        "pages/term-data",
        page,
        page,
        ENTITY_FORMATS,
        ontology_iri(vocabulary),
        exports=(SCHEMA_ORG,),
    )


def graph_resource(name: str, current: AppState) -> Resource:
    """Returns the named graph with this local name, whether or not it exists."""
    vocabulary, page = current.reader.vocabulary, current.urls.graph(name)
    return Resource(
        vocabulary.graph(name), name, "pages/metadata-of", page, page, about=dataset_iri(vocabulary),
        schema_type="https://schema.org/Dataset",
    )  # fmt: skip


def dataset_resource(current: AppState) -> Resource:
    """Returns the dataset."""
    iri, page = dataset_iri(current.reader.vocabulary), current.urls.dataset()
    return Resource(iri, "dataset", "pages/metadata-of", page, page, schema_type="https://schema.org/Dataset")


def ontology_resource(current: AppState) -> Resource:
    """Returns the ontology."""
    vocabulary, page = current.reader.vocabulary, current.urls.ontology()
    return Resource(
        ontology_iri(vocabulary), "ontology", "pages/graph", page, page, ONTOLOGY_FORMATS, dataset_iri(vocabulary)
    )


def dataset_iri(vocabulary: Vocabulary) -> str:
    """Returns the IRI of the dataset."""
    return vocabulary.base + "dataset"


def ontology_iri(vocabulary: Vocabulary) -> str:
    """Returns the IRI of the ontology."""
    return vocabulary.base + "ontology"


def template_texts(reader: Reader, iri: str) -> dict[str, str]:
    """Returns ``title``, ``said`` (the description) and ``citation`` of the dataset, a graph or the ontology."""
    properties = {"title": DCTERMS_TITLE, "said": DCTERMS_DESCRIPTION, "citation": DCTERMS_CITATION}
    return {
        key: " ".join(value.value for value in reader.values(iri, predicate)) for key, predicate in properties.items()
    }


def unknown(name: str, current: AppState) -> Problem:
    """Returns a 404 problem that offers the three most similar names, or the search."""
    nearest = current.reader.search.nearest(name)
    labels = ", ".join(hit.label for hit in nearest)
    advice = f"Similar names: {labels}." if labels else f"Search by name at {current.urls.search()}."
    return Problem(
        404,
        "Entity not found",
        f"There is no entity named {name[:80]!r}. {advice}",
        nearest=[{"iri": hit.iri, "label": hit.label, "url": current.urls.of(hit.iri)} for hit in nearest],
    )


def no_such_format(suffix: str, offered: tuple[Format, ...]) -> Problem:
    """Returns a 404 problem for an unknown suffix; it lists the available formats."""
    names = ", ".join(fmt.name for fmt in offered)
    return Problem(404, "Unknown format", f"{suffix[:40]!r} is not a format. Available formats: {names}.")
