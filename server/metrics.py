"""What operators count: requests by route and outcome, how long queries took; told in Prometheus's text format."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counts of one serving process, from its start on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outcomes: Counter[str] = Counter()
        self._buckets = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0

    def query(self, outcome: str, seconds: float) -> None:
        """Counts one query that went to the engine."""
        with self._lock:
            self._outcomes[outcome] += 1
            self._buckets[bisect_left(BUCKETS, seconds)] += 1
            self._seconds += seconds

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> str:
        """All figures; ``gauges`` are further ones, by name, each with what it tells and its value."""
        return "\n".join([*self._queries(), *_gauges(gauges), ""])

    def _queries(self) -> Iterator[str]:
        with self._lock:
            outcomes, buckets, seconds = sorted(self._outcomes.items()), list(self._buckets), self._seconds
        yield "# HELP vitk_queries_total SPARQL queries that went to the engine, by outcome."
        yield "# TYPE vitk_queries_total counter"
        for outcome, number in outcomes:
            yield f'vitk_queries_total{{outcome="{outcome}"}} {number}'
        yield "# HELP vitk_query_seconds Seconds from arrival to answer."
        yield "# TYPE vitk_query_seconds histogram"
        total = 0
        for bound, number in zip((*map(str, BUCKETS), "+Inf"), buckets, strict=True):
            total += number
            yield f'vitk_query_seconds_bucket{{le="{bound}"}} {total}'
        yield f"vitk_query_seconds_sum {seconds:.6f}"
        yield f"vitk_query_seconds_count {total}"


def _gauges(gauges: Mapping[str, tuple[str, float]]) -> Iterator[str]:
    for name, (help, value) in gauges.items():
        yield f"# HELP {name} {help}"
        yield f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}"
        yield f"{name} {value:g}"
