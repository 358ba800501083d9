"""Loads a release into an engine elsewhere, by SPARQL Update in batches. Safe to repeat: graphs are emptied first."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from collections.abc import Callable, Iterator
from itertools import islice

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, serialize

from kg.engine.http import connect
from kg.errors import VitkError
from kg.formats import JSON
from kg.release import Release

_SECONDS = 600
_FORM = "application/x-www-form-urlencoded"


def push(release: Release, query_address: str, update_address: str, batch: int, progress: Callable[[int], None]) -> int:
    """Loads all graphs of a release; returns the number of triples.

    Args:
        release: what is loaded.
        query_address: where the engine answers queries, asked for the counts at the end.
        update_address: where it takes updates.
        batch: triples in one request.
        progress: told how many triples went with each request.

    Raises:
        VitkError: the engine refused, or holds something else afterwards than the release.
    """
    store = Store.read_only(str(release.store))
    counts: dict[str, int] = {}
    for graph in store.named_graphs():
        assert isinstance(graph, NamedNode)
        _update(update_address, f"CLEAR SILENT GRAPH {graph}")
        counts[graph.value] = 0
        for triples in _batches(store, graph, batch):
            data = f"{{ GRAPH {graph} {{\n{_written(triples)}}} }}"
            # Virtuoso takes no blank nodes in INSERT DATA, and only short templates.
            _update(update_address, f"INSERT {data} WHERE {{}}" if _is_anonymous(triples[0]) else f"INSERT DATA {data}")
            counts[graph.value] += len(triples)
            progress(len(triples))
    for graph_iri, expected in counts.items():
        found = _count(query_address, graph_iri)
        if found != expected:
            raise VitkError(f"{graph_iri}: {expected:,} triples were sent, the engine holds {found:,}.")
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


def _written(quads: list[Quad]) -> str:
    written = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    assert written is not None
    return written.decode("utf-8")


def _update(address: str, update: str) -> None:
    _post(address, update.encode(), {"Content-Type": "application/sparql-update"})


def _count(address: str, graph: str) -> int:
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}"
    form = urllib.parse.urlencode({"query": query}).encode()
    answer = _post(address, form, {"Accept": JSON.media_type, "Content-Type": _FORM})
    return int(json.loads(answer)["results"]["bindings"][0]["n"]["value"])


def _post(address: str, body: bytes, headers: dict[str, str]) -> bytes:
    connection, target = connect(address, _SECONDS)
    try:
        connection.request("POST", target, body, headers)
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise VitkError(f"{address}: the engine can't be reached: {error or type(error).__name__}.") from error
    finally:
        connection.close()
    if answer.status >= 300:
        said = content[:300].decode("utf-8", "replace")
        raise VitkError(f"{address}: the engine answers with status {answer.status}: {said}")
    return content
