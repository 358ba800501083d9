"""Agents: a real ``vitk mcp`` process on the shared release, spoken to by the protocol's own client."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.reader.reader import Reader
from server.mcp import schema_card
from tests.server.mcp.conftest import Talk, content_of
from tests.support.paths import ROOT, VITK
from tests.support.servers import vitk_environment

pytest.importorskip("mcp")

TOOLS = {"search", "describe", "list_queries", "run_query", "run_sparql", "explain", "schema_card"}


def test_tools_and_resources_are_described_and_only_read(talk: Talk) -> None:
    async def conversation(client: Any) -> Any:
        resources = (await client.list_resources()).resources
        texts = {str(one.uri): (await client.read_resource(str(one.uri))).contents[0].text for one in resources}
        return (await client.list_tools()).tools, texts

    tools, texts = talk(conversation)
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.description
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert tool.input_schema["additionalProperties"] is False
        for name, schema in tool.input_schema["properties"].items():
            assert schema.get("description"), f"{tool.name}: {name}"
    assert {"vitk://ontology", "vitk://schema", "vitk://pitfalls"} <= set(texts)
    for name in ("amounts-have-a-basis", "usda-vitamin-k-is-k1", "missing-is-not-zero"):
        assert texts[f"vitk://pitfalls/{name}"] in texts["vitk://pitfalls"]
    assert "owl:Ontology" in texts["vitk://ontology"]
    assert "vitk:microgramsPer100Grams" in texts["vitk://schema"]


def test_entities_are_found_and_described(call: Callable[..., list[Any]]) -> None:
    found, food, table_food = map(
        content_of,
        call(
            ("search", {"text": "mk7"}),
            ("describe", {"entity": "natto"}),
            ("describe", {"entity": "id:sr28-16113"}),
        ),
    )
    assert found["results"][0]["id"] == "id:menaquinone-7"
    mk7 = [amount for amount in food["amounts"] if amount["component"] == "menaquinone-7"]
    assert [amount["amount"] for amount in mk7] == ["1,000 µg (850 µg per 85 g)"]
    assert "not zero" in table_food["note"]
    assert "menaquinone-4" in table_food["unknownInThisTable"]


def test_questions_of_the_catalogue_are_listed_and_answered(call: Callable[..., list[Any]], reader: Reader) -> None:
    everything, some, answer, page = map(
        content_of,
        call(
            ("list_queries", {}),
            ("list_queries", {"words": "warfarin"}),
            ("run_query", {"name": "foods-by-form", "parameters": {"form": "mk-7"}}),
            ("run_query", {"name": "foods-by-form", "limit": 2, "offset": 1}),
        ),
    )
    assert everything["count"] == len(reader.catalogue.public())
    assert 0 < some["count"] < everything["count"]
    row = dict(zip(answer["columns"], answer["rows"][0], strict=True))
    assert (row["foodName"], row["form"], row["microgramsPer100Grams"]) == ("natto", "id:menaquinone-7", 1000.0)
    assert answer["release"] == reader.release.id
    assert reader.select(answer["sparql"])
    assert len(page["rows"]) == 2 < page["total"]


def test_every_query_of_the_catalogue_can_be_run(talk: Talk, reader: Reader) -> None:
    async def conversation(client: Any) -> dict[str, str]:
        failed = {}
        for query in reader.catalogue.public():
            given = {parameter.name: parameter.example for parameter in query.parameters}
            answer = await client.call_tool("run_query", {"name": query.name, "parameters": given, "limit": 1})
            if answer.is_error:
                failed[query.name] = answer.content[0].text
        return failed

    assert talk(conversation) == {}


def test_sparql_is_answered(call: Callable[..., list[Any]]) -> None:
    prefix = "PREFIX id: <https://w3id.org/vitk/id/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    rows, truth, graph = map(
        content_of,
        call(
            ("run_sparql", {"query": prefix + "SELECT ?l { id:natto rdfs:label ?l }"}),
            ("run_sparql", {"query": "ASK { ?s ?p ?o }"}),
            ("run_sparql", {"query": prefix + "CONSTRUCT { id:natto rdfs:label ?l } { id:natto rdfs:label ?l }"}),
        ),
    )
    assert (rows["columns"], rows["rows"], rows["total"]) == (["l"], [["natto"]], 1)
    assert truth["boolean"] is True
    assert "natto" in graph["turtle"]


def test_explanations_lead_to_sources(call: Callable[..., list[Any]]) -> None:
    statement, standing = map(
        content_of,
        call(
            ("explain", {"subject": "osteocalcin", "predicate": "vitk:needs", "object": "vitamin K"}),
            ("explain", {"subject": "id:claim-f038-2"}),
        ),
    )
    assert "by rule" in statement["explanation"]
    assert "curated" in statement["explanation"]
    assert "standing: " in standing["explanation"]


def test_claims_have_a_proposition_with_its_assessment_and_a_standing(call: Callable[..., list[Any]]) -> None:
    form, proposition, explained = map(
        content_of,
        call(
            ("describe", {"entity": "vitamin K2"}),
            ("describe", {"entity": "id:proposition-k2-lowers-fracture"}),
            ("explain", {"subject": "id:proposition-k2-lowers-fracture"}),
        ),
    )
    claims = {claim["id"]: claim for claim in form["claims"]}
    claim = claims["id:claim-f002-1"]
    assert claim["proposition"] == "id:proposition-k2-lowers-fracture"
    assert (claim["polarity"], claim["assessment"], claim["standing"]) == (
        "affirms",
        "mixed, low certainty",
        "overstated",
    )
    assert any(claim["restsOn"] for claim in claims.values())
    assert all(one["assessment"] and one["type"] for one in form["propositions"])
    assert form["propositionsInAll"] >= len(form["propositions"])
    assert proposition["assessment"] == explained["explanation"].splitlines()
    assert any("notice" in line for line in proposition["assessment"])


def test_answers_name_what_was_requested_and_carry_flaws(call: Callable[..., list[Any]]) -> None:
    studies, claims, nothing, flawed = map(
        content_of,
        call(
            ("run_query", {"name": "studies-of-a-substance", "parameters": {"substance": "MK-4"}}),
            ("run_query", {"name": "claims", "parameters": {"about": "type 2 diabetes"}}),
            ("run_query", {"name": "foods-that-may-counteract-a-drug", "parameters": {"drug": "orlistat"}}),
            ("describe", {"entity": "id:claim-f048-1"}),
        ),
    )
    assert "menaquinone-4" in studies["title"]
    rows = [dict(zip(claims["columns"], row, strict=True)) for row in claims["rows"]]
    assert ["unit" in (row["claimFlaws"] or "") for row in rows if "10 g" in row["statement"]] == [True]
    assert (nothing["total"], nothing["note"][:16]) == (0, "Nothing recorded")
    assert flawed["flaws"]


def test_null_stands_for_an_omitted_argument(call: Callable[..., list[Any]]) -> None:
    found, plain, same, every = map(
        content_of,
        call(
            ("search", {"text": "natto", "limit": None}),
            ("run_query", {"name": "foods-by-form"}),
            ("run_query", {"name": "foods-by-form", "parameters": {"form": None}, "limit": None, "offset": None}),
            ("list_queries", {"words": None}),
        ),
    )
    assert found["results"]
    assert same == plain
    assert every["count"] > 50


def test_words_that_no_query_has_give_an_empty_list(call: Callable[..., list[Any]]) -> None:
    (answer,) = map(content_of, call(("list_queries", {"words": "zzz"})))
    assert (answer["count"], answer["results"]) == (0, [])
    assert "fewer" in answer["note"]


def test_an_unknown_name_in_a_query_is_hinted_at(call: Callable[..., list[Any]]) -> None:
    query = "PREFIX vitk: <https://w3id.org/vitk/ontology#> SELECT ?s { ?s vitk:hasMeasuremnt ?o }"
    (answer,) = map(content_of, call(("run_sparql", {"query": query})))
    assert answer["rows"] == []
    assert "vitk:hasMeasurement" in answer["hint"]


@pytest.mark.system
def test_names_in_the_pitfalls_exist(reader: Reader) -> None:
    for name, text in schema_card.pitfalls().items():
        for curie in re.findall(r"`((?:vitk|id):\w[\w-]*)", text):
            assert reader.exists(reader.vocabulary.expand(curie)), f"{name}: {curie}"


def test_no_other_command_waits_for_the_protocol() -> None:
    code = (
        "import sys, server.cli.serve; sys.exit(any(name.split('.')[0] in ('mcp', 'pydantic') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_without_a_release_it_says_what_to_do(tmp_path: Path) -> None:
    environment = vitk_environment(data_dir=tmp_path)
    done = subprocess.run(
        [*VITK, "mcp"], env=environment, cwd=ROOT, input="", capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "vitk build makes one" in done.stderr
    assert done.stdout == ""
