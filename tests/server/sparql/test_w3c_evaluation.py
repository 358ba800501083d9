"""The W3C's SPARQL evaluation tests on imported graphs: over the protocol, results are those of the engine itself."""

from __future__ import annotations

import re
import signal
import subprocess
import tarfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store

from tests.support import minimal_curated
from tests.support.paths import DATA, VITK
from tests.support.ports import reserved_port
from tests.support.servers import Running, start_server, vitk_environment
from tests.support.w3c.evaluation import ADDRESS, Case, cases, is_expected

pytestmark = pytest.mark.system

# What the engine itself answers otherwise, and why.
NOT_AS_EXPECTED = {
    # Its store keeps the value of a number or a date, and not how it was written.
    *("open-world/open-eq-01", "open-world/date-2", "expr-builtin/str-1", "expr-builtin/str-2"),
    *("expr-builtin/sameTerm-simple", "expr-builtin/sameTerm-eq", "expr-builtin/sameTerm-not-eq"),
    *("expr-equals/Equality 1-1 -- graph", "expr-equals/Equality 1-2 -- graph"),
    *("distinct/Numbers: Distinct", "distinct/All: Distinct", "csv-tsv-res/csv03 - CSV Result Format"),
    # It takes the variable of GRAPH from outside of what it encloses.
    *("graph/graph-variable-scope", "graph/graph-optional", "aggregates/COUNT: no GROUP BY inside of GRAPH"),
    "bindings/VALUES inside GRAPH binding the same variable as the graph name",
    "negation/outer GRAPH operator does not affect MINUS disjointness",
    # It finds nothing by a path of no steps from a term that is not in the graph.
    "property-path/* with start being a constant on the empty dataset",
    "property-path/* with end being a constant on the empty dataset",
    "property-path/? with start being a constant on the empty dataset",
    "property-path/? with end being a constant on the empty dataset",
    # Its GROUP_CONCAT keeps no language, its BNODE gives equal nodes for equal strings in different rows, and it reads
    # TRUE and FALSE in small letters only.
    *("aggregates/GROUP_CONCAT with same language tag", "aggregates/GROUP_CONCAT with one element"),
    *("functions/BNODE(str)", "expr-builtin/case-insensitive booleans"),
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("w3c")
    with tarfile.open(DATA / "w3c-sparql-evaluation.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


def files_of(case: Case, suite: Path) -> list[str]:
    """The files whose graphs a test queries."""
    folder = case.result.parent.relative_to(suite)
    said = re.findall(r"\bFROM\s+(?:NAMED\s+)?<([^>]+)>", case.query)
    return [*case.data, *case.named, *(f"{folder}/{name}" for name in said)]


def by_the_engine(case: Case, suite: Path) -> bool:
    """Whether the engine gives the expected result, in this process and on the files of the test alone."""
    store = Store()
    for file in case.data:
        store.load(path=str(suite / file), base_iri=ADDRESS + file)
    for file in {*files_of(case, suite)} - ({*case.data} - {*case.named}):
        store.load(path=str(suite / file), base_iri=ADDRESS + file, to_graph=NamedNode(ADDRESS + file))
        store.add_graph(NamedNode(ADDRESS + file))
    try:
        found = store.query(case.query)
    except SyntaxError:
        return False
    if isinstance(found, QueryTriples):
        return is_expected(case, "application/n-triples", found.serialize(format=RdfFormat.N_TRIPLES) or b"")
    fmt = QueryResultsFormat.CSV if case.result.suffix == ".csv" else QueryResultsFormat.JSON
    return is_expected(case, fmt.media_type, found.serialize(format=fmt) or b"")


def over_the_protocol(case: Case, server: Running) -> bool:
    """Whether a server gives the expected result."""
    # Without data, the default graph is empty, and not ours.
    default = case.data or (() if case.named else ("no-such-file",))
    dataset = [
        *(("default-graph-uri", ADDRESS + file) for file in default),
        *(("named-graph-uri", ADDRESS + file) for file in case.named),
    ]
    # What the protocol says would override what the query says.
    form = [("query", case.query), *(() if case.says_its_dataset else dataset)]
    wanted = "text/csv" if case.result.suffix == ".csv" else "application/sparql-results+json, application/n-triples"
    request = urllib.request.Request(
        server.address + "/sparql", urllib.parse.urlencode(form).encode(), {"Accept": wanted}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return is_expected(case, response.headers.get_content_type(), response.read())
    except urllib.error.HTTPError:
        return False


def test_results_on_imported_graphs_are_those_of_the_engine(suite: Path, tmp_path: Path) -> None:
    all_cases = cases(suite)
    assert len(all_cases) == 518
    curated, data = minimal_curated.write(tmp_path / "curated"), tmp_path / "data"
    files = sorted({file for case in all_cases for file in files_of(case, suite)})
    subprocess.run(
        [*VITK, "import", *files, "--graph-prefix", ADDRESS, "--no-proof"],
        env=vitk_environment(data_dir=data, curated_dir=curated),
        cwd=suite,
        check=True,
        capture_output=True,
    )
    with reserved_port() as port:
        server = start_server(
            port, tmp_path / "log", "--no-build", data_dir=data, curated_dir=curated, workers=1, query_workers=1
        )
        served = {case.name for case in all_cases if not over_the_protocol(case, server)}
        server.end(signal.SIGTERM)
    own = {case.name for case in all_cases if not by_the_engine(case, suite)}
    assert own == NOT_AS_EXPECTED
    assert served == own
