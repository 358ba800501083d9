"""Every IRI that a table may mint leads to its entity: as a page, in every format, and from pages that link to it."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from kg.build import pipeline
from kg.build.load import imported_tables
from kg.engine.factory import engine_for
from kg.reader.reader import Reader
from kg.settings import Settings
from server.linked_data.resources import ENTITY_FORMATS
from tests.support import minimal_curated
from tests.support.paths import BASE
from tests.support.session.applications import application

MAPPING = """name = "mine"
title = "A table of my own"
[[tables]]
file = "table.csv"
key = ["code"]
[[tables.entities]]
about = "id:mine-{code}"
types = ["vitk:Food"]
[tables.entities.properties]
"rdfs:label" = { text = "name", language = "en" }
[[tables.entities]]
about = "id:measurement-mine-{code}"
types = ["vitk:Measurement"]
of = { "vitk:hasMeasurement" = "id:mine-{code}" }
[tables.entities.properties]
"vitk:ofAnalyte" = { entity = "id:phylloquinone" }
"vitk:minimumAmount" = { always = 1.5 }
"vitk:maximumAmount" = { always = 1.5 }
"vitk:unit" = { entity = "unit:MicroGM" }
"vitk:referenceAmount" = { always = 100.0 }
"vitk:referenceUnit" = { entity = "unit:GM" }
"""
CODES = ("1.5", "A/B", "A B", "A%B", "%2F", "é1", "A#1", "A?1", "A+B", "A:B", "A,B", "a&b=c", "..", "a//b", "a/../b", "a\nb",
         "a\\b", '"<b>', "日本", "x", "x.ttl", "x.html", "x.json", "x.linkset")  # fmt: skip


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of a release with a table whose codes have any characters."""
    folder = tmp_path_factory.mktemp("names")
    curated = minimal_curated.write(folder / "curated")
    (folder / "mapping.toml").write_text(MAPPING, "utf-8")
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("code", "name"), *((code, f"Food {number}") for number, code in enumerate(CODES))])
    with imported_tables.stage_import(folder / "data", folder / "mapping.toml", folder / "table.csv") as importing:
        built = pipeline.build(curated, folder / "data", BASE, proof=False, importing=importing)
    assert built.tables[0].rejected == []
    settings, reader = Settings(page_budget_ms=60_000), Reader(built.release)
    engine = engine_for(settings, reader.release)
    yield application(settings, reader, engine).test_client()
    engine.close()


@pytest.mark.parametrize("code", CODES)
def test_an_iri_with_any_character_leads_to_page_and_data(code: str, odd: FlaskClient) -> None:
    name = "mine-" + quote(code, safe="")
    seen = odd.get(f"/id/{name}", headers={"Accept": "text/html"})
    assert (seen.status_code, seen.headers["Location"]) == (303, f"/page/{name}")
    page = odd.get(f"/page/{name}")
    assert f"Food {CODES.index(code)}<" in page.text
    for link in set(re.findall(r'(?:href|src)="(/[^"#]*mine-[^"#]*)"', page.text)):
        assert odd.get(html.unescape(link)).status_code in (200, 303), link
    for fmt in ENTITY_FORMATS:
        if f"{code}.{fmt.name}" not in CODES:
            seen = odd.get(f"/id/{name}.{fmt.name}")
            assert (seen.status_code, seen.headers["Location"]) == (303, f"/data/{name}.{fmt.name}")
        document = odd.get(f"/data/{name}.{fmt.name}")
        assert document.status_code == 200
        assert f"Food {CODES.index(code)}" in document.text
    assert odd.get(f"/cite/{name}.bib").status_code == 200


def test_the_name_of_an_entity_comes_before_a_suffix(odd: FlaskClient) -> None:
    assert odd.get("/id/mine-x.ttl").headers["Location"] == "/page/mine-x.ttl"
    assert odd.get("/id/mine-x.nt").headers["Location"] == "/data/mine-x.nt"
    assert "Food 0" in odd.get("/data/mine-1.5", headers={"Accept": "text/turtle"}).text


@pytest.mark.parametrize("path", ["/id/mine-2.5", "/id/mine-1.5.bat", "/data/mine-2.5", "/data/mine-1.5.bat", "/page/mine-A%252FB",
                                  "/cite/mine-1.5.pdf", "/id/.ttl", "/data/.ttl"])  # fmt: skip
def test_what_is_not_there_is_not_found(path: str, odd: FlaskClient) -> None:
    assert odd.get(path).status_code == 404
