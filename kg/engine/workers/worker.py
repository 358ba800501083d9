"""One worker, forked by the zygote: evaluates queries until its socket closes. It may be killed at any moment.

What it holds against a stranger's query: a limit on memory, a limit on the answer, the guard, and, where no other
endpoint may be called, that it can't open any file or socket while it evaluates.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from pyoxigraph import NamedNode, QuerySolutions, QueryTriples, Store

from kg.engine.workers import ipc, process
from kg.engine.workers.label_columns import with_labels
from kg.rdf import serialise
from kg.rdf.formats import BY_NAME
from kg.rdf.output_buffer import NotSerialisableError, OutputLimitError, SpooledOutput
from kg.sparql import guard, unknown_names
from kg.sparql.diagnosis import diagnose

# Added to the priority number: while long queries run, pages are made first.
_BEHIND_PAGES = 5
# In bytes: answers that may well have no rows.
_MAY_BE_EMPTY = 400
# In kB, as the system counts it.
_GROWTH_BEFORE_REPLACEMENT = 64 << 10


@dataclass(frozen=True)
class Limits:
    """What one worker may use: bytes of memory beyond the release, bytes of an answer, endpoints it may call."""

    memory: int
    result: int
    service_allowlist: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkerSettings:
    """What a worker needs to know: its limits, and the prefixes that it writes and suggests."""

    limits: Limits
    prefixes: dict[str, str]


def main(requests: socket.socket, store: Store | None, path: Path, zygote: int, settings: WorkerSettings) -> NoReturn:
    """The life of a worker.

    Args:
        requests: where queries come from and answers go.
        store: the release in memory, or ``None`` where it is too large for that.
        path: the release on disk.
        zygote: the process with which the worker ends.
        settings: what it may use and what it needs to know.
    """
    process.die_with_parent(zygote, signal.SIGKILL)
    os.nice(_BEHIND_PAGES)
    limits = settings.limits
    sealed = store is not None and not limits.service_allowlist
    store = store if store is not None else Store.read_only(str(path))
    # Counted from here on: what the release itself takes is shared and not the query's.
    data = process.data_bytes() + limits.memory
    resource.setrlimit(resource.RLIMIT_DATA, (data, data))
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        while True:
            # Opened ahead, and anew when it was given away: during evaluation nothing can be opened.
            with tempfile.TemporaryFile() as file:
                used = False
                while not used:
                    request, _, _ = ipc.receive(requests)
                    started = time.monotonic()
                    output = SpooledOutput(limits.result, file)
                    with _without_file_descriptors() if sealed else nullcontext():
                        header = _evaluated(store, request, output, settings)
                    content = output.finish() if header["outcome"] == "answer" else b""
                    body, files = (content, ()) if isinstance(content, bytes) else (b"", (content.fileno(),))
                    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - resident > _GROWTH_BEFORE_REPLACEMENT
                    header |= {"length": output.size, "seconds": time.monotonic() - started, "last": grown}
                    ipc.send(requests, header, body, files)
                    if grown:
                        os._exit(0)
                    used = output.used_the_file
    except (EOFError, ConnectionError):
        os._exit(0)


def _evaluated(
    store: Store, request: dict[str, Any], output: SpooledOutput, settings: WorkerSettings
) -> dict[str, Any]:
    try:
        return evaluate(store, request, output, settings)
    except MemoryError:
        # Telling what is wrong with a long query takes memory too.
        return {"outcome": "memory"}


def evaluate(store: Store, request: dict[str, Any], output: SpooledOutput, settings: WorkerSettings) -> dict[str, Any]:
    """Writes the answer to one request; returns what there is to say about it."""
    facts: guard.QueryTraits | None = None
    try:
        facts = guard.check(request["query"], settings.limits.service_allowlist)
        default_graphs, named_graphs = request["default_graphs"], request["named_graphs"]
        override = bool(default_graphs or named_graphs)
        answer = store.query(
            request["query"],
            # The engine's union would override what a query says in FROM and FROM NAMED.
            use_default_graph_as_union=not (override or facts.has_dataset_clause),
            default_graph=[NamedNode(iri) for iri in default_graphs] if override else None,
            named_graphs=[NamedNode(iri) for iri in named_graphs] if override else None,
        )
        is_graph = isinstance(answer, QueryTriples)
        name = request["graph_format"] if is_graph else request["results_format"]
        if name is None:
            return {"outcome": "not acceptable", "form": "graph" if is_graph else "results"}
        if request["labels"] and isinstance(answer, QuerySolutions):
            answer = with_labels(answer, store, request["labels"])
        if isinstance(answer, QueryTriples):
            serialise.graph(answer, BY_NAME[name], output, settings.prefixes)
        else:
            serialise.rows(answer, BY_NAME[name], output)
    except guard.GuardError as error:
        return {"outcome": "refused", "message": str(error)}
    except SyntaxError as error:
        # Here and not in the serving process: reading a long query takes time and memory.
        diagnosis = diagnose(request["query"], str(error), settings.prefixes)
        return {"outcome": "syntax", "diagnosis": asdict(diagnosis)}
    except OutputLimitError:
        return {"outcome": "too large"}
    except NotSerialisableError as error:
        return {"outcome": "refused", "message": str(error)}
    except (ValueError, RuntimeError, OSError) as error:
        # Only where an endpoint may be called, what goes wrong outside a text of our own is its doing.
        is_service_failure = facts is not None and facts.calls_service and "is not supported" not in str(error)
        return {"outcome": "service failed" if is_service_failure else "failed", "message": str(error)}
    hint_text = ""
    if output.size < _MAY_BE_EMPTY and all(prefix in settings.prefixes for prefix in unknown_names.OURS):
        hint_text = unknown_names.hint(request["query"], store, settings.prefixes)
    return {"outcome": "answer", "format": name, "deterministic": facts.is_deterministic, "hint": hint_text}


@contextmanager
def _without_file_descriptors() -> Iterator[None]:
    """Nothing can be opened in here, neither file nor socket: a second wall behind the guard."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
