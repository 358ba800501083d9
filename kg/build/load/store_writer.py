"""The store of a release, while a build fills it."""

from __future__ import annotations

import resource
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

# The engine keeps the index of every file of the store that it has open, and a large store has hundreds. It opens as
# many as the process may, less 48, and asks only once. A file takes the lowest number that is free, so the limit that
# leaves so many counts from those that are open.
OPEN_FILES = 112
# About 600 MB.
MAX_QUADS_IN_MEMORY = 2_000_000
_AT_ONCE = 2


def for_loading(path: Path) -> Store:
    """A store on disk that stays small in memory however large it grows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = len(list(Path("/dev/fd").iterdir())) + OPEN_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, soft), hard))
    try:
        return Store(str(path))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class StoreWriter:
    """A store on disk, and a copy of it in memory as long as that is small, which answers several times as fast.

    While the engine adds triples, which needs no Python, whoever makes them can make more. Into the copy they go one
    piece after the other, so that equal releases have them in the same order.

    Args:
        path: where on disk; there is nothing yet.
        is_small: whether it may stay small; else there is no copy.
    """

    def __init__(self, path: Path, *, is_small: bool) -> None:
        self._path, self._disk = path, for_loading(path)
        self._copy = Store() if is_small else None
        self._loaded = 0
        self._on_disk, self._in_memory = ThreadPoolExecutor(_AT_ONCE), ThreadPoolExecutor(1)
        self._under_way: deque[Future[None]] = deque()

    def add_graph(self, graph: NamedNode) -> None:
        """Adds a graph, which is there even while it is empty."""
        self._disk.add_graph(graph)
        if self._copy is not None:
            self._copy.add_graph(graph)

    def extend(self, quads: Iterable[Quad]) -> None:
        """Adds quads, which may come in any order."""
        self.finish()
        ordered = sorted(quads, key=str)
        self._add(lambda store: store.bulk_extend(ordered))
        self.finish()

    def replace(self, former: Iterable[Quad], quads: Iterable[Quad]) -> None:
        """Removes quads, and adds those that take their place."""
        self.finish()
        for quad in former:
            self._disk.remove(quad)
            if self._copy is not None:
                self._copy.remove(quad)
        self.extend(quads)

    def load(self, triples: bytes, graph: NamedNode) -> None:
        """Begins to add N-Triples to a graph; ``finish`` ends it, or another ``load`` when some are under way."""
        while len(self._under_way) >= (_AT_ONCE if self._copy is None else 2 * _AT_ONCE):
            self._under_way.popleft().result()

        def load(store: Store) -> None:
            # The library checked every term when it was made: checking IRIs once more takes time and finds nothing.
            store.bulk_load(triples, format=RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)

        self._loaded += triples.count(b"\n")
        if self._loaded > MAX_QUADS_IN_MEMORY:
            self._copy = None
        self._add(load)

    def finish(self) -> None:
        """Waits until all that came is there."""
        while self._under_way:
            self._under_way.popleft().result()

    def reopen_for_queries(self) -> Store:
        """Where questions are asked, now that it is filled but for a few triples."""
        self.finish()
        # While it was filled, few of its files were open, which questions would wait for.
        self._disk.flush()
        del self._disk
        self._disk = Store(str(self._path))
        return self._disk if self._copy is None else self._copy

    def optimise(self) -> None:
        """Arranges what is on disk for those who read it."""
        self._disk.optimize()
        self._disk.flush()

    def _add(self, adding: Callable[[Store], None]) -> None:
        self._under_way.append(self._on_disk.submit(adding, self._disk))
        if self._copy is not None:
            self._under_way.append(self._in_memory.submit(adding, self._copy))
