"""What has an IRI here, and where its documents are: things, ontology terms, graphs, the ontology, the dataset."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rdf.formats import GRAPH_FORMATS, MARKDOWN, RDFXML, Format
from kg.rdf.vocabulary import DCTERMS_CITATION, DCTERMS_DESCRIPTION, DCTERMS_TITLE, Vocabulary
from kg.reader.reader import Reader
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
    """An entity, such as ``natto``; whether it exists is for the caller to check."""
    vocabulary, urls = app_state().reader.vocabulary, app_state().urls
    return Resource(
        vocabulary.entity_iri(name),
        name,
        "pages/entity-data",
        urls.page(name),
        urls.data(name),
        ENTITY_FORMATS,
        dataset_iri(vocabulary),
    )


def term_resource(name: str) -> Resource:
    """An ontology term, such as ``Food``; whether it exists is for the caller to check."""
    vocabulary, page = app_state().reader.vocabulary, app_state().urls.term(name)
    return Resource(
        vocabulary.term(name), name, "pages/term-data", page, page, ENTITY_FORMATS, ontology_iri(vocabulary)
    )


def graph_resource(name: str) -> Resource:
    """A named graph, such as ``claims``; whether it exists is for the caller to check."""
    vocabulary, page = app_state().reader.vocabulary, app_state().urls.graph(name)
    return Resource(
        vocabulary.graph(name), name, "pages/metadata-of", page, page, about=dataset_iri(vocabulary),
        schema_type="https://schema.org/Dataset",
    )  # fmt: skip


def dataset_resource() -> Resource:
    """The dataset of this release."""
    iri, page = dataset_iri(app_state().reader.vocabulary), app_state().urls.dataset()
    return Resource(iri, "dataset", "pages/metadata-of", page, page, schema_type="https://schema.org/Dataset")


def ontology_resource() -> Resource:
    """The ontology."""
    vocabulary, page = app_state().reader.vocabulary, app_state().urls.ontology()
    return Resource(
        ontology_iri(vocabulary), "ontology", "pages/graph", page, page, ONTOLOGY_FORMATS, dataset_iri(vocabulary)
    )


def dataset_iri(vocabulary: Vocabulary) -> str:
    """The IRI of the dataset."""
    return vocabulary.base + "dataset"


def ontology_iri(vocabulary: Vocabulary) -> str:
    """The IRI of the ontology."""
    return vocabulary.base + "ontology"


def template_texts(reader: Reader, iri: str) -> dict[str, str]:
    """What the release says about itself, one of its graphs or the ontology: ``title``, ``said``, ``citation``."""
    properties = {"title": DCTERMS_TITLE, "said": DCTERMS_DESCRIPTION, "citation": DCTERMS_CITATION}
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
