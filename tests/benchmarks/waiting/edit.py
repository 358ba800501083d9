"""One edited file: a release that reuses what earlier builds made, beside a build from scratch of the same files.

    python -m tests.benchmarks.waiting.edit [--runs 3] [--data FOLDER]

Medians of alternating builds, wall-clock and, in brackets, processor time of all processes. Of the edits, one leaves
both proofs of HermiT as they are (another name), one asks for one of them again (what a study is about), and one for both (an entity).
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.settings import Settings

VITK = [sys.executable, "-c", "from server.cli.main import main; main()"]
ENTITIES, STUDIES = "entities/foods.ttl", "evidence/studies-bone.ttl"
# File, and what is written at its end.
EDITS = {
    "name": (ENTITIES, 'id:natto skos:altLabel "edit {number}"@en .'),
    "study": (STUDIES, "id:study-nakagawa-2014 vitk:studiedSubstance id:menaquinone-{number} ."),
    "entity": (ENTITIES, 'id:edit-{number} a vitk:Food ; rdfs:label "edit"@en ; dcterms:description "An edit."@en .'),
}
# Each edit is another one, and a menaquinone that the ontology knows.
NUMBERS = (5, 6, 7, 8, 9)
Times = tuple[float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--data", type=Path, help="a data folder with parts of earlier builds")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vitk-benchmark-") as name:
        curated, data = Path(name, "curated"), chosen.data or Path(name, "data")
        shutil.copytree(Settings().curated_dir, curated)
        built(curated, data)
        found: dict[str, list[Times]] = {title: [] for title in (*EDITS, "from scratch")}
        for number in NUMBERS[: chosen.runs]:
            for title, (file, text) in EDITS.items():
                edited(curated / file, text.format(number=number))
                found[title].append(built(curated, data))
            edited(curated / ENTITIES, f"# from scratch {number}")
            found["from scratch"].append(built(curated, data, "--from-scratch"))
        whole = medians(found["from scratch"])
        print(f"{'one edit of a':<16}{'seconds':>16}{'of a build from scratch':>28}")
        for title, times in found.items():
            wall, processor = medians(times)
            ratio = f"{wall / whole[0]:.2f} ({processor / whole[1]:.2f})"
            print(f"{title:<16}{f'{wall:.1f} ({processor:.1f})':>16}{ratio:>28}")


def edited(path: Path, text: str) -> None:
    path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")


def built(curated: Path, data: Path, *flags: str) -> Times:
    """Builds; returns seconds and processor seconds."""
    before, started = processor_seconds(), time.perf_counter()
    command = [*VITK, "build", "--curated-dir", str(curated), "--data-dir", str(data), *flags]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started, processor_seconds() - before


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def medians(times: list[Times]) -> Times:
    return statistics.median(wall for wall, _ in times), statistics.median(processor for _, processor in times)


if __name__ == "__main__":
    main()
