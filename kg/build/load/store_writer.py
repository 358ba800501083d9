"""Fills the store of food tables during a build."""

from __future__ import annotations

import resource
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

# The engine keeps the index of every open file of the store in memory, and a large store has hundreds of files. It
# opens as many as the process may open, less 48, and reads that limit only once. A file gets the lowest free
# descriptor, so the limit must be counted from the descriptors in use.
OPEN_FILES = 112
# About 600 MB.
MAX_QUADS_IN_MEMORY = 2_000_000
_AT_ONCE = 2


def for_loading(path: Path) -> Store:
    """Opens a store on disk whose memory use stays small however large it grows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = len(list(Path("/dev/fd").iterdir())) + OPEN_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit, soft), hard))
    try:
        return Store(str(path))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class StoreWriter:
    """A store on disk and, while it is small, a copy in memory, which answers queries several times faster.

    The engine adds triples without holding the GIL, so the caller can produce more meanwhile. The copy is filled
    sequentially, so that equal releases contain the triples in the same order.

    Args:
        path: folder of the new store.
        is_small: whether to keep a copy in memory while the store is small.
    """

    def __init__(self, path: Path, *, is_small: bool) -> None:
        self._path, self._disk = path, for_loading(path)
        self._copy = Store() if is_small else None
        self._loaded = 0
        self._on_disk, self._in_memory = ThreadPoolExecutor(_AT_ONCE), ThreadPoolExecutor(1)
        self._under_way: deque[Future[None]] = deque()

    def add_graph(self, graph: NamedNode) -> None:
        """Adds a named graph, which exists even while it is empty."""
        self._disk.add_graph(graph)
        if self._copy is not None:
            self._copy.add_graph(graph)

    def extend(self, quads: Iterable[Quad]) -> None:
        """Adds quads, in any order."""
        self.finish()
        ordered = sorted(quads, key=str)
        self._add(lambda store: store.bulk_extend(ordered))
        self.finish()

    def load(self, triples: bytes, graph: NamedNode) -> None:
        """Starts to add N-Triples to a graph; waits if several loads are running. ``finish`` waits for all of them."""
        while len(self._under_way) >= (_AT_ONCE if self._copy is None else 2 * _AT_ONCE):
            self._under_way.popleft().result()

        def load(store: Store) -> None:
            # The library validated every term when it was created; validating IRIs again takes time and finds nothing.
            store.bulk_load(triples, format=RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)

        self._loaded += triples.count(b"\n")
        if self._loaded > MAX_QUADS_IN_MEMORY:
            self._copy = None
        self._add(load)

    def finish(self) -> None:
        """Waits until all triples are added."""
        while self._under_way:
            self._under_way.popleft().result()

    def reopen_for_queries(self) -> Store:
        """Returns the store to query once loading is (almost) finished."""
        self.finish()
        # During loading only few of its files could be open, which would slow queries down.
        self._disk.flush()
        del self._disk
        self._disk = Store(str(self._path))
        return self._disk if self._copy is None else self._copy

    def optimise(self) -> None:
        """Compacts the store on disk for readers."""
        self._disk.optimize()
        self._disk.flush()

    def _add(self, adding: Callable[[Store], None]) -> None:
        self._under_way.append(self._on_disk.submit(adding, self._disk))
        if self._copy is not None:
            self._under_way.append(self._in_memory.submit(adding, self._copy))
