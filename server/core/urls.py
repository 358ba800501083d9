"""Builds every URL of this server. Unless a method says "absolute", it returns a path that includes the path prefix.

Links lead to local pages instead of IRIs, so that the site works even if the base IRI does not resolve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from flask import request

from kg.rdf.formats import Format
from kg.rdf.vocabulary import Vocabulary
from server.core import paths
from server.core.assets import Assets
from server.core.local_names import in_path
from server.http.bounded_cache import bounded_cache

# The same links recur on every page; the limit prevents a page of a complete food table from filling the memory.
_MAX_CACHED, _MAX_CACHED_LENGTH = 50_000, 200


class Urls:
    """The URLs of this server, with the path prefix of the current request.

    Args:
        vocabulary: distinguishes our IRIs from others.
        assets: the static files, for the hashes in their URLs.
        public_url: URL at which clients reach the server; by default, that of the request.
    """

    def __init__(self, vocabulary: Vocabulary, assets: Assets, public_url: str = "") -> None:
        self._vocabulary, self._assets, self._public_url = vocabulary, assets, public_url
        self._prefix: str | None = None
        self._local = bounded_cache(_MAX_CACHED, _MAX_CACHED_LENGTH)(partial(paths.local, vocabulary))

    def of_this_request(self) -> Urls:
        """Returns a copy bound to the path prefix of this request, which is faster: a page has hundreds of links."""
        bound = copy(self)
        bound._prefix = request.script_root
        return bound

    def home(self) -> str:
        """Returns the URL of the home page."""
        return self._path("/")

    def about(self) -> str:
        """Returns the URL of the page about vitk and its sources."""
        return self._path("/about")

    def methods(self) -> str:
        """Returns the URL of the page on methods."""
        return self._path("/methods")

    def guide(self, part: str = "") -> str:
        """Returns the URL of the guide, or of its part for an audience, such as ``readers``."""
        return self._path("/guide" + (f"/{part}" if part else ""))

    def of(self, iri: str) -> str:
        """Returns the target of a link to an IRI: the local page if the IRI is ours, else the IRI itself."""
        path = self._local(iri)
        return self._path(path) if path[:1] == "/" else path

    def identifier(self, iri: str) -> str:
        """Returns the local URL that resolves an IRI of ours, such as ``/id/natto``; other IRIs unchanged."""
        entities = self._vocabulary.entities
        return self._path("/id/" + in_path(iri.removeprefix(entities))) if iri.startswith(entities) else self.of(iri)

    def page(self, name: str) -> str:
        """Returns the URL of the page of an entity, given by its local name."""
        return self._path(paths.page(name))

    def data(self, name: str, fmt: Format | None = None) -> str:
        """Returns the URL of the data of an entity; without a format, the one that negotiates."""
        return self._path(f"/data/{in_path(name)}{f'.{fmt.name}' if fmt else ''}")

    def graph(self, name: str) -> str:
        """Returns the URL of the page of a named graph."""
        return self._path(paths.graph(name))

    def dataset(self, fmt: str = "") -> str:
        """Returns the URL of the dataset page, or of the description of the dataset in a format."""
        return self._path("/dataset" + (f".{fmt}" if fmt else ""))

    def changes(self, release: str = "", entity: str = "") -> str:
        """Returns the URL of what changed: in all releases, in one, or of one entity, given by its IRI."""
        return self._path("/changes" + (f"/{release}" if release else "") + self._parameters(entity=entity))

    def changes_feed(self) -> str:
        """Returns the URL of the Atom feed of changes."""
        return self._path("/changes.atom")

    def original(self, path: str) -> str:
        """Returns the URL of a path of ours with its query, in the release that is current when it is requested."""
        return self._path(path)

    def memento(self, path: str, release: str) -> str:
        """Returns the URL of a path of ours with its query, in a release."""
        return self._path(f"{path}{'&' if '?' in path else '?'}release={release}")

    def timegate(self, path: str) -> str:
        """Returns the URL that finds a path of ours as it was at a date (RFC 7089)."""
        return self._path("/timegate" + path)

    def timemap(self, path: str) -> str:
        """Returns the URL that lists a path of ours in all retained releases (RFC 7089)."""
        return self._path("/timemap" + path)

    def imported(self, iri: str = "") -> str:
        """Returns the URL of the imported graphs, or of one of them, given by its IRI."""
        return self._path("/imported-graphs" + self._parameters(graph=iri))

    def dump(self, name: str) -> str:
        """Returns the URL of a file to download."""
        return self._path(f"/dumps/{quote(name)}")

    def void(self) -> str:
        """Returns the well-known URL of the VoID description of the dataset."""
        return self._path("/.well-known/void")

    def context(self) -> str:
        """Returns the URL of the JSON-LD context."""
        return self._path("/context.jsonld")

    def sitemap(self, part: int = 0) -> str:
        """Returns the URL of the sitemap, or of one of its parts, counted from 1."""
        return self._path(f"/sitemap-{part}.xml" if part else "/sitemap.xml")

    def full(self, path: str) -> str:
        """Returns the absolute public URL for a path of ours; an absolute URL unchanged."""
        return self.root() + path.removeprefix(request.script_root) if path.startswith("/") else path

    def term(self, name: str) -> str:
        """Returns the URL of the page of an ontology term."""
        return self._path(paths.term(name))

    def part(self, name: str, **parameters: str | int) -> str:
        """Returns the URL of a part of an entity page: ``claims`` by relation, or ``incoming`` links, by ``page``."""
        return self.page(name) + self._parameters(**{key: str(value) for key, value in parameters.items()})

    def term_part(self, name: str, **parameters: str | int) -> str:
        """Returns the URL of a part of the page of an ontology term, with parameters as for ``part``."""
        return self.term(name) + self._parameters(**{key: str(value) for key, value in parameters.items()})

    def neighbours(self, iri: str) -> str:
        """Returns the URL of the neighbours of an entity, as JSON for its graph."""
        return self._path("/picture/" + quote(self._vocabulary.shorten(iri)) + ".json")

    def chart(self, kind: str, name: str, fmt: str) -> str:
        """Returns the URL of a chart of a kind about an entity, by its local name, as ``svg``, ``png`` or ``csv``."""
        return self._path(f"/charts/{kind}/{in_path(name)}.{fmt}")

    def explain(self, subject: str, predicate: str = "", value: str = "") -> str:
        """Returns the URL that explains why a triple is in the graph, or how the standing on a claim was derived.

        Args:
            subject: IRI of the subject, or of a claim.
            predicate, value: IRIs of the property and the object.
        """
        shorten = self._vocabulary.shorten
        return self._path("/explain" + self._parameters(s=shorten(subject), p=shorten(predicate), o=shorten(value)))

    def cite(self, name: str, fmt: str) -> str:
        """Returns the URL of the citation of an entity; the format is ``bib`` (BibTeX) or ``ris``."""
        return self._path(f"/cite/{in_path(name)}.{fmt}")

    def compare(self, one: str = "", other: str = "") -> str:
        """Returns the URL of the comparison of two entities, given by their local names."""
        return self._path("/compare" + self._parameters(a=one, b=other))

    def ontology(self) -> str:
        """Returns the URL of the ontology."""
        return self._path("/ontology")

    def search(self, text: str = "", **narrowed: str) -> str:
        """Returns the URL of the results for a text; ``narrowed`` are filters by local name, and ``page``."""
        return self._path("/search" + self._parameters(q=text, **narrowed))

    def suggest(self, within: str = "") -> str:
        """Returns the URL of the suggestions for the search box, or for the foods of the form ``within`` ``/diet``."""
        return self._path(within + "/suggest")

    def browse(self, name: str = "", **narrowed: str) -> str:
        """Returns the URL of the class tree, or of the list of entities in one class, given by its local name."""
        return self._path(("/browse/" + quote(name) if name else "/browse") + self._parameters(**narrowed))

    def claims(self, **narrowed: str) -> str:
        """Returns the URL of the list of claims; ``narrowed`` are filters."""
        return self._path("/claims" + self._parameters(**narrowed))

    def foods(self, form: str = "", per: str = "") -> str:
        """Returns the URL of the foods ranked by a form, given by its local name, per 100 g or ``per`` serving."""
        return self._path("/foods" + self._parameters(form=form, per=per))

    def sections(self) -> str:
        """Returns the URL of the sections of all sources."""
        return self._path("/sections")

    def contradictions(self, claim: str = "") -> str:
        """Returns the URL of all contradictions, or of the evidence against one claim, given by its local name."""
        return self._path("/contradictions" + self._parameters(claim=claim))

    def flaws(self, kind: str = "") -> str:
        """Returns the URL of the flawed claims, or of those with one type of flaw, given by its local name."""
        return self._path("/flaws" + self._parameters(type=kind))

    def article_and_tables(self) -> str:
        """Returns the URL of the page that compares the article with the food tables."""
        return self._path("/article-and-tables")

    def intakes(self) -> str:
        """Returns the URL of the reference intakes."""
        return self._path("/intakes")

    def diet(self, given: Sequence[tuple[str, str]] = (), fmt: str = "") -> str:
        """Returns the URL of the diet calculator.

        Args:
            given: names and values of the form fields, in order.
            fmt: name of a format; by default the page.
        """
        pairs = urlencode([*given, *([("format", fmt)] if fmt else [])])
        return self._path(f"/diet?{pairs}" if pairs else "/diet")

    def sparql(self, query: str = "", fmt: str = "") -> str:
        """Returns the URL of the SPARQL endpoint, with a query and a format of the result if given."""
        return self._path("/sparql" + self._parameters(query=query, format=fmt))

    def sparql_example(self, name: str) -> str:
        """Returns the URL of the SPARQL page with a query of the catalogue and its result."""
        return self._path("/sparql" + self._parameters(example=name))

    def completion(self, release: str) -> str:
        """Returns the URL of the names that the query editor completes, for a release."""
        return self._path("/sparql/completion.json" + self._parameters(release=release))

    def examples(self, release: str) -> str:
        """Returns the URL of the example queries of the editor, for a release."""
        return self._path("/sparql/examples.json" + self._parameters(release=release))

    def sparql_endpoint(self, environ: Mapping[str, Any] | None = None) -> str:
        """Returns the absolute public URL of the SPARQL endpoint; for this request by default."""
        return self.root(environ) + paths.SPARQL

    def pinned(self, release: str) -> str:
        """Returns the permanent URL of this request, which names a release."""
        return paths.pinned(request.script_root, request.path, request.query_string.decode("latin-1"), release)

    def api_queries(self) -> str:
        """Returns the URL of the query catalogue in the API."""
        return self._path("/api/v1/queries")

    def api_query(self, name: str) -> str:
        """Returns the URL of one query of the catalogue in the API."""
        return self._path(f"/api/v1/queries/{quote(name)}")

    def api(self, path: str, given: Mapping[str, str]) -> str:
        """Returns the URL of an API path with parameters; empty ones are omitted."""
        return self._path(quote(path) + self._parameters(**given))

    def reconciliation(self) -> str:
        """Returns the URL of the reconciliation service."""
        return self._path("/api/v1/reconcile")

    def api_docs(self, operation: str = "") -> str:
        """Returns the URL of the API documentation, or of one operation, given by its id."""
        return self._path("/api" + (f"/{quote(operation)}" if operation else ""))

    def api_try(self, operation: str) -> str:
        """Returns the target of an operation's form, which redirects to the operation."""
        return self._path(f"/api/{quote(operation)}/try")

    def openapi(self) -> str:
        """Returns the URL of the OpenAPI document."""
        return self._path("/openapi.json")

    def root(self, environ: Mapping[str, Any] | None = None) -> str:
        """Returns the absolute public URL of this server, without a trailing slash."""
        at = environ or request.environ
        return self._public_url or f"{at['wsgi.url_scheme']}://{at['HTTP_HOST']}{quote(at.get('SCRIPT_NAME', ''))}"

    def static(self, name: str) -> str:
        """Returns the URL of a style sheet or image, with a hash of its content."""
        return self._path(self._assets.address(name))

    def module(self, name: str) -> str:
        """Returns the URL of a browser module, or "" if modules were not bundled: pages work without them."""
        path = self._assets.module(name)
        return self.static(path) if path else ""

    def _path(self, path: str) -> str:
        return (request.script_root if self._prefix is None else self._prefix) + path

    def _parameters(self, **values: str) -> str:
        return "?" + urlencode(given) if (given := {name: value for name, value in values.items() if value}) else ""
