"""How fast pages of entities come and how large they are: ``python -m tests.benchmarks.pages [data folder]``.

For each kind the first request for some of its entities, drawn with a fixed seed, in a process that has answered others;
then the same again, from what is kept. Hubs stand by themselves. Times are those of the server alone, in milliseconds;
``cpu`` is what the first request took of a processor, which other work on the machine does not change.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

from werkzeug.test import Client

from kg.engine.factory import engine_for, fits_in_memory
from kg.reader.reader import Reader
from kg.release.release import Releases
from kg.settings import load
from server.app import create_app
from server.core.state import state_of
from server.middleware.cache.regions import page_cache
from server.runtime.release_router import freeze_gc

MOST_LINKED = (
    "vitamin-k2",
    "vitamin-k",
    "menaquinone-7",
    "phylloquinone",
    "calcium",
    "usda-sr28",
    "osteocalcin",
    "warfarin",
)
TERMS = ("Food", "Measurement", "Claim", "subject", "ofAnalyte", "supported", "analysed", "states")
KINDS = (
    *(
        "Menaquinone",
        "VitaminKForm",
        "Protein",
        "Condition",
        "InteractionClaim",
        "HealthEffectClaim",
        "Drug",
        "Measure",
    ),
    *("Population", "Study", "Food", "TableFood", "Measurement", "Process", "DosageRegimen", "AdequateIntake"),
)
EACH = 20


class Times:
    """Milliseconds of first requests (by the clock, and of a processor) and of repeated ones, and bytes."""

    def __init__(self, client: Client, paths: list[str]) -> None:
        self.first: list[float] = []
        self.processor: list[float] = []
        self.again: list[float] = []
        self.sizes: list[int] = []
        for path in paths:
            clock, processor, size = ask(client, path)
            self.first.append(clock)
            self.processor.append(processor)
            self.sizes.append(size)
            self.again.append(ask(client, path)[0])

    def line(self, name: str) -> str:
        """One row of the table."""
        first = f"{statistics.median(self.first):8.1f} {max(self.first):8.1f} {statistics.median(self.processor):7.1f}"
        sizes = f"{statistics.median(self.sizes) / 1000:9.1f} {max(self.sizes) / 1000:8.1f}"
        return f"{name:28} {len(self.first):4} {first} {statistics.median(self.again):9.2f} {sizes}"


def ask(client: Client, path: str) -> tuple[float, float, int]:
    clock, processor = time.perf_counter(), time.process_time()
    response = client.get(path)
    body = response.get_data()
    assert response.status_code == 200, path
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000, len(body)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else load({}).data_dir
    release = Releases(folder).current()
    assert release is not None, f"no release in {folder}: run vitk build"
    reader, settings = Reader(release), replace(load({}), page_budget_ms=60_000)
    app = create_app(settings, reader, engine_for(settings, reader.release))
    if fits_in_memory(settings, release):
        reader.move_to_memory()
    state_of(app).warm()
    assert state_of(app).engine.wait_until_ready(120)
    freeze_gc()
    client = Client(page_cache(app, 512 << 20))
    draw = random.Random(6)
    entities = {kind: members(reader, kind) for kind in KINDS}
    for names in entities.values():
        client.get("/page/" + draw.choice([name for name in names if name not in MOST_LINKED]))
    print(f"{'':28} {'n':>4} {'first':>8} {'slowest':>8} {'cpu':>7} {'repeated':>9} {'kB':>9} {'largest':>8}")
    for hub in MOST_LINKED:
        print(Times(client, [f"/page/{hub}"]).line(hub))
    for kind, names in entities.items():
        drawn = draw.sample(names, min(EACH, len(names)))
        print(Times(client, [f"/page/{name}?n=1" for name in drawn]).line(kind))
    print(Times(client, [f"/page/{name}" for name in members(reader, "Section")]).line("Section"))
    print(Times(client, [f"/ontology/{term}" for term in TERMS]).line("terms of the ontology"))
    state_of(app).engine.close()


def members(reader: Reader, kind: str) -> list[str]:
    """The names of the entities of a class; of measurements, those of one table food in fifty."""
    iri = reader.vocabulary.prefixes["doco"] + kind if kind == "Section" else reader.vocabulary.term(kind)
    rows = reader.run("pages/members", {"kind": iri, "limit": 4000})
    return sorted(row["entity"].value.removeprefix(reader.vocabulary.entities) for row in rows)


if __name__ == "__main__":
    main()
