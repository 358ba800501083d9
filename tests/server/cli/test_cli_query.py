"""Questions of the catalogue on the command line, and the lines of Python that the documents show."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kg.reader.reader import Reader
from kg.release.release import Release
from tests.support.commands import vitk_here
from tests.support.paths import ROOT
from tests.support.servers import Running

NATTO = "https://w3id.org/vitk/id/natto"


@pytest.fixture(scope="module")
def query(data_dir: Path, release: Release) -> Any:
    """Runs ``vitk query`` in this process; tests/server/cli/test_cli.py runs it in one of its own."""
    return partial(vitk_here, "query", data_dir=data_dir)


@pytest.mark.parametrize(
    "form", ["mk-7", "MK7", "menaquinone-7", "id:menaquinone-7", "https://w3id.org/vitk/id/menaquinone-7"]
)
def test_an_entity_is_given_by_name_curie_or_iri(query: Any, form: str) -> None:
    done = query("--name", "foods-by-form", f"form={form}", "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["food"], row["microgramsPer100Grams"]) == (NATTO, "1000")


@pytest.mark.parametrize("fmt", ["table", "csv", "tsv", "json", "xml"])
def test_the_answer_comes_in_each_format(query: Any, fmt: str) -> None:
    done = query("--name", "foods-by-form", "form=mk-7", "--format", fmt)
    assert (done.returncode, done.stderr) == (0, "")
    assert "natto" in done.stdout
    if fmt == "json":
        assert json.loads(done.stdout)["results"]["bindings"][0]["food"]["value"] == NATTO
    if fmt == "tsv":
        assert done.stdout.splitlines()[1].startswith(f"<{NATTO}>\t")


def test_the_answer_is_that_of_the_catalogue(query: Any, reader: Reader) -> None:
    done = query("--name", "contested-claims", "--format", "csv")
    rows = reader.run("contested-claims", {})
    assert [row["claim"] for row in csv.DictReader(io.StringIO(done.stdout))] == [row["claim"].value for row in rows]


def test_a_question_with_a_graph_as_answer_is_written_as_rdf(query: Any, reader: Reader) -> None:
    graphs = [known for known in reader.catalogue.public() if known.is_graph]
    assert graphs
    done = query("--name", graphs[0].name, *(f"{p.name}={p.example}" for p in graphs[0].parameters), "--format", "nt")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("<")


def test_questions_are_listed_with_parameters_and_titles(query: Any, reader: Reader) -> None:
    done = query("--list")
    for known in reader.catalogue.public():
        assert f"    {known.title}\n" in done.stdout
    assert "foods-by-form [form=id:vitamin-k]\n" in done.stdout
    narrowed = query("--list", "warfarin")
    assert 0 < len(narrowed.stdout) < len(done.stdout)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--name", "foods-by-fom"), ["foods-by-form"]),
        (("--name", "pages/graph"), ["There is no query"]),
        (("--name", "foods-by-form", "form=mk-99"), ["Did you mean id:"]),
        (("--name", "foods-by-form", "form=natto"), ["of the class"]),
        (("--name", "foods-by-form", "fom=mk-7"), ["use form"]),
        (("--name", "foods-by-form", "mk-7"), ["name=value"]),
        (("--name", "foods-by-form", "form=mk-7", "form=mk-4"), ["given twice"]),
        (("--name", "foods-by-form", "--format", "ttl"), ["json, xml, csv, tsv"]),
        (("--list", "zzz"), ["No query"]),
    ],
)
def test_mistakes_are_reported_in_a_sentence(query: Any, arguments: tuple[str, ...], words: list[str]) -> None:
    done = query(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("vitk: ")
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("arguments", [(), ("a.rq", "b.rq"), ("--name", "x", "--list"), ("no-such-file.rq",)])
def test_what_can_not_be_meant_shows_the_usage(query: Any, arguments: tuple[str, ...]) -> None:
    done = query(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: ")


def snippets() -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / "server" / "OPERATIONS.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("code", snippets(), ids=range(len(snippets())))
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_python_of_the_documents_runs(
    disk_server: Running, data_dir: Path, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VITK_DATA_DIR", str(data_dir))
    known: dict[str, Any] = {"query": f"SELECT ?thing {{ VALUES ?thing {{ <{NATTO}> }} }}"}
    exec(code.replace("http://127.0.0.1:8000", disk_server.address), known)
    (frame,) = [value for name, value in known.items() if name in ("foods", "rows", "diet", "table")]
    assert len(frame) > 0
    if "foods" in known:
        assert list(frame["foodName"]) == ["natto"]
        assert list(frame["microgramsPer100Grams"]) == [1000]
    if "rows" in known:
        assert list(frame["thingLabel"]) == ["natto"]
    if "diet" in known:
        mk4 = frame[(frame["level"] == "day") & frame["form"].str.endswith("menaquinone-4")]
        assert list(mk4["state"]) == ["unknown"]
        assert mk4["maximum"].isna().all()


def test_the_documents_show_python_for_sparql_and_for_the_api() -> None:
    documented = snippets()
    assert any("/sparql?" in code for code in documented)
    assert any("/api/v1/" in code for code in documented)
    for code in documented[:3]:
        assert len(code.split("\n\n")) <= 2 and len([line for line in code.splitlines() if line]) == 2
