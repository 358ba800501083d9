"""The same service on a graph several times as large: the food tables again and again, under other names.

Only the graph grows, and beyond the limit in the settings it is queried on disk. Side index and documents stay those of
the release, since no page is asked for.
"""

from __future__ import annotations

import gzip
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg import settings
from kg.engine.factory import fits_in_memory
from kg.release.release import MANIFEST, Release
from tests.benchmarks import load
from tests.benchmarks.bombs import family, memory_mib
from tests.benchmarks.peers import oxigraph
from tests.benchmarks.sparql.queries import LOOKUP, Requests
from tests.benchmarks.sparql.table import Table
from tests.benchmarks.sparql.vitk_server import vitk

# Graphs of this size are food tables.
_LARGE = 50_000
_RATES = ((LOOKUP, 1), (LOOKUP, 8), ("1,000-row join", 1), ("aggregate", 1), ("three joins", 1))


def measure(release: Release, times: int, folder: Path, *, runs: int, seconds: float) -> None:
    """Prints rates and memory on a larger graph.

    Args:
        release: whose tables are copied.
        times: how often as large the graph is to be, roughly: curated graphs stay as they are.
        folder: for the larger release, which is removed afterwards.
        runs: how often each rate is taken.
        seconds: of each run.
    """
    data_dir = folder / f"times-{times}"
    larger, triples = _release(release, times, data_dir)
    started = time.perf_counter()
    with oxigraph(larger.store) as peer, vitk(data_dir) as ours:
        place = "in memory" if fits_in_memory(settings.load({}), larger) else "on disk"
        print(f"\n{triples:,} triples, queried {place}; ready after {time.perf_counter() - started:.1f} s")
        requests, table = Requests(larger.dump), Table(["oxigraph"])
        servers = {"vitk": ours, "oxigraph": peer}
        for query, clients in _RATES:
            found: dict[str, list[float]] = {name: [] for name in servers}
            for run in range(runs):
                for name, server in list(servers.items())[:: -1 if run % 2 else 1]:
                    found[name].append(load.rate(requests.first(server, query), clients, seconds))
            table.rates(f"{query}, first", clients, found, {"oxigraph": 0})
        used = {name: sum(map(memory_mib, family(server.pid))) for name, server in servers.items()}
        table.figures("memory afterwards, MiB", used)
    shutil.rmtree(data_dir)


def _release(release: Release, times: int, data_dir: Path) -> tuple[Release, int]:
    """Makes a data folder with a larger release; returns that and its number of triples."""
    path = data_dir / "releases" / release.id
    shutil.copytree(release.path, path, ignore=shutil.ignore_patterns("store", release.dump.name, "dumps", "imported"))
    (path / "dumps").mkdir()
    (data_dir / "current").write_text(release.id + "\n", "utf-8")
    triples = 0
    with gzip.open(path / release.dump.name, "wb", compresslevel=1) as dump:
        for line in _lines(release, times):
            dump.write(line)
            triples += 1
    document = json.loads((release.path / MANIFEST).read_text("utf-8"))
    document["counts"]["triples"] = triples
    (path / MANIFEST).write_text(json.dumps(document), "utf-8")
    larger = Release(path, document)
    with gzip.open(larger.dump) as dump:
        store = Store(str(larger.store))
        store.bulk_load(dump, format=RdfFormat.N_QUADS)  # type: ignore[arg-type]
        store.optimize()
        store.flush()
        del store
    return larger, triples


def _lines(release: Release, times: int) -> Iterator[bytes]:
    """Yields N-Quads: all of the release, and then copies of its tables."""
    tables = {f"<{graph.iri}>".encode() for graph in release.manifest.counts.graphs if graph.count > _LARGE}
    copied, subjects = list[tuple[bytes, bytes, bytes]](), set[bytes]()
    with gzip.open(release.dump) as lines:
        for line in lines:
            yield line
            subject, predicate, rest = line.split(b" ", 2)
            if rest[:-3].rpartition(b" ")[2] in tables:
                copied.append((subject, predicate, rest))
                subjects.add(subject)
    for number in range(2, times + 1):
        suffix = b"-copy-%d>" % number
        for subject, predicate, rest in copied:
            value, _, graph = rest.rpartition(b" <")
            own = value[:-1] + suffix if value in subjects and value[:1] == b"<" else value
            name = subject[:-1] + suffix if subject[:1] == b"<" else subject
            yield b"%b %b %b <%b" % (name, predicate, own, graph)
