"""One worker: reads queries as JSON lines, answers with a JSON line and a body, until its input ends.

Started by ``kg.engine.workers``; it may be killed at any moment.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from typing import Any, BinaryIO

import pyoxigraph
from pyoxigraph import NamedNode, QueryTriples, Store

from kg.engine import guard
from kg.formats import BY_NAME


class _TooLarge(Exception):
    pass


class _LimitedBuffer:
    """Collects an answer and stops the engine when it grows past the limit."""

    def __init__(self, limit: int) -> None:
        self._chunks: list[bytes] = []
        self._size, self._limit = 0, limit

    def write(self, chunk: bytes) -> int:
        self._size += len(chunk)
        if self._size > self._limit:
            raise _TooLarge
        self._chunks.append(bytes(chunk))
        return len(chunk)

    def flush(self) -> None:
        """The engine calls it; there is nothing to flush."""

    def getvalue(self) -> bytes:
        return b"".join(self._chunks)


def evaluate(store: Store, request: dict[str, Any], result_limit: int) -> tuple[dict[str, Any], bytes]:
    """The header and the body of the answer to one request."""
    query = request["query"]
    try:
        guard.check(query)
        default_graphs, named_graphs = request["default_graphs"], request["named_graphs"]
        answer = store.query(
            query,
            # The engine's union would override what a query says in FROM and FROM NAMED.
            use_default_graph_as_union=not (default_graphs or named_graphs or guard.names_its_dataset(query)),
            default_graph=[NamedNode(iri) for iri in default_graphs] if default_graphs or named_graphs else None,
            named_graphs=[NamedNode(iri) for iri in named_graphs] if default_graphs or named_graphs else None,
        )
        is_graph = isinstance(answer, QueryTriples)
        name = request["graph_format"] if is_graph else request["results_format"]
        if name is None:
            return {"outcome": "not acceptable", "form": "graph" if is_graph else "results"}, b""
        out = _LimitedBuffer(result_limit)
        if is_graph:
            pyoxigraph.serialize(answer, out, format=BY_NAME[name].rdf, prefixes=request["prefixes"])  # type: ignore[arg-type]
        else:
            answer.serialize(out, format=BY_NAME[name].results)  # type: ignore[arg-type]
        return {"outcome": "answer", "format": name}, out.getvalue()
    except guard.Refused as error:
        return {"outcome": "refused", "message": str(error)}, b""
    except SyntaxError as error:
        return {"outcome": "syntax", "message": str(error)}, b""
    except _TooLarge:
        return {"outcome": "too large"}, b""
    except MemoryError:
        return {"outcome": "memory"}, b""
    except (ValueError, RuntimeError, OSError) as error:
        return {"outcome": "failed", "message": str(error)}, b""


def serve(store: Store, source: BinaryIO, sink: BinaryIO, result_limit: int) -> None:
    for line in source:
        header, body = evaluate(store, json.loads(line), result_limit)
        sink.write(json.dumps({**header, "length": len(body)}).encode() + b"\n" + body)
        sink.flush()


def _leave_with_parent(parent: int) -> None:
    # The engine lets go of the interpreter while it evaluates, so this thread runs even beside a query that never ends.
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main() -> None:
    store_path, memory_mib, result_limit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    threading.Thread(target=_leave_with_parent, args=(os.getppid(),), daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (memory_mib << 20, memory_mib << 20))
    serve(Store.read_only(store_path), sys.stdin.buffer, sys.stdout.buffer, result_limit)


if __name__ == "__main__":
    main()
