"""Counts the queries that a reader runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class QueryCounter:
    """Goes around the engine's work, as the ``beside`` of a ``Reader``; ``count`` is the number of queries so far."""

    def __init__(self) -> None:
        self.count = 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.count += 1
        yield
