"""What has an IRI here, and where its documents are: things, ontology terms, graphs, the ontology, the dataset."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rdf.formats import GRAPH_FORMATS, MARKDOWN, RDFXML, Format
from kg.rdf.vocabulary import DCTERMS_CITATION, DCTERMS_DESCRIPTION, DCTERMS_TITLE
from server.core.state import app_state
from server.http.problems import Problem

ENTITY_FORMATS = (*GRAPH_FORMATS, MARKDOWN)
ONTOLOGY_FORMATS = (RDFXML, *(fmt for fmt in GRAPH_FORMATS if fmt.name != RDFXML.name))


@dataclass(frozen=True)
class Resource:
    """One IRI with its documents.

    Attributes:
        name: what addresses here call it.
        query: the CONSTRUCT of the catalogue that describes it.
        page: the path of its page.
        stem: the path of its data, to which a suffix is added.
        formats: those that its data have.
        about: the IRI of what it belongs to, or "".
        schema_type: what kind of page it has, in schema.org's words.
    """

    iri: str
    name: str
    query: str
    page: str
    stem: str
    formats: tuple[Format, ...] = GRAPH_FORMATS
    about: str = ""
    schema_type: str = "https://schema.org/AboutPage"

    def form(self, fmt: Format) -> str:
        """The path of its data in a format."""
        return f"{self.stem}.{fmt.name}"


def entity_resource(name: str) -> Resource:
    vocabulary, urls = app_state().reader.vocabulary, app_state().urls
    return Resource(
        vocabulary.entity_iri(name),
        name,
        "pages/entity-data",
        urls.page(name),
        urls.data(name),
        ENTITY_FORMATS,
        dataset_iri(),
    )


def term_resource(name: str) -> Resource:
    vocabulary, urls = app_state().reader.vocabulary, app_state().urls
    page = urls.term(name)
    return Resource(
        vocabulary.term(name), name, "pages/term-data", page, page, ENTITY_FORMATS, vocabulary.base + "ontology"
    )


def graph_resource(name: str) -> Resource:
    page = app_state().urls.graph(name)
    return Resource(
        app_state().reader.vocabulary.graph(name), name, "pages/metadata-of", page, page, about=dataset_iri(),
        schema_type="https://schema.org/Dataset",
    )  # fmt: skip


def dataset_resource() -> Resource:
    page = app_state().urls.dataset()
    return Resource(dataset_iri(), "dataset", "pages/metadata-of", page, page, schema_type="https://schema.org/Dataset")


def ontology_resource() -> Resource:
    page, iri = app_state().urls.ontology(), app_state().reader.vocabulary.base + "ontology"
    return Resource(iri, "ontology", "pages/graph", page, page, ONTOLOGY_FORMATS, dataset_iri())


def dataset_iri() -> str:
    return app_state().reader.vocabulary.base + "dataset"


def template_texts(iri: str) -> dict[str, str]:
    """What the release says of itself, of one of its graphs or of the ontology: ``title``, ``said``, ``citation``."""
    properties = {"title": DCTERMS_TITLE, "said": DCTERMS_DESCRIPTION, "citation": DCTERMS_CITATION}
    reader = app_state().reader
    return {
        key: " ".join(value.value for value in reader.values(iri, predicate)) for key, predicate in properties.items()
    }


def unknown(name: str) -> Problem:
    """404 that offers the three nearest names, or else the search."""
    current = app_state()
    nearest = current.reader.search.nearest(name)
    words = ", ".join(hit.label for hit in nearest)
    there = f"Nearest: {words}." if words else f"{current.urls.search()} finds things by their names."
    return Problem(
        404,
        "No such thing",
        f"There is nothing here by the name {name[:80]!r}. {there}",
        nearest=[{"iri": hit.iri, "label": hit.label, "url": current.urls.of(hit.iri)} for hit in nearest],
    )


def no_such_format(suffix: str, offered: tuple[Format, ...]) -> Problem:
    """404 for an unknown suffix, with those that there are."""
    names = ", ".join(fmt.name for fmt in offered)
    return Problem(404, "Unknown format", f"There is no format {suffix[:40]!r} here. There is: {names}.")
