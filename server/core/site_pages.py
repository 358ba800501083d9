"""The pages that are about no single entity: what the header, the footer and the search know of them."""

from __future__ import annotations

from dataclasses import dataclass

from kg.index.documents import Document
from server.core.urls import Urls

EXPLORE, CLAIMS, TOOLS, DATA = "Explore", "Claims and evidence", "Tools", "Data"
GROUPS = (EXPLORE, CLAIMS, TOOLS, DATA)


@dataclass(frozen=True)
class SitePage:
    """A page.

    Attributes:
        name: of the method of ``Urls`` that gives its URL.
        group: heading in the footer.
        label: text of links in header and footer.
        title: what it is, in search results.
        summary: what it shows.
        words: further words by which people look for it.
        is_main: whether the header links to it.
    """

    name: str
    group: str
    label: str
    title: str
    summary: str
    words: str = ""
    is_main: bool = False


@dataclass(frozen=True)
class PageLink:
    """A link to a page; ``is_here`` is true on the page itself and on pages below it."""

    label: str
    url: str
    is_here: bool


PAGES = (
    SitePage("foods", EXPLORE, "Foods", "Foods ranked by vitamin K",
             "Foods with most of a form of vitamin K, in µg per 100 g, from studies and food tables.",
             "food list table highest richest sources content", is_main=True),
    SitePage("intakes", EXPLORE, "How much?", "How much vitamin K do I need?",
             "Reference intakes of all authorities, by group of people.",
             "recommended daily intake requirement allowance adequate dose rda ai dri need", is_main=True),
    SitePage("browse", EXPLORE, "All categories", "All categories", "Everything in the graph, by class.",
             "browse index types classes"),
    SitePage("compare", EXPLORE, "Compare", "Compare two forms or two foods",
             "Structure, time in the blood, doses, food sources and claims, side by side.", "difference versus"),
    SitePage("claims", CLAIMS, "Claims", "All claims", "What sources say, in our words, with what is known of it.",
             "statements", is_main=True),
    SitePage("sections", CLAIMS, "Sources", "Sources of the claims, section by section",
             "Where claims come from, and how they compare with what is known.", "article sections"),
    SitePage("contradictions", CLAIMS, "Contradictions", "Contradictions",
             "Claims that contradict each other or the evidence.", "conflict disagree"),
    SitePage("flaws", CLAIMS, "Errors in the article", "Errors and weaknesses in the article",
             "Overstatements, wrong units and missing context, each with the reason and a correction.",
             "wrong flaws mistakes"),
    SitePage("article_and_tables", CLAIMS, "Article vs. food tables", "The article's food figures vs. measured values",
             "What the article says of foods, beside studies and food tables.", "article tables"),
    SitePage("methods", CLAIMS, "Methods", "How claims were checked and propositions assessed",
             "The ladder of evidence, certainty, standing, and what is left out.",
             "methodology assessment certainty grade"),
    SitePage("diet", TOOLS, "Diet calculator", "Vitamin K diet calculator",
             "Adds up the vitamin K of what you eat, and lists what is not known.",
             "calculate meal daily total my diet track", is_main=True),
    SitePage("sparql", TOOLS, "SPARQL", "SPARQL editor and endpoint",
             "Query the graph, with completion, examples and charts.", "query endpoint editor", is_main=True),
    SitePage("api_docs", TOOLS, "API", "API", "All operations of the JSON API, with code to call them.",
             "rest json openapi programming python javascript"),
    SitePage("dataset", DATA, "Data", "Dataset: downloads, licence, provenance",
             "Dumps of all graphs with checksums, IRIs, formats, mappings and licences.",
             "download dump turtle rdf json-ld csv licence license void dcat cite", is_main=True),
    SitePage("ontology", DATA, "Ontology", "Ontology", "Every class and property, with its definition.",
             "vocabulary owl terms schema"),
    SitePage("about", DATA, "About", "About vitk", "What vitk is, where its content comes from, how to cite it.",
             "contact who imprint citation", is_main=True),
)  # fmt: skip


def documents() -> list[Document]:
    """Returns the pages as documents to search for."""
    return [Document(page.name, page.title, page.summary, f"{page.label} {page.words}") for page in PAGES]


def url_of(name: str, urls: Urls) -> str:
    """Returns the URL of a page by the name of its method."""
    url: str = getattr(urls, name)()
    return url


def header(urls: Urls, path: str) -> list[PageLink]:
    """Returns the links of the header; ``path`` is that of the current page, with the prefix of the server."""
    return [_link(page, urls, path) for page in PAGES if page.is_main]


def footer(urls: Urls, path: str) -> dict[str, list[PageLink]]:
    """Returns the links of the footer by group; ``path`` as in ``header``."""
    return {group: [_link(page, urls, path) for page in PAGES if page.group == group] for group in GROUPS}


def _link(page: SitePage, urls: Urls, path: str) -> PageLink:
    url = url_of(page.name, urls)
    return PageLink(page.label, url, path == url or path.startswith(url + "/"))
