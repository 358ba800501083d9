"""Times of the search over everything, foods included, in the process and as the server answers.

``python -m tests.benchmarks.search [DATA_DIR]`` asks the release in the data folder (that of ``vitk build``) the sixty
searches of ``tests/data/search_queries.tsv``, the names of 400 entities taken by chance, and each of these with a typo; and it
suggests for every beginning of the sixty, as someone types them; and it asks the sixty questions of ``lay_questions.tsv``,
which cards answer. Prints how many of the sixty find their entity first,
and the middle, the 99th percentile and the longest time in milliseconds: as it passes, and of the processor alone,
which is the one to look at on a machine that has other work.
"""

from __future__ import annotations

import csv
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing

from kg.engine.factory import engine_for
from kg.reader.reader import Reader
from kg.release.release import Release, Releases
from kg.settings import load
from server.app import create_app
from server.pages.search import FACETS
from tests.support.paths import DATA

SIXTY = DATA / "search_queries.tsv"
QUESTIONS = DATA / "lay_questions.tsv"
NAMES = 400
BROWSER = {"Accept": "text/html"}


def main() -> None:
    settings = load({"data_dir": sys.argv[1]} if len(sys.argv) > 1 else {})
    release = Releases(settings.data_dir).current()
    assert release is not None, "There is no release; run vitk build first."
    reader = Reader(release)
    rows = list(csv.DictReader(SIXTY.read_text("utf-8").splitlines(), delimiter="\t"))
    first = sum(_first(reader, row["query"]) == row["finds"] for row in rows)
    print(f"{first} of {len(rows)} searches find their entity first; {_entities(release):,} things in the index")
    names = _names(release)
    texts = [*(row["query"] for row in rows), *names, *map(_with_typo, names)]
    typed = [row["query"][:length] for row in rows for length in range(1, len(row["query"]) + 1)]
    _print("find, in the process", reader.search.find, texts)
    _print("suggest, in the process", reader.search.suggest, typed)
    _print("results with facets, in the process", lambda text: reader.listing.searched(text, {}, FACETS), texts)
    engine = engine_for(settings, reader.release)
    engine.wait_until_ready(60)
    client = create_app(settings, reader, engine).test_client()
    _print("/suggest", lambda text: client.get("/suggest", query_string={"q": text}), typed)
    _print("/api/v1/search", lambda text: client.get("/api/v1/search", query_string={"q": text}), texts)
    _print("/search, a page", lambda text: client.get("/search", query_string={"q": text}, headers=BROWSER), texts)
    questions = [row["question"] for row in csv.DictReader(QUESTIONS.read_text("utf-8").splitlines(), delimiter="\t")]
    _print(
        "/search, a question", lambda text: client.get("/search", query_string={"q": text}, headers=BROWSER), questions
    )
    engine.close()


def _first(reader: Reader, text: str) -> str:
    hits = reader.search.find(text)
    return hits[0].iri.rpartition("/")[2] if hits else ""


def _entities(release: Release) -> int:
    with closing(sqlite3.connect(release.search_index)) as connection:
        return int(connection.execute("SELECT count(*) FROM entity").fetchone()[0])


def _names(release: Release) -> list[str]:
    with closing(sqlite3.connect(release.search_index)) as connection:
        labels = [label for (label,) in connection.execute("SELECT label FROM entity ORDER BY id")]
    return random.Random(7).sample(labels, NAMES)


def _with_typo(name: str) -> str:
    """The name with two neighbouring letters changed over."""
    at = random.Random(name).randrange(max(1, len(name) - 1))
    return name[:at] + name[at : at + 2][::-1] + name[at + 2 :]


def _print(what: str, ask: Callable[[str], object], texts: Iterable[str]) -> None:
    passed, worked = [], []
    for text in texts:
        start, started = time.perf_counter(), time.thread_time()
        ask(text)
        worked.append((time.thread_time() - started) * 1000)
        passed.append((time.perf_counter() - start) * 1000)
    print(f"{what:36} {len(passed):5,} times   {_spread(passed)}   of the processor: {_spread(worked)}")


def _spread(taken: list[float]) -> str:
    taken.sort()
    return f"p50 {taken[len(taken) // 2]:6.2f}  p99 {taken[int(len(taken) * 0.99)]:6.2f}  longest {taken[-1]:6.2f} ms"


if __name__ == "__main__":
    main()
