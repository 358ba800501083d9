"""Agents: a real ``vitk mcp`` process on the shared release, spoken to by the protocol's own client."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from kg.reader.reader import Reader
from kg.release.release import Release
from server.mcp import schema_card
from tests.benchmarks.bombs import ENDLESS
from tests.support.paths import ROOT, VITK
from tests.support.servers import vitk_environment
from tests.support.waiting import wait_until

pytest.importorskip("mcp")

TOOLS = {"search", "describe", "list_queries", "run_query", "run_sparql", "explain", "schema_card"}
Talk = Callable[[Callable[[Any], Awaitable[Any]]], Any]


@pytest.fixture(scope="module")
def talk(data_dir: Path, release: Release) -> Iterator[Talk]:
    """Runs a conversation with one process that all tests share, and gives what it returns."""
    from mcp import Client, StdioServerParameters

    command = StdioServerParameters(
        command=VITK[0],
        args=[*VITK[1:], "mcp"],
        env=vitk_environment(data_dir=data_dir, query_timeout=5),
        cwd=ROOT,
    )
    loop = asyncio.new_event_loop()
    opened: Future[Any] = Future()
    ended = asyncio.Event()

    async def stay_open() -> None:
        async with Client(command) as client:
            opened.set_result(client)
            await ended.wait()

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    session = asyncio.run_coroutine_threadsafe(stay_open(), loop)
    wait_until(lambda: opened.done() or session.done(), 120)
    if not opened.done():
        session.result()

    def run(conversation: Callable[[Any], Awaitable[Any]]) -> Any:
        async def bounded() -> Any:
            return await asyncio.wait_for(conversation(opened.result()), 120)

        return asyncio.run_coroutine_threadsafe(bounded(), loop).result()

    yield run
    loop.call_soon_threadsafe(ended.set)
    session.result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="module")
def call(talk: Talk) -> Callable[..., list[Any]]:
    """The answers to several calls in one conversation."""

    def several(*calls: tuple[str, dict[str, Any]]) -> list[Any]:
        async def conversation(client: Any) -> list[Any]:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

        return list(talk(conversation))

    return several


def content_of(answer: Any) -> dict[str, Any]:
    assert not answer.is_error, answer.content[0].text
    structured: dict[str, Any] = answer.structured_content
    assert json.loads(answer.content[0].text) == structured
    return structured


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


MISTAKES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("search", {"text": " "}, ["empty"]),
    ("search", {"text": "natto", "limit": 1000}, ["from 1 to 50"]),
    ("search", {}, ["text is missing: name, abbreviation"]),
    ("search", {"text": None}, ["text is missing"]),
    ("search", {"query": "natto"}, ["search takes no argument 'query'; arguments: text, limit", "text is missing"]),
    ("search", {"text": "natto", "limits": 3}, ["search takes no argument 'limits'; did you mean limit?"]),
    ("search", {"text": 7}, ["text must be a text, not 7"]),
    ("search", {"text": "natto", "limit": "many"}, ['limit must be a whole number, not "many"']),
    ("search", {"text": "natto", "limit": 1.5}, ["limit must be a whole number, not 1.5"]),
    ("schema_card", {"entity": "natto"}, ["schema_card takes no argument 'entity'; it takes none"]),
    ("describe", {"entity": "osteocalcine x"}, ["there is no entity", "id:osteocalcin"]),
    ("describe", {"entity": "x" * 5000}, ["characters"]),
    ("describe", {"entity": ["natto"]}, ['entity must be a text, not ["natto"]']),
    ("describe", {"entities": "natto"}, ["describe takes no argument 'entities'; did you mean entity?"]),
    ("run_query", {"name": "foods-by-fom"}, ["did you mean foods-by-form"]),
    ("run_query", {"name": "zzz"}, ["There is no query 'zzz'; the catalogue lists all queries."]),
    ("run_query", {"name": "pages/graph"}, ["There is no query"]),
    (
        "run_query",
        {"name": "foods-by-form", "parameters": {"fom": "mk-7"}},
        ["no parameter 'fom'", "Did you mean form?"],
    ),
    ("run_query", {"name": "foods-by-form", "form": "mk-7"}, ["run_query takes no argument 'form'"]),
    ("run_query", {"name": "foods-by-form", "parameter": {"form": "mk-7"}}, ["did you mean parameters or name?"]),
    (
        "run_query",
        {"name": "foods-by-form", "parameters": "form"},
        ["parameters must be an object with values by name"],
    ),
    (
        "run_query",
        {"name": "foods-by-form", "parameters": {"form": {"a": 1}}},
        ["parameters.form must be a text or a number or true or false or a list, not"],
    ),
    ("run_query", {"name": "foods-by-form", "offset": -1}, ["offset must be a whole number of at least 0, not -1"]),
    ("run_query", {"name": "foods-by-form", "parameters": {"form": "mk-99"}}, ["Did you mean"]),
    ("run_query", {"name": "foods-by-form", "parameters": {"form": "natto"}}, ["must be"]),
    ("run_sparql", {"query": "SELECT ?x { ?x vitk:y ?z }"}, ["Line 1, column 16", "PREFIX vitk:", "schema_card"]),
    ("run_sparql", {"query": ENDLESS}, ["longer than 5 s"]),
    ("run_sparql", {"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}, ["Line 1"]),
    ("run_sparql", {"query": "SELECT * { ?a ?b ?c } LIMIT 100000"}, ["LIMIT"]),
    ("run_sparql", {"query": "{" * 20_000}, [""]),
    ("explain", {"subject": "natto", "predicate": "vitk:needs", "object": "vitamin-k"}, ["does not hold"]),
    ("explain", {"subject": "natto", "predicate": "vitk:needs"}, ["subject, predicate and object"]),
    ("explain", {"subject": "natto"}, ["not a proposition or a claim"]),
    ("explain", {"subject": "a b<>"}, ["there is no entity"]),
    ("nothing", {}, ["There is no tool 'nothing'; tools: search, describe"]),
    ("run_sparq", {"query": "ASK {}"}, ["There is no tool 'run_sparq'; did you mean run_sparql"]),
]


@pytest.mark.parametrize(("tool", "arguments", "words"), MISTAKES)
def test_mistakes_teach(
    conversation_of_mistakes: dict[str, Any], tool: str, arguments: dict[str, Any], words: list[str]
) -> None:
    answer = conversation_of_mistakes[tool + json.dumps(arguments)]
    assert answer.is_error
    for word in words:
        assert word in answer.content[0].text
    for foreign in ("Traceback", "Error executing", "validation error", "pydantic", "Input should be"):
        assert foreign not in answer.content[0].text


@pytest.fixture(scope="module")
def conversation_of_mistakes(talk: Talk) -> dict[str, Any]:
    """The answers to all mistakes, made in one conversation: each leaves the process whole for the next."""

    async def conversation(client: Any) -> dict[str, Any]:
        return {
            tool + json.dumps(arguments): await client.call_tool(tool, arguments) for tool, arguments, _ in MISTAKES
        }

    found: dict[str, Any] = talk(conversation)
    return found


def test_answers_name_what_was_asked_for_and_carry_flaws(call: Callable[..., list[Any]]) -> None:
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
