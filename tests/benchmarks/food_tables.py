"""Loading food tables beside ``oxigraph load`` of the same triples: time, memory, store size, and times of the catalogue.

``python -m tests.benchmarks.food_tables [COPIES]`` loads the whole table of USDA SR28 (about 9 million triples) or, with
COPIES, a synthetic one in which every food stands so many times, and then has the Oxigraph server's own loader read the
same triples from N-Quads.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pyoxigraph import Store

from kg.build.infer import rules
from kg.build.load import mapping as table_mapping
from kg.build.load import store_writer
from kg.build.load.loader import Loader
from kg.build.read import turtle
from kg.catalogue.catalogue import Catalogue
from kg.engine.embedded.engine import EmbeddedEngine
from kg.rdf.vocabulary import Vocabulary
from kg.settings import Settings

VOCABULARY = Vocabulary("https://w3id.org/vitk/")
# In these files of the synthetic table every row stands once for each copy of its food.
MULTIPLIED = ("foods.csv.gz", "measures.csv.gz", "values.csv.gz", "source_links.csv.gz", "footnotes.csv")


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mapping = _table(folder, copies)
        ours = _measured([sys.executable, "-m", "tests.benchmarks.food_tables", "--load", str(mapping), name])
        told = json.loads((folder / "told.json").read_text())
        print(f"SR28 whole, {copies} x: {told['triples']:,} triples of {told['rows']:,} rows")
        size = _size(folder / "ours")
        print(f"  vitk, from the table   {told['seconds']:7.1f} s  {ours[1]:6.0f} MB  store {size:6.0f} MB", flush=True)
        _catalogue(folder / "ours")
        dump = folder / "dump.nq"
        subprocess.run(["oxigraph", "dump", "--location", folder / "ours", "--file", dump], check=True)
        # Ten copies take 25 GB.
        shutil.rmtree(folder / "ours")
        theirs = _measured(["oxigraph", "load", "--location", str(folder / "theirs"), "--file", str(dump)])
        size = _size(folder / "theirs")
        print(f"  oxigraph load, of nq   {theirs[0]:7.1f} s  {theirs[1]:6.0f} MB  store {size:6.0f} MB")
        print(f"  rate of vitk / rate of oxigraph load: {theirs[0] / told['seconds']:.2f}")


def load(mapping: Path, folder: Path) -> None:
    """Loads one table into a new store, beside the curated graphs, and tells the seconds that this took."""
    read = turtle.read(Settings().curated_dir, VOCABULARY)
    curated = Store()
    curated.extend(read.quads)
    rules.infer(curated, VOCABULARY)
    filling = store_writer.StoreWriter(folder / "ours", is_small=False)
    filling.extend(curated)
    started = time.monotonic()
    loaded = Loader(filling, curated, VOCABULARY, lambda *_: None).load(
        table_mapping.read_mapping(mapping), all_rows=True
    )
    store = filling.reopen_for_queries()
    told = {"seconds": time.monotonic() - started, "triples": len(store), "rows": loaded.rows}
    (folder / "told.json").write_text(json.dumps(told))


def _table(folder: Path, copies: int) -> Path:
    """The shipped mapping, or one beside files in which every food stands several times under codes of its own."""
    shipped = Settings().curated_dir / "composition" / "usda-sr28.toml"
    if copies == 1:
        return shipped
    lines = shipped.read_text("utf-8").splitlines(keepends=True)
    mapping = folder / shipped.name
    mapping.write_text("".join(line for line in lines if not line.startswith("rows = ")), "utf-8")
    shutil.copytree(shipped.with_suffix(""), folder / shipped.stem)
    for name in MULTIPLIED:
        path = folder / shipped.stem / name
        opened = gzip.open if name.endswith(".gz") else open
        with opened(path, "rt", encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        of_food = [header.index(column) for column in ("ndb_no", "ref_ndb_no") if column in header]
        # Not compressed: what is measured is reading a table, not unpacking it.
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            for copy in range(copies):
                for row in rows:
                    cells = [f"{cell}x{copy}" if i in of_food and cell else cell for i, cell in enumerate(row)]
                    writer.writerow(cells)
    return mapping


def _measured(command: list[str]) -> tuple[float, float]:
    """Seconds and largest memory in MB of a command."""
    started = time.monotonic()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.monotonic() - started, usage.ru_maxrss / 1000


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*")) / 1e6


def _catalogue(path: Path) -> None:
    engine, catalogue = EmbeddedEngine.open(path), Catalogue(VOCABULARY)
    times = {}
    for query in catalogue.public():
        if query.is_graph:
            continue
        text, taken = catalogue.example(query), []
        for _ in range(3):
            started = time.perf_counter()
            engine.select(text)
            taken.append(time.perf_counter() - started)
        times[query.name] = 1000 * min(taken)
    slowest = sorted(times, key=lambda name: -times[name])[:5]
    print(
        f"  {len(times)} questions of the catalogue: median {statistics.median(times.values()):.1f} ms, slowest:",
        flush=True,
    )
    for name in slowest:
        print(f"    {times[name]:8.1f} ms  {name}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        load(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
