"""Graphs of one's own: named, counted, found by queries, never mixed with curated facts, and removed again."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, Store

from kg.build import pipeline
from kg.build.graphs import imported_graphs
from kg.build.graphs.imported_graphs import Naming
from kg.build.pipeline import BuildResult, ProgressListener
from kg.cli import commands
from kg.entities.imported import ImportedStatements
from kg.errors import VitkError
from kg.rdf.vocabulary import Vocabulary
from kg.reader.reader import Reader
from kg.release.release import Release, Releases
from tests.support import minimal_curated
from tests.support.paths import BASE
from tests.support.waiting import wait_until

MINE, OTHER = "https://example.org/mine", "https://example.org/other"
K1 = f"<{BASE}id/phylloquinone>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
NOTES = f'{K1} {LABEL} "Poison"@en ; <#note> "mine" , "mine" , [ <#by> <me> ] .\n'


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return minimal_curated.write(tmp_path_factory.mktemp("import") / "curated")


@pytest.fixture
def bring(curated: Path, tmp_path: Path) -> Callable[..., BuildResult]:
    """Imports files as ``vitk import`` does, without HermiT's proof."""

    def run(
        files: dict[str, str],
        naming: Naming = Naming(graph=MINE),  # noqa: B008 - it is frozen
        shapes: str = "",
        watcher: ProgressListener | None = None,
    ) -> BuildResult:
        paths = []
        for name, content in files.items():
            paths.append(tmp_path / name)
            paths[-1].write_text(content, "utf-8")
        wanted = tmp_path / "shapes.ttl" if shapes else None
        if wanted:
            wanted.write_text(shapes, "utf-8")
        data, vocabulary = tmp_path / "data", Vocabulary(BASE)
        with imported_graphs.stage_import(data, paths, naming, vocabulary, wanted) as staged:
            return pipeline.build(curated, data, BASE, watcher, proof=False, importing_graphs=staged)

    return run


def iris(data: Path) -> list[str]:
    return [staged.graph.iri for staged in imported_graphs.imported_graphs(data)]


def quads(release: Release, graph: str) -> set[str]:
    store = Store.read_only(str(release.imported_store))
    return {str(quad.triple) for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))}


def test_a_graph_is_counted_described_and_found_by_name(bring: Callable[..., BuildResult]) -> None:
    release = bring({"notes.ttl": NOTES, "more.ttl": f"{K1} <#note> 1 ."}).release
    (graph,) = release.manifest.graphs
    assert (graph.iri, graph.files, graph.read, graph.triples) == (MINE, ("notes.ttl", "more.ttl"), 6, 5)
    assert (graph.subjects, graph.properties) == (2, 3)
    assert f'{K1} <{MINE}#note> "mine"' in quads(release, MINE)
    reader = Reader(release)
    assert [value.value for value in reader.values(MINE, "http://rdfs.org/ns/void#triples")] == ["5"]
    (part,) = ImportedStatements(reader).about(f"{BASE}id/phylloquinone")
    assert (part.graph.iri, len(part.statements), part.is_cut) == (MINE, 4, False)


def test_curated_facts_stay_what_they_are(bring: Callable[..., BuildResult], curated: Path, tmp_path: Path) -> None:
    without = pipeline.build(curated, tmp_path / "without", BASE, proof=False).release
    release = bring({"notes.ttl": NOTES}).release
    reader = Reader(release)
    assert reader.references([], extra=[f"{BASE}id/phylloquinone"])[f"{BASE}id/phylloquinone"].label == "phylloquinone"
    assert not reader.values(f"{BASE}id/phylloquinone", f"{MINE}#note")
    assert {count.iri: count.count for count in release.manifest.counts.graphs} == {
        count.iri: count.count for count in without.manifest.counts.graphs
    }
    own = {dump.name: dump.sha256 for dump in release.manifest.dumps if "metadata" not in dump.name}
    for dump in without.manifest.dumps:
        if dump.graph and "metadata" not in dump.name:
            assert own[dump.name] == dump.sha256


@pytest.mark.parametrize(
    ("files", "naming", "message"),
    [
        ({"a.ttl": NOTES}, Naming(graph=f"{BASE}graph/entities"), "--graph: names that start with"),
        ({"a.ttl": NOTES}, Naming(graph=f"{BASE}id/phylloquinone"), "--graph: names that start with"),
        ({"a.ttl": NOTES}, Naming(prefix=BASE), r"a\.ttl: .* is one of vitk's own names"),
        (
            {"a.trig": f"<{OTHER}> {{ {K1} {K1} {K1} }}\n\n<{BASE}graph/claims> {{ {K1} {K1} {K1} }}"},
            Naming(),
            r"a\.trig:3: .*graph/claims is one of vitk's own names, which imports never change",
        ),
        ({"a.ttl": NOTES}, Naming(graph="mine"), "--graph: 'mine' is not an absolute IRI"),
        ({"a.ttl": NOTES}, Naming(graph=MINE, prefix=MINE), "not both"),
        ({"a.ttl": NOTES}, Naming(), r"a\.ttl:1: has triples that are in no graph"),
    ],
)
def test_what_cannot_be_imported_changes_nothing(
    files: dict[str, str], naming: Naming, message: str, bring: Callable[..., BuildResult], tmp_path: Path
) -> None:
    with pytest.raises(VitkError, match=message):
        bring(files, naming)
    assert Releases(tmp_path / "data").current() is None
    assert list((tmp_path / "data").glob("graphs/*")) == []


def test_an_import_gives_a_graph_its_content(bring: Callable[..., BuildResult], tmp_path: Path) -> None:
    bring({"a.trig": f"<{MINE}> {{ {K1} {K1} 1 }} <{OTHER}> {{ {K1} {K1} 2 }}"}, Naming())
    second = bring({"b.ttl": f"{K1} {K1} 3 ."})
    assert iris(tmp_path / "data") == [MINE, OTHER]
    assert quads(second.release, MINE) == {f'{K1} {K1} "3"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    assert quads(second.release, OTHER) == {f'{K1} {K1} "2"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    assert not bring({"b.ttl": f"{K1} {K1} 3 ."}).is_new, "equal imports give equal releases"


def test_each_file_may_have_a_graph_of_its_own(
    bring: Callable[..., BuildResult], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    naming = Naming(prefix="https://example.org/files/")
    assert naming.graph_of(Path("part one/a.ttl")) == "https://example.org/files/part%20one/a.ttl"
    assert naming.graph_of(Path("../a.ttl")) == naming.graph_of(tmp_path / "a.ttl") == "https://example.org/files/a.ttl"
    release = bring({"a.ttl": "<> <#p> 1 .", "empty.ttl": ""}, naming).release
    assert [(graph.iri, graph.triples) for graph in release.manifest.graphs] == [
        ("https://example.org/files/a.ttl", 1),
        ("https://example.org/files/empty.ttl", 0),
    ]
    graphs = {str(graph.value) for graph in Store.read_only(str(release.imported_store)).named_graphs()}
    assert "https://example.org/files/empty.ttl" in graphs


SHAPES = f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
<#s> sh:targetSubjectsOf <{MINE}#note> ; sh:property <#p> ; sh:node <#n> .
<#p> sh:path <{MINE}#note> ; sh:minCount MINIMUM ; sh:message "has too few notes" .
<#n> sh:property [ sh:path {LABEL} ; sh:minCount NAMES ; sh:message "has no name" ] .
"""


@pytest.mark.parametrize(
    ("minimum", "names", "message"),
    [(1, 1, ""), (9, 1, f"<{BASE}id/phylloquinone>: <{MINE}#note> has too few notes"), (1, 2, "does not conform")],
)
def test_a_graph_that_breaks_the_shapes_is_not_imported(
    minimum: int, names: int, message: str, bring: Callable[..., BuildResult], tmp_path: Path
) -> None:
    shapes = SHAPES.replace("MINIMUM", str(minimum)).replace("NAMES", str(names))
    if not message:
        assert bring({"a.ttl": NOTES}, shapes=shapes).is_new
        return
    with pytest.raises(VitkError) as failure:
        bring({"a.ttl": NOTES}, shapes=shapes)
    assert message in str(failure.value)
    assert iris(tmp_path / "data") == []


def test_a_graph_is_forgotten_by_its_iri(bring: Callable[..., BuildResult], curated: Path, tmp_path: Path) -> None:
    first = bring({"a.ttl": NOTES}).release
    assert pipeline.build(curated, tmp_path / "data", BASE, proof=False).release.id == first.id, "it outlives a build"
    run = CliRunner().invoke
    done = run(commands, ["forget", MINE, "--data-dir", str(tmp_path / "data")])
    assert (done.exit_code, done.output) == (0, f"removed {MINE}; run vitk build to make a release without it.\n")
    second = pipeline.build(curated, tmp_path / "data", BASE, proof=False).release
    assert (second.manifest.graphs, second.imported_store.exists()) == ((), False)
    again = run(commands, ["forget", MINE, "--data-dir", str(tmp_path / "data")])
    assert again.stderr == f"vitk: There is no imported graph '{MINE}'; imported graphs: none.\n"


def test_two_imports_at_once_both_count(bring: Callable[..., BuildResult], tmp_path: Path) -> None:
    data = tmp_path / "data"

    class Meanwhile(ProgressListener):
        thread = threading.Thread(target=lambda: bring({"b.ttl": NOTES}, Naming(graph=OTHER)))

        def started(self, stage: str) -> None:
            if stage == "read":
                self.thread.start()
                wait_until(lambda: len(list(data.glob("graphs/.importing-*/*/graph.json"))) == 2)

    meanwhile = Meanwhile()
    bring({"a.ttl": NOTES}, watcher=meanwhile)
    meanwhile.thread.join()
    serving = Releases(data).require_current()
    assert [graph.iri for graph in serving.manifest.graphs] == iris(data) == [MINE, OTHER]


def test_an_import_that_does_not_end_leaves_the_former_graph(bring: Callable[..., BuildResult], tmp_path: Path) -> None:
    bring({"a.ttl": NOTES})

    class Full(ProgressListener):
        def started(self, stage: str) -> None:
            if stage == "publish":
                raise OSError(28, "No space left on device")

    with pytest.raises(VitkError, match="No space left"):
        bring({"a.ttl": f"{K1} {K1} 3 ."}, watcher=Full())
    (staged,) = imported_graphs.imported_graphs(tmp_path / "data")
    assert (staged.graph.triples, len(list((tmp_path / "data" / "graphs").iterdir()))) == (4, 1)


def test_what_was_imported_keeps_how_it_was_written(bring: Callable[..., BuildResult]) -> None:
    release = bring({"a.ttl": f"{K1} {K1} 01 ."}).release
    assert '"01"' in gzip.decompress(release.imported_dump.read_bytes()).decode()
