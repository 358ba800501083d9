"""SPARQLWrapper against a running server: every form of query in every return format by every method."""

from __future__ import annotations

import warnings
from itertools import product
from typing import Any
from xml.dom.minidom import Document

import pytest
from rdflib import Graph
from SPARQLWrapper import GET, JSON, JSONLD, POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper
from SPARQLWrapper.Wrapper import _allowedFormats

from tests.support.servers import Running

NATTO = "<https://w3id.org/vitk/id/natto>"
QUERIES = {
    "SELECT": f"SELECT ?label {{ {NATTO} <http://www.w3.org/2000/01/rdf-schema#label> ?label }}",
    "ASK": f"ASK {{ {NATTO} ?p ?o }}",
    "CONSTRUCT": f"CONSTRUCT {{ {NATTO} ?p ?o }} {{ {NATTO} ?p ?o }}",
    "DESCRIBE": f"DESCRIBE {NATTO}",
}
# None is what SPARQLWrapper asks for by itself.
FORMATS = [None, *_allowedFormats]
METHODS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]


@pytest.mark.parametrize("only_accept", [False, True], ids=["parameters", "only Accept"])
@pytest.mark.parametrize("method", METHODS, ids=["GET", "POST", "POST directly"])
def test_no_form_of_query_fails_in_any_return_format(
    disk_server: Running, method: tuple[str, str], only_accept: bool
) -> None:
    assert len(FORMATS) == 10
    for form, fmt in product(QUERIES, FORMATS):
        result = _converted(disk_server.address, form, fmt, method, only_accept)
        described = f"{form} as {fmt}: {result!r}"
        if isinstance(result, Graph):
            assert form in ("CONSTRUCT", "DESCRIBE"), described
            assert len(result) > 3, described
        elif isinstance(result, dict):
            rows = result.get("results", {}).get("bindings", [])
            assert result.get("boolean") is True or rows[0]["label"]["value"] == "natto", described
        elif isinstance(result, Document):
            assert b"natto" in result.toxml("utf-8") or b"true" in result.toxml("utf-8"), described
        else:
            assert b"natto" in result or b"true" in result, described


@pytest.mark.parametrize("method", METHODS, ids=["GET", "POST", "POST directly"])
def test_rows_and_graphs_come_as_what_was_requested(disk_server: Running, method: tuple[str, str]) -> None:
    rows = _converted(disk_server.address, "SELECT", JSON, method, only_accept=False)
    assert [row["label"]["value"] for row in rows["results"]["bindings"]] == ["natto"]
    by_json, by_default = (
        _converted(disk_server.address, "CONSTRUCT", fmt, method, only_accept=False) for fmt in (JSONLD, None)
    )
    assert isinstance(by_json, Graph) and isinstance(by_default, Graph)
    assert set(by_json) == set(by_default)


def test_parameters_of_virtuoso_do_not_disturb(disk_server: Running) -> None:
    wrapper = SPARQLWrapper(f"{disk_server.address}/sparql", returnFormat=JSON, defaultGraph="")
    wrapper.setQuery(QUERIES["SELECT"])
    for name, value in {"default-graph-uri": "", "timeout": "0", "should-sponge": "soft", "debug": "on"}.items():
        wrapper.addParameter(name, value)
    rows: Any = wrapper.query().convert()
    assert rows["results"]["bindings"]


def _converted(address: str, form: str, fmt: str | None, method: tuple[str, str], only_accept: bool) -> Any:
    wrapper = SPARQLWrapper(f"{address}/sparql", **({"returnFormat": fmt} if fmt else {}))
    wrapper.setQuery(QUERIES[form])
    wrapper.setMethod(method[0])
    wrapper.setRequestMethod(method[1])
    wrapper.setOnlyConneg(only_accept)
    with warnings.catch_warnings():
        # It warns that a return format does not suit the form of query.
        warnings.simplefilter("ignore")
        return wrapper.query().convert()
