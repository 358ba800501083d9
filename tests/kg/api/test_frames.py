"""Tables of catalogue queries: types, labels, units, and the same from a release as from a server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from kg.api.figures import intervals
from kg.api.frames import frame_of
from kg.api.local import LocalRelease, open_release
from kg.api.remote import connect
from kg.errors import VitkError
from kg.reader.reader import Reader
from tests.support.servers import Running

# Queries with decimals, whole numbers, truth values, units in columns, missing cells, no rows and several pages.
QUERIES: list[tuple[str, dict[str, object]]] = [
    ("results-for-an-outcome", {"outcome": "coronary heart disease"}),
    ("foods-by-form", {"form": "mk-7"}),
    ("reference-intakes", {}),
    ("foods-by-amount", {"form": "phylloquinone", "min": 300}),
    ("interactions", {"with": "calcium"}),
]


@pytest.fixture(scope="module")
def local(reader: Reader) -> LocalRelease:
    return LocalRelease(reader.release)


@pytest.mark.parametrize(("query", "parameters"), QUERIES)
def test_a_server_gives_the_table_of_its_release(
    query: str, parameters: dict[str, object], local: LocalRelease, disk_server: Running
) -> None:
    import pandas

    of_release, of_server = local.frame(query, **parameters), connect(disk_server.address).frame(query, **parameters)
    pandas.testing.assert_frame_equal(of_release, of_server)
    assert of_release.attrs == of_server.attrs


def test_numbers_are_numbers_and_their_units_are_known(local: LocalRelease) -> None:
    found = local.frame("results-for-an-outcome", outcome="coronary heart disease")
    types = {name: str(kind) for name, kind in found.dtypes.items()}
    assert (types["size"], types["participants"], types["isSecondary"]) == ("Float64", "Int64", "boolean")
    assert types["standardDeviation"] == "Float64", "a column of numbers, though this result has none"
    assert set(found.attrs["units"]) == {name for name, kind in types.items() if kind in ("Float64", "Int64")}
    chen = found[found.studyName.eq("Chen et al. 2019") & found.exposureName.eq("phylloquinone")]
    assert (chen["size"].item(), chen.lowerLimit.item(), chen.upperLimit.item()) == (0.92, 0.84, 0.99)


def test_an_entity_has_its_iri_and_its_label_in_two_columns(local: LocalRelease) -> None:
    found = local.frame("reference-intakes")
    assert found.unit.str.startswith("http://qudt.org/").all() and set(found.unitLabel) >= {"µg"}
    assert "authorityName" in found and "authorityLabel" not in found, "the query has a name of its own"


def test_a_claim_comes_with_its_flaws(local: LocalRelease) -> None:
    found = local.frame("claims-overstated-or-contradicted")
    assert found.claimFlaws.notna().any()


def test_what_is_missing_is_missing_and_not_zero(local: LocalRelease) -> None:
    found = local.frame("results-for-an-outcome", outcome="coronary heart disease")
    assert found.pValue.isna().any() and not (found.pValue == 0).any()


def test_a_result_of_rdflib_has_the_same_types(local: LocalRelease, disk_server: Running) -> None:
    query = "SELECT (COUNT(*) AS ?n) (1.5 AS ?x) ?f { ?f rdfs:label 'natto'@en } GROUP BY ?f"
    for graph in (local.graph(), connect(disk_server.address).graph()):
        found = frame_of(graph.query(query))
        assert [str(kind) for kind in found.dtypes] == ["Int64", "Float64", "string"]
        assert found.n.item() >= 1
    with pytest.raises(VitkError, match="use a SELECT"):
        frame_of(local.graph().query("ASK {}"))


def test_queries_are_found_by_words_in_both(local: LocalRelease, disk_server: Running) -> None:
    assert local.queries("intake").equals(connect(disk_server.address).queries("intake"))
    assert "reference-intakes" in set(local.queries("intake").name)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (lambda local, url: local.frame("foods-by-fom"), "did you mean foods-by-form"),
        (lambda local, url: connect(url).frame("foods-by-fom"), "foods-by-form"),
        (lambda local, url: local.frame("foods-by-form", form="mk-77"), "mk-77"),
        (lambda local, url: connect(url).frame("foods-by-form", form="mk-77"), "mk-77"),
        (lambda local, url: connect(url).graph().query("SELECT ?x { ?x }"), "/sparql answers: HTTP Error 400"),
        (lambda local, url: connect("ftp://example.org"), "not the URL of a server"),
        (lambda local, url: connect("http://127.0.0.1:1").queries(), "does not answer as a vitk server"),
        (lambda local, url: open_release(local.release.path.parents[1], "0" * 12), "There is no release"),
    ],
)
def test_errors_say_what_to_do(
    action: Callable[[LocalRelease, str], object], said: str, local: LocalRelease, disk_server: Running
) -> None:
    with pytest.raises(VitkError, match=said):
        action(local, disk_server.address)


def test_without_pandas_the_error_names_the_extra(local: LocalRelease, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert len(local.graph("claims")) > 1000, "graphs need none"
    with pytest.raises(VitkError, match=r"pip install 'vitk\[pandas\]'"):
        local.frame("reference-intakes")


def test_the_drawing_says_every_number_in_words(local: LocalRelease) -> None:
    found = local.frame("results-for-an-outcome", outcome="coronary heart disease")
    shown = found[found.upperLimit.notna()]
    columns: dict[str, Any] = {"label": "studyName", "value": "size", "low": "lowerLimit", "high": "upperLimit"}
    svg = intervals(shown, **columns, title="T", axis="ratio", log=True, reference=1)._repr_svg_()
    assert 'role="img"' in svg and "<title>T</title>" in svg and "Chen et al. 2019: 0.92 (0.84 to 0.99)" in svg
    assert "style" not in svg and "http://www.w3.org/2000/svg" in svg
    for empty, log in ((shown.head(0), True), (shown.assign(lowerLimit=0.0), True)):
        with pytest.raises(VitkError, match="Only rows with numbers"):
            intervals(empty, **columns, title="T", axis="ratio", log=log)
