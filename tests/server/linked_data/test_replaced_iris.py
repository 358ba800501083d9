"""IRIs that were replaced or withdrawn lead to what took their place."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.reader.reader import Reader
from kg.settings import Settings
from tests.support import minimal_curated
from tests.support.pages import BROWSER
from tests.support.paths import BASE


@pytest.mark.parametrize("suffix", ["", ".html", ".ttl", ".jsonld", ".nt", ".rdf", ".md"])
def test_a_withdrawn_evidence_line_leads_to_the_line_that_replaces_it(client: FlaskClient, suffix: str) -> None:
    old, new = "evidence-f002-1-inoue-2009", "line-k2-lowers-fracture--inoue-2009-vertebral-fractures"
    response = client.get(f"/id/{old}{suffix}")
    assert (response.status_code, response.headers["Location"]) == (301, f"/id/{new}{suffix}")
    assert client.get(f"/id/{new}{suffix}").status_code == 303
    folder = "page" if suffix in ("", ".html") else "data"
    target = "" if folder == "page" else suffix
    response = client.get(f"/{folder}/{old}{target}", headers={"Accept": BROWSER})
    assert (response.status_code, response.headers["Location"]) == (301, f"/{folder}/{new}{target}")
    assert client.get(response.headers["Location"]).status_code == 200


def test_every_withdrawn_evidence_line_has_a_replacement_that_exists(reader: Reader) -> None:
    withdrawn = {old: new for old, new in reader.replacements.items() if "/id/evidence-" in old}
    assert len(withdrawn) == 682
    assert [new for new in set(withdrawn.values()) if not reader.exists(new) or new in reader.replacements] == []


@pytest.fixture(scope="module")
def with_replaced(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A small release in which one entity and no other was replaced."""
    from kg.engine.factory import engine_for
    from server.app import create_app

    folder = tmp_path_factory.mktemp("replaced")
    curated = minimal_curated.write(folder / "curated")
    entities = curated / "entities" / "entities.ttl"
    replaced = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
id:vitamin-k1 a vitk:VitaminKForm ; rdfs:label "vitamin K1, twice"@en ; dcterms:description "A second record."@en ;
    owl:deprecated true ; dcterms:isReplacedBy id:phylloquinone .
"""
    entities.write_text(entities.read_text("utf-8") + replaced, "utf-8")
    small = Reader(pipeline.build(curated, folder / "data", BASE, proof=False).release)
    settings = Settings(query_workers=1)
    return create_app(settings, small, engine_for(settings, small.release)).test_client()


@pytest.mark.parametrize(
    ("path", "status", "target"),
    [
        ("/id/vitamin-k1", 301, "/id/phylloquinone"),
        ("/page/vitamin-k1", 301, "/page/phylloquinone"),
        ("/id/vitamin-k1.ttl", 301, "/id/phylloquinone.ttl"),
        ("/id/vitamin-k1?format=md", 301, "/id/phylloquinone.md"),
        ("/data/vitamin-k1.ttl", 301, "/data/phylloquinone.ttl"),
        ("/data/vitamin-k1.jsonld", 301, "/data/phylloquinone.jsonld"),
        ("/data/vitamin-k1.md", 301, "/data/phylloquinone.md"),
        ("/id/phylloquinone", 303, "/page/phylloquinone"),
    ],
)
def test_what_was_replaced_leads_to_what_took_its_place(
    with_replaced: FlaskClient, path: str, status: int, target: str | None
) -> None:
    response = with_replaced.get(path)
    assert (response.status_code, response.headers.get("Location")) == (status, target)
