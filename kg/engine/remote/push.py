"""Loads a release into a remote endpoint by SPARQL 1.1 Update, in batches. Safe to repeat: graphs are emptied first."""

from __future__ import annotations

import http.client
import json
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, serialize

from kg.engine.remote import release_watch
from kg.engine.remote.connection import Endpoint
from kg.errors import VitkError
from kg.rdf.formats import FORM_TYPE, JSON
from kg.release.release import Release

_SECONDS = 600
# In triples; Virtuoso rejects templates that become more than 10,000 lines of SQL.
_LONGEST_TEMPLATE = 500


def push(release: Release, query_address: str, update_address: str, batch: int, progress: Callable[[int], None]) -> int:
    """Loads all graphs of a release into a remote endpoint.

    Graphs of an earlier release that this one lacks are emptied. The statement of which release the endpoint contains
    is withdrawn first and inserted last, so that no server uses a partial release.

    Args:
        release: the release to load.
        query_address: URL of the query endpoint, used to count triples at the end; see ``Endpoint``.
        update_address: URL of the update endpoint.
        batch: number of triples per request.
        progress: called after each request with the number of triples sent.

    Returns:
        The number of triples.

    Raises:
        VitkError: the endpoint rejects a request, sends an invalid response, or does not contain the release
            afterwards.
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
            # Until the end, ``incomplete`` takes the place of ``final``.
            data = _data([quad for quad in quads if quad != final])
            # Virtuoso accepts no blank nodes in INSERT DATA, and templates only if they are short.
            _update(updates, f"INSERT {data} WHERE {{}}" if _is_anonymous(quads[0]) else f"INSERT DATA {data}")
            counts[graph.value] += len(quads)
            progress(len(quads))
    for graph_iri, expected in counts.items():
        count = _count(queries, graph_iri)
        if count != expected:
            raise VitkError(f"{graph_iri}: {expected:,} triples were sent, but the endpoint contains {count:,}.")
    _update(updates, f"INSERT DATA {_data([final])}")
    _update(updates, f"DELETE DATA {_data([incomplete])}")
    if trouble := _remote_releases(queries, release).trouble(release.id):
        raise VitkError(f"All triples were loaded. {trouble}")
    return sum(counts.values())


def _batches(store: Store, graph: NamedNode, size: int) -> Iterator[list[Quad]]:
    # A blank node keeps its identity within one request only, so all triples that contain one go together.
    waiting: list[Quad] = []
    for connected in _connected([q for q in store.quads_for_pattern(None, None, None, graph) if _is_anonymous(q)]):
        if waiting and len(waiting) + len(connected) > min(size, _LONGEST_TEMPLATE):
            yield waiting
            waiting = []
        waiting += connected
    if waiting:
        yield waiting
    named = (quad for quad in store.quads_for_pattern(None, None, None, graph) if not _is_anonymous(quad))
    while batch := list(islice(named, size)):
        yield batch


def _connected(quads: list[Quad]) -> Iterable[list[Quad]]:
    """Returns quads with blank nodes in groups, of which no two have a blank node in common."""
    leads: dict[BlankNode, BlankNode] = {}

    def lead(node: BlankNode) -> BlankNode:
        while (above := leads.setdefault(node, node)) != node:
            node = above
        return node

    for quad in quads:
        nodes = _blank_nodes(quad)
        leads[lead(nodes[-1])] = lead(nodes[0])
    groups: defaultdict[BlankNode, list[Quad]] = defaultdict(list)
    for quad in quads:
        groups[lead(_blank_nodes(quad)[0])].append(quad)
    return groups.values()


def _blank_nodes(quad: Quad) -> list[BlankNode]:
    return [term for term in (quad.subject, quad.object) if isinstance(term, BlankNode)]


def _is_anonymous(quad: Quad) -> bool:
    return bool(_blank_nodes(quad))


def _data(quads: list[Quad]) -> str:
    """Returns quads of one graph as SPARQL 1.1 Update ``QuadData``."""
    written = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    assert written is not None
    return f"{{ GRAPH {quads[0].graph_name} {{\n{written.decode('utf-8')}}} }}"


def _update(updates: Endpoint, update: str) -> None:
    _post(updates, update.encode(), {"Content-Type": "application/sparql-update"})


def _earlier(queries: Endpoint, base_iri: str) -> list[NamedNode]:
    """Returns the vitk graphs that the endpoint already contains."""
    rows = _rows(queries, "SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } }")
    graph_iris = [row["graph"]["value"] for row in rows]
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
        what = "closed the connection before its response was complete" if reached else "cannot be reached"
        raise VitkError(f"{endpoint.shown}: the endpoint {what}: {error or type(error).__name__}.") from error
    if answer.status >= 300:
        message = "" if answer.headers.get_content_type() == "text/html" else content[:300].decode("utf-8", "replace")
        raise VitkError(f"{endpoint.shown}: the endpoint responded with status {answer.status}. {message}".rstrip())
    return content
