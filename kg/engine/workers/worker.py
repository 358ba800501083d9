"""A worker process, forked by the zygote: evaluates queries until its socket closes. It may be killed at any moment.

Its defences against an untrusted query are a memory limit, a result limit, the guard and, unless SERVICE is allowed,
that it cannot open any file or socket during evaluation.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.engine.workers import ipc, process
from kg.engine.workers.label_columns import with_labels
from kg.rdf import serialise
from kg.rdf.anonymous_file import anonymous_file
from kg.rdf.formats import BY_NAME
from kg.rdf.output_buffer import NotSerialisableError, OutputFileError, OutputLimitError, SpooledOutput
from kg.sparql import guard, unknown_names
from kg.sparql.diagnosis import diagnose

# Added to the nice value: pages have priority over long queries.
_NICENESS = 5
_UNKNOWN_FUNCTION = re.compile(r"The custom function <([^>]*)> is not supported")
_MAX_UNKNOWN_FUNCTIONS = 100
# Bytes of a result that may have no rows.
_MAY_BE_EMPTY = 400
# In kB, the unit of ru_maxrss. A worker whose peak grew by more than this (64 MiB) exits after its query and is forked
# anew, since the engine keeps memory for later. Pages of the graph that it shared before do not count here.
_GROWTH_BEFORE_REPLACEMENT = 64 << 10


@dataclass(frozen=True)
class Limits:
    """Limits of one worker: bytes of memory beyond the release, bytes of a result, endpoints that SERVICE may call."""

    memory: int
    result: int
    service_allowlist: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkerSettings:
    """The settings of a worker.

    Attributes:
        limits: its limits.
        prefixes: what it writes and suggests.
        default_graphs: IRIs of the graphs that are the default graph together; without any, all graphs are.
    """

    limits: Limits
    prefixes: dict[str, str]
    default_graphs: tuple[str, ...] = ()


def main(requests: socket.socket, store: Store | None, path: Path, zygote: int, settings: WorkerSettings) -> NoReturn:
    """Runs the worker until its socket closes.

    Args:
        requests: socket for requests and responses.
        store: the release in memory, or ``None`` to read it from disk.
        path: store of the release on disk.
        zygote: pid of the zygote, with which the worker ends.
        settings: limits and prefixes.
    """
    process.die_with_parent(zygote, signal.SIGKILL)
    os.nice(_NICENESS)
    limits = settings.limits
    sealed = store is not None and not limits.service_allowlist
    store = store if store is not None else Store.read_only(str(path))
    # The limit counts from here: memory of the release itself is shared and not the query's.
    data = process.data_bytes() + limits.memory
    resource.setrlimit(resource.RLIMIT_DATA, (data, data))
    forked = resource.getrusage(resource.RUSAGE_SELF)
    try:
        while True:
            # Opened before evaluation, during which nothing can be opened; replaced when it was sent away with a
            # result.
            with _temporary_file() as file:
                used = False
                while not used:
                    request, _, _ = ipc.receive(requests)
                    started = time.monotonic()
                    output = SpooledOutput(limits.result, file)
                    with _without_file_descriptors() if sealed else nullcontext():
                        header = _evaluated(store, request, output, settings)
                    content: bytes | BinaryIO = b""
                    if header["outcome"] == "answer":
                        header, content = _finished(header, output)
                    body, files = (content, ()) if isinstance(content, bytes) else (b"", (content.fileno(),))
                    usage = resource.getrusage(resource.RUSAGE_SELF)
                    grown = usage.ru_maxrss - forked.ru_maxrss > _GROWTH_BEFORE_REPLACEMENT
                    copied = (usage.ru_minflt - forked.ru_minflt) * resource.getpagesize()
                    header |= {"length": output.size, "seconds": time.monotonic() - started}
                    header |= {"last": grown, "copied": copied, "cpu": usage.ru_utime + usage.ru_stime}
                    ipc.send(requests, header, body, files)
                    if grown:
                        os._exit(0)
                    used = output.used_the_file
    except (EOFError, ConnectionError):
        os._exit(0)


def _temporary_file() -> AbstractContextManager[BinaryIO | None]:
    """A file without a name and without a buffer, whose closing writes nothing; ``None`` on a full disk."""
    try:
        return cast("AbstractContextManager[BinaryIO | None]", anonymous_file(buffering=0))
    except OSError:
        return nullcontext(None)


def _finished(header: dict[str, Any], output: SpooledOutput) -> tuple[dict[str, Any], bytes | BinaryIO]:
    try:
        return header, output.finish()
    except OutputFileError:
        return {"outcome": "disk full"}, b""


def _evaluated(
    store: Store, request: dict[str, Any], output: SpooledOutput, settings: WorkerSettings
) -> dict[str, Any]:
    try:
        return evaluate(store, request, output, settings)
    except MemoryError:
        # Diagnosing a long query takes memory too.
        return {"outcome": "memory"}


def evaluate(store: Store, request: dict[str, Any], output: SpooledOutput, settings: WorkerSettings) -> dict[str, Any]:
    """Evaluates one request and writes its result to ``output``; returns the header of the response."""
    traits: guard.QueryTraits | None = None
    try:
        traits = guard.check(request["query"], settings.limits.service_allowlist)
        default_graphs, named_graphs = request["default_graphs"], request["named_graphs"]
        override = bool(default_graphs or named_graphs)
        # What is said here would override what a query says in FROM and FROM NAMED.
        is_ours = not (override or traits.has_dataset_clause)
        default = default_graphs if override else settings.default_graphs if is_ours else ()
        answer = _query(
            store,
            request["query"],
            base_iri=request["base_iri"] or None,
            use_default_graph_as_union=is_ours and not default,
            default_graph=[NamedNode(iri) for iri in default] if override or default else None,
            named_graphs=[NamedNode(iri) for iri in named_graphs] if override else None,
        )
        is_graph = isinstance(answer, QueryTriples)
        name = request["graph_format"] if is_graph else request["results_format"]
        if name is None:
            return {"outcome": "not acceptable", "form": "graph" if is_graph else "results"}
        if request["labels"] and isinstance(answer, QuerySolutions):
            answer = with_labels(answer, store, request["labels"], settings.default_graphs)
        if isinstance(answer, QueryTriples):
            serialise.graph(answer, BY_NAME[name], output, settings.prefixes)
        else:
            serialise.rows(answer, BY_NAME[name], output)
    except (guard.GuardError, NotSerialisableError) as error:
        return {"outcome": "refused", "message": str(error)}
    except SyntaxError as error:
        # Here and not in the server: reading a long query takes time and memory.
        diagnosis = diagnose(request["query"], str(error), settings.prefixes)
        return {"outcome": "syntax", "diagnosis": asdict(diagnosis)}
    except OutputLimitError:
        return {"outcome": "too large"}
    except OutputFileError:
        return {"outcome": "disk full"}
    except (ValueError, RuntimeError, OSError) as error:
        return _failure(error, traits)
    hint_text = ""
    if output.size < _MAY_BE_EMPTY and all(prefix in settings.prefixes for prefix in unknown_names.OURS):
        hint_text = unknown_names.hint(request["query"], store, settings.prefixes)
    return {"outcome": "answer", "format": name, "deterministic": traits.is_deterministic, "hint": hint_text}


def _failure(error: Exception, traits: guard.QueryTraits | None) -> dict[str, Any]:
    # If the query calls an endpoint, an error without a message of ours is that endpoint's.
    is_service_failure = traits is not None and traits.calls_service and "is not supported" not in str(error)
    return {"outcome": "service failed" if is_service_failure else "failed", "message": str(error)}


def _query(store: Store, text: str, **options: Any) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Evaluates a query in which calls of unknown functions are errors of their expressions (SPARQL 1.1, 17.6).

    The engine names one unknown function at a time and evaluates nothing before it knows all.
    """
    functions: dict[NamedNode, Callable[..., None]] = {}
    while True:
        try:
            return store.query(text, custom_functions=functions, **options)  # type: ignore[arg-type]
        except RuntimeError as error:
            unknown = _UNKNOWN_FUNCTION.search(str(error))
            if unknown is None or len(functions) == _MAX_UNKNOWN_FUNCTIONS:
                raise
            functions[NamedNode(unknown.group(1))] = _no_value


def _no_value(*_: object) -> None:
    """Stands for any unknown function: an expression that calls it has no value."""


@contextmanager
def _without_file_descriptors() -> Iterator[None]:
    """Prevents the opening of files and sockets: defence in depth behind the guard."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
