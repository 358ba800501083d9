"""Prometheus metrics: queries by outcome, their duration, query workers and the response cache.

If ``vitk serve`` runs several processes, each writes its metrics to a shared folder, and any of them reports all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from kg.engine.interface.base import EngineStatus

MEDIA_TYPE = CONTENT_TYPE_LATEST
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(frozen=True)
class CacheStats:
    """Size and use of the response cache.

    Attributes:
        entries: number of cached responses.
        bytes: their size in memory.
        hits: requests answered from the cache since the start.
        misses: cacheable requests that the application answered since the start.
    """

    entries: int = 0
    bytes: int = 0
    hits: int = 0
    misses: int = 0

    def __add__(self, other: CacheStats) -> CacheStats:
        return CacheStats(
            self.entries + other.entries,
            self.bytes + other.bytes,
            self.hits + other.hits,
            self.misses + other.misses,
        )


class Metrics:
    """The metrics of one server process.

    Args:
        folder: shared folder of all server processes, which the environment variable ``PROMETHEUS_MULTIPROC_DIR``
            named before ``prometheus_client`` was imported. Without one, only this process is reported.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        own = self._own = CollectorRegistry()
        self._queries = Counter(
            "vitk_queries", "SPARQL queries that went to the engine, by outcome.", ["outcome"], registry=own
        )
        # Looking a labelled counter up takes longer than counting.
        self._by_outcome: dict[str, Counter] = {}
        self._seconds = Histogram(
            "vitk_query_duration_seconds", "Time from arrival to result.", buckets=_BUCKETS, registry=own
        )
        self._restarts = _CumulativeCounter(
            "vitk_query_worker_restarts", "Query workers replaced after a kill, a crash or growth.", own
        )
        self._release_errors = Counter(
            "vitk_release_errors", "Attempts to open a new release that failed; see the log.", registry=own
        )
        self._hits = _CumulativeCounter("vitk_cache_hits", "Requests answered from the response cache.", own)
        self._misses = _CumulativeCounter("vitk_cache_misses", "Cacheable requests that the application answered.", own)
        self._workers = _sum("vitk_query_workers", "Query workers.", own)
        self._busy = _sum("vitk_query_workers_busy", "Query workers that are evaluating a query.", own)
        self._long = _sum("vitk_query_workers_long", "Query workers that are evaluating a long query.", own)
        self._queue_length = _sum("vitk_query_queue_length", "Queries waiting for a worker.", own)
        self._bytes = _sum("vitk_cache_bytes", "Size of the response cache.", own)
        self._entries = _sum("vitk_cache_entries", "Responses in the response cache.", own)
        self._from_memory = Gauge(
            "vitk_store_in_memory",
            "1 if the pages and the API of every serving process read the graph from memory.",
            multiprocess_mode="livemin",
            registry=own,
        )

    def query(self, outcome: str, seconds: float) -> None:
        """Counts one query that went to the engine.

        Args:
            outcome: label of its outcome, such as ``answered`` or ``query_timeout``.
            seconds: time from arrival to result.
        """
        if (counter := self._by_outcome.get(outcome)) is None:
            counter = self._by_outcome[outcome] = self._queries.labels(outcome)
        counter.inc()
        self._seconds.observe(seconds)

    def release_error(self) -> None:
        """Counts one attempt to open a new release that failed."""
        self._release_errors.inc()

    def observe(self, engine: EngineStatus, cache: CacheStats, *, from_memory: bool) -> None:
        """Updates the gauges and cumulative counters.

        Args:
            engine: current status of the query engine.
            cache: current statistics of the response cache.
            from_memory: whether pages and API of this process read the graph from memory.
        """
        self._restarts.update(engine.restarts)
        self._hits.update(cache.hits)
        self._misses.update(cache.misses)
        self._workers.set(engine.workers)
        self._busy.set(engine.busy)
        self._long.set(engine.long)
        self._queue_length.set(engine.queue_length)
        self._bytes.set(cache.bytes)
        self._entries.set(cache.entries)
        self._from_memory.set(from_memory)

    def text(self) -> bytes:
        """Returns all metrics in Prometheus's text format, with the latest values of each live process."""
        if self._folder is None:
            return generate_latest(self._own)
        for file in self._folder.glob("gauge_live*.db"):
            if not Path("/proc", file.stem.rpartition("_")[2]).exists():
                file.unlink(missing_ok=True)
        all_processes = CollectorRegistry()
        MultiProcessCollector(all_processes, str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(all_processes)


class _CumulativeCounter:
    """A counter that mirrors a count kept by another object, which restarts at zero if that object is replaced."""

    def __init__(self, name: str, help_text: str, registry: CollectorRegistry) -> None:
        self._counter, self._last = Counter(name, help_text, registry=registry), 0

    def update(self, count: int) -> None:
        self._counter.inc(count - self._last if count >= self._last else count)
        self._last = count


def _sum(name: str, help_text: str, registry: CollectorRegistry) -> Gauge:
    return Gauge(name, help_text, multiprocess_mode="livesum", registry=registry)
