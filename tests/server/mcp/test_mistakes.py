"""Mistakes of agents: each is answered by a sentence that says how to mend it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.benchmarks.bombs import ENDLESS
from tests.server.mcp.conftest import Talk

pytest.importorskip("mcp")

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
    ("search", {"text": "natto", "limit": True}, ["limit must be a whole number, not true"]),
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
    ("explain", {"subject": "natto", "predicate": "<https://a.example/b>", "object": "<id:natto>"}, ["does not hold"]),
    ("explain", {"subject": "natto", "predicate": "https://a.example/b c", "object": "natto"}, ["is not a valid IRI"]),
    (
        "explain",
        {"subject": "natto", "predicate": "<<https://a.example/b>>", "object": "natto"},
        ["is not a valid IRI"],
    ),
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
