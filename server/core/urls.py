"""The only place where addresses are made. Pages link locally, so that an unregistered base still browses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from functools import lru_cache, partial
from urllib.parse import quote, urlencode

from flask import request

from kg.rdf.formats import Format
from kg.rdf.vocabulary import Vocabulary
from server.core.assets import Assets

# Paths of links are the same on every page; a page of a whole food table must not fill memory with them.
_MAX_CACHED = 50_000


class Urls:
    """Addresses on this server, with the path prefix under which the request came in."""

    def __init__(self, vocabulary: Vocabulary, assets: Assets, public_url: str = "") -> None:
        self._vocabulary, self._assets, self._public_url = vocabulary, assets, public_url
        self._prefix: str | None = None
        self._local = lru_cache(_MAX_CACHED)(partial(_local, vocabulary))

    def of_this_request(self) -> Urls:
        """The same addresses, bound to the path prefix of this request: a page makes hundreds."""
        bound = copy(self)
        bound._prefix = request.script_root
        return bound

    def home(self) -> str:
        return self._path("/")

    def about(self) -> str:
        return self._path("/about")

    def methods(self) -> str:
        return self._path("/methods")

    def of(self, iri: str) -> str:
        """Where a link to an IRI leads: a page of ours for our own IRIs, else the IRI itself."""
        path = self._local(iri)
        return self._path(path) if path[:1] == "/" else path

    def identifier(self, iri: str) -> str:
        """Where an IRI of ours is resolved here, such as ``/id/natto``; another IRI is left as it is."""
        entities = self._vocabulary.entities
        return self._path("/id/" + quote(iri.removeprefix(entities))) if iri.startswith(entities) else self.of(iri)

    def page(self, name: str) -> str:
        return self._path(_page(name))

    def data(self, name: str, fmt: Format | None = None) -> str:
        """The data of a thing; without a format, the address that negotiates."""
        return self._path(f"/data/{quote(name)}" + (f".{fmt.name}" if fmt else ""))

    def graph(self, name: str) -> str:
        """The page of a named graph."""
        return self._path(_graph(name))

    def dataset(self, fmt: str = "") -> str:
        """The page of the dataset, or its description in a format."""
        return self._path("/dataset" + (f".{fmt}" if fmt else ""))

    def dump(self, name: str) -> str:
        """A file to download."""
        return self._path(f"/dumps/{quote(name)}")

    def void(self) -> str:
        return self._path("/.well-known/void")

    def context(self) -> str:
        """The JSON-LD context."""
        return self._path("/context.jsonld")

    def sitemap(self, part: int = 0) -> str:
        """The list of pages for crawlers, or one of its parts."""
        return self._path(f"/sitemap-{part}.xml" if part else "/sitemap.xml")

    def full(self, path: str) -> str:
        """The full address of a path of ours, as people reach it; a full address is left as it is."""
        if not path.startswith("/"):
            return path
        return self.root() + path.removeprefix(request.script_root)

    def term(self, name: str) -> str:
        """The page of an ontology term."""
        return self._path(_term(name))

    def part(self, name: str, **parameters: str | int) -> str:
        """A part of the page of a thing: ``claims=`` a kind of claims, or ``incoming=`` a property with ``page=``."""
        return self.page(name) + self._parameters(**{key: str(value) for key, value in parameters.items()})

    def term_part(self, name: str, **parameters: str | int) -> str:
        """As ``part``, of an ontology term."""
        return self.term(name) + self._parameters(**{key: str(value) for key, value in parameters.items()})

    def neighbours(self, iri: str) -> str:
        """What a thing is linked to, as data for its picture."""
        return self._path("/picture/" + quote(self._vocabulary.shorten(iri)) + ".json")

    def explain(self, subject: str, predicate: str = "", value: str = "") -> str:
        """Why a statement holds, or, for a claim alone, how its verdict came about."""
        shorten = self._vocabulary.shorten
        return self._path("/explain" + self._parameters(s=shorten(subject), p=shorten(predicate), o=shorten(value)))

    def cite(self, name: str, fmt: str) -> str:
        """How to cite a thing: ``bib`` or ``ris``."""
        return self._path(f"/cite/{quote(name)}.{fmt}")

    def compare(self, one: str = "", other: str = "") -> str:
        """Two things side by side, by their names."""
        return self._path("/compare" + self._parameters(a=one, b=other))

    def ontology(self) -> str:
        return self._path("/ontology")

    def search(self, text: str = "", **narrowed: str) -> str:
        """The results page; ``narrowed`` has facets, such as ``type`` with the local name of a class, and the page."""
        return self._path("/search" + self._parameters(q=text, **narrowed))

    def suggest(self) -> str:
        """What the search box asks while someone types."""
        return self._path("/suggest")

    def browse(self, name: str = "", **narrowed: str) -> str:
        """The class tree, or the things of one class, given by its local name."""
        return self._path(("/browse/" + quote(name) if name else "/browse") + self._parameters(**narrowed))

    def claims(self, **narrowed: str) -> str:
        """The index of what the source says."""
        return self._path("/claims" + self._parameters(**narrowed))

    def foods(self, form: str = "") -> str:
        """Foods by their amount of a form of vitamin K, given by its local name."""
        return self._path("/foods" + self._parameters(form=form))

    def sections(self) -> str:
        return self._path("/sections")

    def contradictions(self, claim: str = "") -> str:
        """All contradictions, or what speaks against one claim, given by its local name."""
        return self._path("/contradictions" + self._parameters(claim=claim))

    def flaws(self, kind: str = "") -> str:
        """The flawed claims, or those with one kind of flaw, given by its local name."""
        return self._path("/flaws" + self._parameters(type=kind))

    def article_and_tables(self) -> str:
        return self._path("/article-and-tables")

    def diet(self, given: Sequence[tuple[str, str]] = (), fmt: str = "") -> str:
        """The page on diets; ``given`` are the fields of its form, line by line."""
        pairs = [*given, ("format", fmt)] if fmt else given
        return self._path("/diet" + ("?" + urlencode(pairs) if pairs else ""))

    def sparql(self, query: str = "", fmt: str = "") -> str:
        return self._path("/sparql" + self._parameters(query=query, format=fmt))

    def sparql_example(self, name: str) -> str:
        """The page with a question of the catalogue and its answer."""
        return self._path("/sparql" + self._parameters(example=name))

    def completion(self, release: str) -> str:
        return self._path("/sparql/completion.json" + self._parameters(release=release))

    def examples(self, release: str) -> str:
        return self._path("/sparql/examples.json" + self._parameters(release=release))

    def sparql_endpoint(self) -> str:
        """The full address of the SPARQL endpoint, as people reach it."""
        return (self._public_url or request.url_root.rstrip("/")) + "/sparql"

    def pinned(self, release: str) -> str:
        """The address of this request, on this release for good."""
        return pinned(request.script_root, request.path, request.query_string.decode("latin-1"), release)

    def api_queries(self) -> str:
        return self._path("/api/v1/queries")

    def api_query(self, name: str) -> str:
        """One question of the catalogue."""
        return self._path(f"/api/v1/queries/{quote(name)}")

    def api(self, path: str, given: Mapping[str, str]) -> str:
        """A path of the API with parameters, of which empty ones are left out."""
        return self._path(quote(path) + self._parameters(**given))

    def api_docs(self, operation: str = "") -> str:
        """The pages on the API; ``operation`` is the id of one."""
        return self._path("/api" + (f"/{quote(operation)}" if operation else ""))

    def api_try(self, operation: str) -> str:
        """Where the form of an operation is sent, which leads on to the operation."""
        return self._path(f"/api/{quote(operation)}/try")

    def openapi(self) -> str:
        return self._path("/openapi.json")

    def root(self) -> str:
        """The full address of this server, as people reach it, without a slash at its end."""
        return self._public_url or request.url_root.rstrip("/")

    def static(self, name: str) -> str:
        """A style sheet or picture, as it is now."""
        return self._path(self._assets.address(name))

    def module(self, name: str) -> str:
        """A browser module, or "" where modules were not bundled: pages do without."""
        path = self._assets.module(name)
        return self.static(path) if path else ""

    def _path(self, path: str) -> str:
        return (request.script_root if self._prefix is None else self._prefix) + path

    def _parameters(self, **values: str) -> str:
        given = {name: value for name, value in values.items() if value}
        return "?" + urlencode(given) if given else ""


def _local(vocabulary: Vocabulary, iri: str) -> str:
    """The path of the page of an IRI of ours; another IRI is left as it is."""
    for start, path in ((vocabulary.entities, _page), (vocabulary.terms, _term), (vocabulary.graph(""), _graph)):
        if iri.startswith(start):
            return path(iri.removeprefix(start))
    if iri in (vocabulary.base + "dataset", vocabulary.base + "ontology"):
        return "/" + iri.removeprefix(vocabulary.base)
    return iri


def _page(name: str) -> str:
    return f"/page/{quote(name)}"


def _term(name: str) -> str:
    return f"/ontology/{quote(name)}"


def _graph(name: str) -> str:
    return f"/graph/{quote(name)}"


def pinned(root: str, path: str, query_string: str, release: str) -> str:
    """An address with parameters, on one release for good; ``root`` is the path prefix of the server."""
    return f"{root}{quote(path)}?{query_string}&release={release}"
