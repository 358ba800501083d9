"""Releases of a few quads, for tests of what compares two of them."""

from __future__ import annotations

import gzip
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg.release.manifest import BuildRun, Counts, Dump, Inputs, Manifest
from kg.release.release import DUMP, MANIFEST, Release, Releases
from tests.support.paths import BASE

PREFIXES = f"""PREFIX vitk: <{BASE}ontology#>
PREFIX id: <{BASE}id/>
PREFIX graph: <{BASE}graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def make(data: Path, name: str, trig: str, *, predecessor: str = "", code: str = "same") -> Release:
    """Writes a release that contains some TriG, and nothing that needs the build.

    Args:
        data: the data folder.
        name: id of the release.
        trig: its quads, with the prefixes of ``PREFIXES``.
        predecessor: id of the release before.
        code: digest of the code of the build.
    """
    folder = data / "releases" / name
    folder.mkdir(parents=True)
    store = Store(str(folder / "store"))
    store.load(PREFIXES + trig, format=RdfFormat.TRIG)
    lines: dict[str, list[str]] = {}
    for quad in store:
        lines.setdefault(str(quad.graph_name), []).append(f"{quad} .\n")
    store.flush()
    del store
    parts = {graph[1:-1]: gzip.compress("".join(lines[graph]).encode(), mtime=0) for graph in sorted(lines)}
    (folder / DUMP).write_bytes(b"".join(parts.values()))
    sizes = {graph: len(part) for graph, part in parts.items()}
    dump = Dump("vitk.nq.gz", "nq", "", sum(sizes.values()), "", sizes)
    inputs = Inputs(base_iri=BASE, proof=False, all_table_rows=False, digests={"code": code}, tables={}, tools={})
    started = f"2026-01-{len(list((data / 'releases').iterdir())):02}T00:00:00+00:00"
    manifest = Manifest(name, inputs, Counts(0, (), (), (), ()), (), (dump,), BuildRun(started, (), predecessor))
    (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
    (data / "current").write_text(name, "utf-8")
    found = Releases(data).get(name)
    assert found
    return found
