"""Federated queries of the guide: each runs between this server and a store that stands in for the other graph."""

from __future__ import annotations

import csv
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from kg.reader.reader import Reader
from server.guide import federation
from tests.benchmarks.peers import oxigraph
from tests.support.paths import CURATED
from tests.support.servers import Running

# A statement on an identifier, in the shape that the graph has; the names stand in for those that it gives.
SHAPES = {
    "uniprot": """PREFIX up: <http://purl.uniprot.org/core/>
<{iri}> a up:Protein ; up:mnemonic "{name}" ; up:recommendedName [ up:fullName "{name} in full" ] .
""",
    "chebi": """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
<{iri}> rdfs:label "{name}" ; rdfs:subClassOf <urn:x-above> . <urn:x-above> rdfs:label "above" .
""",
    "wikidata": """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
<{iri}> rdfs:label "{name}"@de , "another name"@en .
""",
}
IDENTIFIERS = {
    "uniprot": ("UniProtKB:", "http://purl.uniprot.org/uniprot/"),
    "chebi": ("CHEBI:", "http://purl.obolibrary.org/obo/CHEBI_"),
    "wikidata": ("wikidata:", "http://www.wikidata.org/entity/"),
}


def equal_to(name: str) -> dict[str, str]:
    """The name of an entity by the identifier to which it is equal, from the curated file."""
    lines = (CURATED / "mappings.sssom.tsv").read_text("utf-8").splitlines()
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    prefix, start = IDENTIFIERS[name]
    return {
        start + row["object_id"].removeprefix(prefix): row["subject_label"]
        for row in rows
        if row["object_id"].startswith(prefix) and row["predicate_id"] == "skos:exactMatch"
    }


def other_graph(name: str, folder: Path) -> Path:
    """A store with a statement on each identifier, and on one of which vitk knows nothing."""
    start = IDENTIFIERS[name][1]
    texts = [SHAPES[name].format(iri=iri, name=named) for iri, named in equal_to(name).items()]
    store = Store(str(folder))
    for text in (*texts, SHAPES[name].format(iri=start + "unknown", name="unknown")):
        store.load(text, format=RdfFormat.TURTLE)
    store.flush()
    return folder


def ask(endpoint: str, query: str) -> list[dict[str, Any]]:
    headers = {"Accept": "application/sparql-results+json", "Content-Type": "application/sparql-query"}
    with urllib.request.urlopen(urllib.request.Request(endpoint, query.encode(), headers), timeout=30) as answer:
        found: list[dict[str, Any]] = json.load(answer)["results"]["bindings"]
    return found


@pytest.mark.parametrize(
    ("name", "identifier", "theirs", "said"),
    [("uniprot", "accession", "fullName", "{} in full"), ("chebi", "chebi", "nameThere", "{}")],
)
def test_another_graph_asks_vitk(
    name: str, identifier: str, theirs: str, said: str, disk_server: Running, reader: Reader, tmp_path: Path
) -> None:
    text = federation.recipe(name, reader, disk_server.address + "/sparql").text
    with oxigraph(other_graph(name, tmp_path / "store")) as peer:
        rows = ask(peer.query, text)
    found = {row[identifier]["value"]: row[theirs]["value"] for row in rows}
    assert found == {iri: said.format(named) for iri, named in equal_to(name).items()}
    assert len(found) > 25


def test_vitk_asks_another_graph_that_its_operator_allows(
    serve: Callable[..., Running], data_dir: Path, reader: Reader, tmp_path: Path
) -> None:
    with oxigraph(other_graph("wikidata", tmp_path / "store")) as peer:
        running = serve("--no-build", "--service-allowlist", peer.query, data_dir=data_dir, in_memory_quads=0)
        text = federation.recipe("wikidata", reader, running.address + "/sparql", wikidata=peer.query).text
        rows = ask(running.address + "/sparql", text)
    assert {row["item"]["value"]: row["nameThere"]["value"] for row in rows} == equal_to("wikidata")


def test_without_an_allowlist_vitk_says_that_it_asks_nobody(client: FlaskClient, reader: Reader) -> None:
    text = federation.recipe("wikidata", reader, "http://localhost/sparql").text
    answer = client.get("/sparql", query_string={"query": text})
    assert answer.status_code == 400
    assert "SERVICE is not allowed" in answer.get_json()["detail"]
    assert "--service-allowlist" in answer.get_json()["detail"]


def test_the_page_shows_the_queries_as_they_are_tested(client: FlaskClient, reader: Reader) -> None:
    page = unescape(client.get("/guide/federation").text)
    for name in federation.RECIPES:
        found = federation.recipe(name, reader, "http://localhost/sparql")
        assert found.text in page
        assert found.summary in page
    assert all(iri in page for iri in equal_to("wikidata"))
    assert "This server calls nobody" in page
    assert urlencode({"example": "identifiers-of-an-entity"}) in page
