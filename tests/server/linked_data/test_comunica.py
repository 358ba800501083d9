"""Comunica evaluates queries over the fragments by itself, and finds what the endpoint finds."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from tests.support.servers import Running

VERSION = "4.5.0"
PROGRAM = """\
const { QueryEngine } = require('@comunica/query-sparql');
const { source, queries } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const term = (value) => [value.termType, value.value, value.language || '', value.datatype ? value.datatype.value : ''];
(async () => {
  const engine = new QueryEngine();
  const found = [];
  for (const query of queries) {
    const bindings = await (await engine.queryBindings(query, { sources: [source] })).toArray();
    found.push(bindings.map((row) => Object.fromEntries([...row].map(([name, value]) => [name.value, term(value)]))));
  }
  console.log(JSON.stringify(found));
})();
"""
PREFIXES = """\
PREFIX vitk: <https://w3id.org/vitk/ontology#>
PREFIX id: <https://w3id.org/vitk/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX unit: <http://qudt.org/vocab/unit/>
"""
QUERIES = {
    "a label": "SELECT ?label { id:natto rdfs:label ?label }",
    "all triples of an entity": "SELECT ?p ?o { id:menaquinone-7 ?p ?o }",
    "inferred types": "SELECT ?type { id:menaquinone-7 a ?type }",
    "what refers to an entity": "SELECT ?s ?p { ?s ?p id:warfarin }",
    "more than a page": "SELECT ?claim { ?claim vitk:standing vitk:consistentStanding }",
    "a join": "SELECT ?drug ?label { ?drug a vitk:Drug ; rdfs:label ?label }",
    "an optional part": ("SELECT ?drug ?same { ?drug a vitk:Drug OPTIONAL { ?drug skos:exactMatch ?same } }"),
    "a filter on numbers": (
        "SELECT ?claim ?from { ?claim a vitk:CompositionClaim ; vitk:minimumAmount ?from ; vitk:unit unit:MicroGM "
        "FILTER(?from > 100) }"
    ),
    "a union": "SELECT ?entity { { ?entity a vitk:Drug } UNION { ?entity a vitk:DrugGroup } }",
    "a count by group": (
        "SELECT ?direction (COUNT(?proposition) AS ?count) "
        "{ ?proposition a vitk:SafetyProposition ; vitk:assessedDirection ?direction } GROUP BY ?direction"
    ),
}


@pytest.fixture(scope="session")
def comunica() -> Path:
    """A folder with Comunica, installed once for all sessions."""
    npm = shutil.which("npm")
    assert npm, "npm is missing: it comes with Node"
    folder = platformdirs.user_cache_path("vitk") / f"comunica-{VERSION}"
    program = folder / "program.js"
    if not program.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--prefer-offline", "--no-audit",
                   "--no-fund", "--loglevel=error", f"@comunica/query-sparql@{VERSION}"]  # fmt: skip
        subprocess.run(command, check=True, timeout=240)
    # After an installation that was interrupted there is none, so that it is made again.
    program.write_text(PROGRAM, "utf-8")
    return folder


def by_comunica(folder: Path, source: str, queries: list[str]) -> list[list[dict[str, list[str]]]]:
    request = json.dumps({"source": source, "queries": queries})
    ran = subprocess.run(
        ["node", "program.js"], input=request, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: list[list[dict[str, list[str]]]] = json.loads(ran.stdout)
    return found


def by_sparql(address: str, query: str) -> list[dict[str, list[str]]]:
    url = f"{address}/sparql?{urllib.parse.urlencode({'query': query, 'format': 'json'})}"
    with urllib.request.urlopen(url, timeout=60) as answer:
        rows = json.load(answer)["results"]["bindings"]
    return [{name: _term(value) for name, value in row.items()} for row in rows]


def _term(value: dict[str, Any]) -> list[str]:
    if value["type"] == "uri":
        return ["NamedNode", value["value"], "", ""]
    string, tagged = "http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    language = value.get("xml:lang", "")
    return ["Literal", value["value"], language, tagged if language else value.get("datatype", string)]


@pytest.mark.system
def test_comunica_finds_over_fragments_what_the_endpoint_finds(disk_server: Running, comunica: Path) -> None:
    queries = [PREFIXES + query for query in QUERIES.values()]
    found = by_comunica(comunica, f"{disk_server.address}/fragments", queries)
    for name, query, rows in zip(QUERIES, queries, found, strict=True):
        expected = by_sparql(disk_server.address, query)
        assert expected, name
        assert sorted(map(str, map(ordered, rows))) == sorted(map(str, map(ordered, expected))), name


def ordered(row: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    return sorted(row.items())
