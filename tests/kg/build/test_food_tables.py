"""The shipped food tables are in the graph whole and to the digit; what was not measured is never a zero."""

from __future__ import annotations

import csv
import gzip
import io
import random
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode

from kg import amounts
from kg.build.load import mapping as table_mapping
from kg.catalogue.catalogue import with_prologue
from kg.rdf.terms import Row
from kg.rdf.vocabulary import Vocabulary
from kg.reader.reader import Reader
from kg.release.release import Release
from tests.support.paths import BASE, CURATED

TABLES = CURATED / "composition"
VOCABULARY = Vocabulary(BASE)
# Rows read and taken; the numbers are those of the files as their publishers count them.
ROWS = {
    ("usda-sr28", "foods.csv.gz"): (8_789, 8_789),
    ("usda-sr28", "nutrients.csv"): (150, 0),
    ("usda-sr28", "derivation_codes.csv"): (55, 55),
    ("usda-sr28", "sources.csv.gz"): (431, 431),
    ("usda-sr28", "measures.csv.gz"): (15_438, 15_438),
    ("usda-sr28", "values.csv.gz"): (679_045, 62_965),
    ("usda-sr28", "source_links.csv.gz"): (23_797, 23_797),
    ("usda-sr28", "footnotes.csv"): (270, 270),
    ("usda-sr-legacy-2018", "changes.csv"): (40, 40),
    ("fdc-foundation-2024", "values.csv"): (244, 200),
    ("fdc-foundation-2024", "samples.csv.gz"): (1_281, 1_203),
    ("ciqual-2020", "groups.csv"): (72, 72),
    ("ciqual-2020", "vitamin_k.csv.gz"): (1_433, 1_433),
    ("bls-4", "references.csv"): (42, 42),
    ("bls-4", "vitamin_k.csv.gz"): (7_140, 7_140),
    ("stfc-japan-2020", "groups.csv"): (18, 18),
    ("stfc-japan-2020", "vitamin_k.csv.gz"): (2_478, 2_478),
}
COUNTS = {
    "usda-sr28": {"vitk:TableFood": 8_789, "vitk:Measurement": 62_965, "vitk:HouseholdMeasure": 15_438,
                  "vitk:Publication": 431, "vitk:DerivationMethod": 55, "skos:Concept": 25},
    # 13 changed and 27 new amounts of 30 foods.
    "usda-sr-legacy-2018": {"vitk:Measurement": 40},
    "fdc-foundation-2024": {"vitk:TableFood": 75, "vitk:Measurement": 200, "vitk:LaboratorySample": 1_203},
    "ciqual-2020": {"vitk:TableFood": 1_433, "vitk:Measurement": 1_433 + 32, "skos:Concept": 72},
    # Numbers, and amounts that are known without one. Eleven references are one publication.
    "bls-4": {"vitk:TableFood": 7_140, "vitk:Measurement": 6_446 + 124 + 6_634 + 69, "vitk:Publication": 42 - 10},
    "stfc-japan-2020": {"vitk:TableFood": 2_478, "vitk:Measurement": 2_478 - 195, "skos:Concept": 18},
}  # fmt: skip
FORMS_OF_K = ("428", "429", "430")


def select(reader: Reader, body: str) -> list[Row]:
    return reader.select(with_prologue(body, reader.vocabulary))


@cache
def raw(table: str, name: str) -> list[dict[str, str]]:
    path = TABLES / table / name
    content = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def drawn(count: int) -> list[dict[str, str]]:
    """Values of SR28, drawn at random from the rows that vitk takes; half of them of forms of vitamin K."""
    rows = raw("usda-sr28", "values.csv.gz")
    with_k = {row["ndb_no"] for row in rows if row["nutr_no"] in FORMS_OF_K}
    components = table_mapping.read_mapping(TABLES / "usda-sr28.toml").codes["components"]
    taken = [row for row in rows if row["ndb_no"] in with_k and row["nutr_no"] in components]
    forms = [row for row in taken if row["nutr_no"] in FORMS_OF_K]
    chance = random.Random(28)
    return chance.sample(forms, count // 2) + chance.sample(taken, count // 2)


@pytest.mark.parametrize("name", ROWS, ids="/".join)
def test_every_row_of_a_file_is_read_and_none_is_set_aside(name: tuple[str, str], release: Release) -> None:
    files = {(table.name, rows.file): rows for table in release.manifest.tables for rows in table.files}
    assert files.keys() == ROWS.keys()
    assert (files[name].read, files[name].taken, files[name].rejected) == (*ROWS[name], 0)
    assert not release.rejected.exists()


@pytest.mark.parametrize("table", COUNTS)
def test_each_row_is_an_entity_in_the_graph_of_its_table(table: str, reader: Reader) -> None:
    for kind, count in COUNTS[table].items():
        (row,) = select(reader, f"SELECT (COUNT(?x) AS ?n) {{ GRAPH graph:{table} {{ ?x a {kind} }} }}")
        assert int(row["n"].value) == count, kind


@pytest.mark.system
def test_200_amounts_drawn_at_random_are_found_by_sparql_equal_to_the_digit(reader: Reader) -> None:
    columns = {"value": "maximumAmount", "n_data_points": "numberOfDataPoints", "std_error": "standardError",
               "min": "lowestDataPoint", "max": "highestDataPoint"}  # fmt: skip
    for row in drawn(200):
        measurement = f"id:measurement-sr28-{row['ndb_no']}-{row['nutr_no']}"
        said = {}
        for found in select(
            reader,
            f"SELECT ?p ?v {{ id:sr28-{row['ndb_no']} vitk:hasMeasurement {measurement} . {measurement} ?p ?v }}",
        ):
            said[found["p"].value.rpartition("#")[2]] = found["v"].value
        for column, predicate in columns.items():
            assert (predicate in said) == bool(row[column]), (row, predicate)
            assert not row[column] or Decimal(said[predicate]) == Decimal(row[column]), (row, predicate)
        assert said["minimumAmount"] == said["maximumAmount"]
        assert said.get("imputedFrom", "").rpartition("-")[2] == row["ref_ndb_no"]


@pytest.mark.system
def test_200_amounts_drawn_at_random_are_found_by_api_and_page(client: FlaskClient) -> None:
    units = {row["nutr_no"]: row["units"] for row in raw("usda-sr28", "nutrients.csv")}
    for row in drawn(200):
        food = f"sr28-{row['ndb_no']}"
        answer = client.get("/api/v1/queries/amounts-of-a-food-in-a-table", query_string={"food": f"id:{food}"})
        suffix = f"measurement-{food}-{row['nutr_no']}"
        (found,) = [
            result for result in answer.get_json()["results"] if result["measurement"]["iri"].endswith(f"/{suffix}")
        ]
        assert Decimal(str(found["to"])) == Decimal(row["value"])
        page = client.get(f"/page/{food}").text
        shown = f'href="/page/{suffix}">{amounts.number(row["value"])} {units[row["nutr_no"]]}</a>'
        assert shown in page, (row, shown)


def test_amounts_of_ciqual_are_found_equal_to_the_digit_and_bounds_stay_bounds(reader: Reader) -> None:
    for row in random.Random(2020).sample(raw("ciqual-2020", "vitamin_k.csv.gz"), 100):
        (found,) = select(
            reader,
            f"""SELECT ?low ?high ?below ?micrograms {{
            id:measurement-ciqual-{row["alim_code"]}-k1 vitk:maximumAmount ?high
            OPTIONAL {{ id:measurement-ciqual-{row["alim_code"]}-k1 vitk:minimumAmount ?low }}
            OPTIONAL {{ id:measurement-ciqual-{row["alim_code"]}-k1 vitk:isBelowDetection ?below }}
            OPTIONAL {{ id:measurement-ciqual-{row["alim_code"]}-k1 vitk:microgramsPer100Grams ?micrograms }} }}""",
        )
        is_bound = row["k1_qualifier"] == "<"
        assert Decimal(found["high"].value) == Decimal(row["k1_ug_per_100g"])
        assert ("low" in found, "below" in found, "micrograms" in found) == (not is_bound, is_bound, not is_bound)


def test_micrograms_per_100_grams_are_those_published_for_every_form_of_vitamin_k_and_nothing_else(
    reader: Reader,
) -> None:
    different = """SELECT ?m { ?m vitk:microgramsPer100Grams ?micrograms ; vitk:maximumAmount ?amount ; dcterms:source ?table
        FILTER(?micrograms != ?amount) }"""
    without = """SELECT ?m { VALUES ?form { id:phylloquinone id:menaquinone-4 id:dihydrophylloquinone id:vitamin-k2 }
        ?m vitk:ofAnalyte ?form ; vitk:minimumAmount ?amount ; dcterms:source ?table
        FILTER NOT EXISTS { ?m vitk:microgramsPer100Grams ?micrograms } }"""
    others = """SELECT ?m { VALUES ?other { id:calcium id:vitamin-d id:vitamin-a id:water }
        ?m vitk:ofAnalyte ?other ; vitk:microgramsPer100Grams ?micrograms }"""
    assert [select(reader, body) for body in (different, without, others)] == [[], [], []]
    (row,) = select(
        reader, "SELECT (COUNT(?m) AS ?n) { ?m vitk:microgramsPer100Grams ?x ; dcterms:source id:usda-sr28 }"
    )
    assert int(row["n"].value) == 5_226 + 588 + 1_410


# A measurement, what its amount is, how it came about, and whether only a bound is known.
FOUR_KINDS = {
    "measured zero": ("measurement-sr28-01002-429", "0", "analysed", False),
    "assumed zero": ("measurement-sr28-16113-324", "0", "assumedZero", False),
    "below detection": ("measurement-ciqual-25936-k1", "0.8", "originNotGiven", True),
}


@pytest.mark.parametrize("kind", FOUR_KINDS)
def test_zero_assumed_zero_and_below_detection_are_distinct(kind: str, reader: Reader) -> None:
    name, amount, origin, below = FOUR_KINDS[kind]
    said = {
        row["p"].value.rpartition("#")[2]: row["v"].value
        for row in select(reader, f"SELECT ?p ?v {{ id:{name} ?p ?v }}")
    }
    assert said["maximumAmount"] == amount
    assert said["hasOrigin"] == VOCABULARY.term(origin)
    assert (said.get("isBelowDetection") == "true") == below


def test_what_a_table_does_not_give_has_no_measurement_and_its_page_says_unknown_not_zero(
    reader: Reader, client: FlaskClient
) -> None:
    assert not reader.ask(
        with_prologue("ASK { id:sr28-16113 vitk:hasMeasurement/vitk:ofAnalyte id:menaquinone-7 }", VOCABULARY)
    )
    assert not reader.ask(
        with_prologue("ASK { id:sr28-16113 vitk:hasMeasurement/vitk:ofAnalyte id:menaquinone-4 }", VOCABULARY)
    )
    page = client.get("/page/sr28-16113").text
    assert "unknown here, not zero" in page
    assert "knows no menaquinone but MK-4" in page


def test_natto_shows_its_mk_7_beside_the_tables_k1_and_is_a_significant_source(
    reader: Reader, client: FlaskClient
) -> None:
    page = client.get("/page/natto").text
    assert "1,000 µg (850 µg per 85 g)" in page
    assert "23.1 µg" in page
    assert reader.ask(with_prologue("ASK { id:natto a vitk:SignificantVitaminK2Source }", VOCABULARY))


def test_foods_of_tables_are_significant_sources_by_the_same_threshold(reader: Reader) -> None:
    found = {
        row["food"].value.rpartition("/")[2]
        for row in select(reader, "SELECT ?food { ?food a vitk:SignificantVitaminK2Source ; vitk:inTable ?table }")
    }
    rows = raw("usda-sr28", "values.csv.gz")
    expected = {
        f"sr28-{row['ndb_no']}" for row in rows if row["nutr_no"] == "428" and Decimal(row["value"]) >= Decimal("11.25")
    }
    expected |= {
        f"ciqual-{row['alim_code']}"
        for row in raw("ciqual-2020", "vitamin_k.csv.gz")
        if row["k2_ug_per_100g"] and Decimal(row["k2_ug_per_100g"]) >= Decimal("11.25")
    }
    expected |= {
        f"bls-{row['bls_code']}"
        for row in raw("bls-4", "vitamin_k.csv.gz")
        if row["k2_ug_per_100g"] and Decimal(row["k2_ug_per_100g"]) >= Decimal("11.25")
    }
    expected |= {
        f"fdc-{row['fdc_id']}"
        for row in raw("fdc-foundation-2024", "values.csv")
        if row["current"] == "yes"
        and row["nutrient_nbr"] == "428"
        and Decimal(row["amount_ug_per_100g"]) >= Decimal("11.25")
    }
    expected |= {
        f"sr-legacy-{row['ndb_number']}"
        for row in raw("usda-sr-legacy-2018", "changes.csv")
        if row["nutrient_nbr"] == "428" and Decimal(row["sr_legacy_ug_per_100g"]) >= Decimal("11.25")
    }
    assert found == expected


def test_every_code_of_the_table_has_an_origin_and_every_origin_stands_in_the_ontology(reader: Reader) -> None:
    codes = table_mapping.read_mapping(TABLES / "usda-sr28.toml").codes
    sources = {row["source_code"] for row in raw("usda-sr28", "source_codes.csv")}
    assert codes["origins"].keys() | {"4"} == sources
    derivations = {row["derivation_code"] for row in raw("usda-sr28", "values.csv.gz") if row["source_code"] == "4"}
    # The last resort, "other imputation", is for procedures that the table itself calls other, or does not name.
    unnamed = derivations - codes["origins-of-derivations"].keys()
    assert unnamed <= {"", "O", "A", "AR", "AS", "AI", "MA", "MC", "ML", "JA", "JO", "LC", "Z"}, unnamed
    origins = {*codes["origins"].values(), *codes["origins-of-derivations"].values(), "vitk:otherImputation"}
    assert all(reader.ask(with_prologue(f"ASK {{ {origin} a vitk:ValueOrigin }}", VOCABULARY)) for origin in origins)


LICENCES = {
    "usda-sr28": "publicdomain/mark",
    "usda-sr-legacy-2018": "publicdomain/mark",
    "fdc-foundation-2024": "publicdomain/mark",
    "ciqual-2020": "etalab-2.0",
    "bls-4": "licenses/by/4.0",
    "stfc-japan-2020": "mext.go.jp",
}


def test_the_licence_of_each_table_stands_beside_it_and_in_the_graph(reader: Reader) -> None:
    words = (CURATED / "LICENSE.md").read_text("utf-8")
    for name, licence in LICENCES.items():
        assert name in words
        (row,) = select(
            reader,
            f"SELECT ?licence ?citation {{ id:{name} dcterms:license ?licence ; dcterms:bibliographicCitation ?citation }}",
        )
        assert isinstance(row["licence"], NamedNode) and licence in row["licence"].value
        assert isinstance(row["citation"], Literal)


def test_no_table_is_larger_in_the_repository_than_it_need_be() -> None:
    large = [path for path in TABLES.rglob("*.csv") if path.stat().st_size > 100_000]
    assert large == [], [Path(path).name for path in large]
