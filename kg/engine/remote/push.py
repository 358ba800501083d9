"""Loads a release into an engine elsewhere, by SPARQL Update in batches. Safe to repeat: graphs are emptied first."""

from __future__ import annotations

import http.client
import json
import time
import urllib.parse
from collections.abc import Callable, Iterator
from itertools import islice

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, serialize

from kg.engine.remote import release_watch
from kg.engine.remote.connection import Endpoint
from kg.errors import VitkError
from kg.rdf.formats import FORM_TYPE, JSON
from kg.release import Release

_SECONDS = 600


def push(release: Release, query_address: str, update_address: str, batch: int, progress: Callable[[int], None]) -> int:
    """Loads all graphs of a release; returns the number of triples. Graphs of an earlier one that it lacks are emptied.
    What the engine says of the release that it holds is withdrawn first and said last.

    Args:
        release: what is loaded.
        query_address: where the engine answers queries, asked for the counts at the end; see ``Endpoint``.
        update_address: where it takes updates.
        batch: triples in one request.
        progress: told how many triples went with each request.

    Raises:
        VitkError: the engine refused, holds something else afterwards than the release, or answers otherwise.
    """
    store = Store.read_only(str(release.store))
    queries, updates = Endpoint(query_address), Endpoint(update_address)
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    final = release_watch.statement(release.base_iri, release.id)
    incomplete = release_watch.statement(release.base_iri, release_watch.INCOMPLETE)
    earlier = _earlier(queries, release.base_iri)
    _update(updates, f"INSERT DATA {_data([incomplete])}")
    if earlier:
        time.sleep(release_watch.STALE_AFTER)
    for graph in {*graphs, *earlier}:
        again = f"; INSERT DATA {_data([incomplete])}" if graph == incomplete.graph_name else ""
        _update(updates, f"CLEAR SILENT GRAPH {graph}{again}")
    counts: dict[str, int] = {}
    for graph in graphs:
        counts[graph.value] = 0
        for quads in _batches(store, graph, batch):
            # The one stands in for the other until the end.
            data = _data([quad for quad in quads if quad != final])
            # Virtuoso takes no blank nodes in INSERT DATA, and only short templates.
            _update(updates, f"INSERT {data} WHERE {{}}" if _is_anonymous(quads[0]) else f"INSERT DATA {data}")
            counts[graph.value] += len(quads)
            progress(len(quads))
    for graph_iri, expected in counts.items():
        found = _count(queries, graph_iri)
        if found != expected:
            raise VitkError(f"{graph_iri}: {expected:,} triples were sent, the engine holds {found:,}.")
    _update(updates, f"INSERT DATA {_data([final])}")
    _update(updates, f"DELETE DATA {_data([incomplete])}")
    if trouble := _remote_releases(queries, release).trouble(release.id):
        raise VitkError(f"All triples are in the engine. {trouble}")
    return sum(counts.values())


def _batches(store: Store, graph: NamedNode, size: int) -> Iterator[list[Quad]]:
    # A blank node keeps its identity within one request only, so all triples that have one go together.
    anonymous = [quad for quad in store.quads_for_pattern(None, None, None, graph) if _is_anonymous(quad)]
    if anonymous:
        yield anonymous
    named = (quad for quad in store.quads_for_pattern(None, None, None, graph) if not _is_anonymous(quad))
    while batch := list(islice(named, size)):
        yield batch


def _is_anonymous(quad: Quad) -> bool:
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)


def _data(quads: list[Quad]) -> str:
    """Quads of one graph as SPARQL Update writes them."""
    written = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    assert written is not None
    return f"{{ GRAPH {quads[0].graph_name} {{\n{written.decode('utf-8')}}} }}"


def _update(updates: Endpoint, update: str) -> None:
    _post(updates, update.encode(), {"Content-Type": "application/sparql-update"})


def _earlier(queries: Endpoint, base_iri: str) -> list[NamedNode]:
    """The graphs of ours that the engine holds already."""
    found = _rows(queries, "SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } }")
    graph_iris = [row["graph"]["value"] for row in found]
    return [NamedNode(graph) for graph in graph_iris if graph.startswith(f"{base_iri}graph/")]


def _remote_releases(queries: Endpoint, release: Release) -> release_watch.RemoteRelease:
    rows = _rows(queries, release_watch.release_query(release.base_iri))
    return release_watch.read([{name: term["value"] for name, term in row.items()} for row in rows])


def _count(queries: Endpoint, graph: str) -> int:
    (row,) = _rows(queries, f"SELECT (COUNT(*) AS ?n) {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}")
    return int(row["n"]["value"])


def _rows(queries: Endpoint, query: str) -> list[dict[str, dict[str, str]]]:
    form = urllib.parse.urlencode({"query": query}).encode("ascii")
    answer = _post(queries, form, {"Accept": JSON.media_type, "Content-Type": FORM_TYPE})
    rows: list[dict[str, dict[str, str]]] = json.loads(answer)["results"]["bindings"]
    return rows


def _post(endpoint: Endpoint, body: bytes, headers: dict[str, str]) -> bytes:
    reached = False
    try:
        connection = endpoint.connect(time.monotonic() + _SECONDS)
        reached = True
        try:
            answer = endpoint.post(connection, body, headers)
            content = answer.read()
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        what = "closed the connection before its answer was whole" if reached else "can't be reached"
        raise VitkError(f"{endpoint.shown}: the engine {what}: {error or type(error).__name__}.") from error
    if answer.status >= 300:
        said = "" if answer.headers.get_content_type() == "text/html" else content[:300].decode("utf-8", "replace")
        raise VitkError(f"{endpoint.shown}: the engine answers with status {answer.status}. {said}".rstrip())
    return content
