"""Where the amounts of food tables come from: origins, references, borrowing, superseded amounts, sums, samples."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from statistics import mean

import pytest
from flask.testing import FlaskClient

from kg import amounts
from kg.rdf.terms import Row
from kg.rdf.vocabulary import Vocabulary
from kg.reader.reader import Reader
from kg.release.release import Release
from tests.kg.build.test_food_tables import raw, select
from tests.support.paths import BASE

VOCABULARY = Vocabulary(BASE)
BLS = ("bls-4", "vitamin_k.csv.gz")
ORIGINS = {
    "analysis": "analysed", "literature": "takenFromLiterature", "aggregated": "aggregated", "borrowed": "borrowed",
    "food_table": "takenFromElsewhere", "rescaled": "rescaled", "recipe": "calculatedFromRecipe",
    "logical_zero": "assumedZero", "trace": "originNotGiven",
}  # fmt: skip
MARKS = {
    "<LOD": "isBelowDetection", "<LOQ": "isBelowQuantification", "<LOD or <LOQ": "isBelowQuantification",
    "TR": "isTrace",
}  # fmt: skip


def said(reader: Reader, name: str) -> dict[str, list[str]]:
    """Everything that is stated of an entity, by local names of properties."""
    found: dict[str, list[str]] = {}
    for row in select(reader, f"SELECT ?p ?v {{ id:{name} ?p ?v }}"):
        found.setdefault(row["p"].value.rpartition("#")[2].rpartition("/")[2], []).append(row["v"].value)
    return found


def names(rows: list[Row], column: str) -> list[str]:
    return [row[column].value.removeprefix(VOCABULARY.entities) for row in rows]


@pytest.mark.parametrize("form", ["k1", "k2"])
def test_150_amounts_of_bls_drawn_at_random_have_digits_mark_origin_and_references_of_the_file(
    form: str, reader: Reader
) -> None:
    for row in random.Random(4).sample(raw(*BLS), 150):
        stated = said(reader, f"measurement-bls-{row['bls_code']}-{form}")
        assert bool(stated) == bool(row[f"{form}_origin"]), row
        if not stated:
            continue
        number, mark = row[f"{form}_ug_per_100g"], row[f"{form}_mark"]
        assert [Decimal(value) for value in stated.get("maximumAmount", [])] == ([Decimal(number)] if number else [])
        assert stated.get("minimumAmount") == stated.get("maximumAmount")
        assert [name for name in set(MARKS.values()) if name in stated] == ([MARKS[mark]] if mark else [])
        assert stated["unit"] == ["http://qudt.org/vocab/unit/MicroGM"]
        assert [Decimal(value) for value in stated["referenceAmount"]] == [100]
        assert stated["hasOrigin"] == [VOCABULARY.term(ORIGINS[row[f"{form}_origin"]])]
        cited = {*row[f"{form}_refs"].split(), *(row["k2_converted_refs"].split() if form == "k2" else [])}
        assert len(stated.get("citesPublication", [])) == len({merged(ref) for ref in cited})
        assert ("derivationMethod" in stated) == (form == "k2" and bool(row["k2_converted_refs"]))


def merged(ref: str) -> str:
    return {row["ref"]: row["publication"] for row in raw("bls-4", "references.csv")}[ref]


def test_references_that_a_spreadsheet_counted_up_are_one_publication() -> None:
    same = [row["ref"] for row in raw("bls-4", "references.csv") if row["publication"] == "11"]
    assert same == ["R11", "R13", "R17", "R29", "R30", "R33", "R35", "R39", "R40", "R41", "R42"]


@pytest.mark.system
def test_150_amounts_of_bls_japan_and_fdc_are_shown_by_api_and_page(client: FlaskClient) -> None:
    drawn = [(f"bls-{row['bls_code']}", "k2", row["k2_ug_per_100g"]) for row in raw(*BLS) if row["k2_ug_per_100g"]]
    chance = random.Random(2026)
    drawn = chance.sample(drawn, 50)
    japan = [row for row in raw("stfc-japan-2020", "vitamin_k.csv.gz") if row["vitamin_k_ug_per_100g"]]
    drawn += [(f"stfc-{row['food_number']}", "k", row["vitamin_k_ug_per_100g"]) for row in chance.sample(japan, 50)]
    fdc = [row for row in raw("fdc-foundation-2024", "values.csv") if row["current"] == "yes"]
    drawn += [
        (f"fdc-{row['fdc_id']}", row["nutrient_nbr"], row["amount_ug_per_100g"]) for row in chance.sample(fdc, 50)
    ]
    for food, part, number in drawn:
        suffix = f"measurement-{food}-{part}"
        answer = client.get("/api/v1/queries/amounts-of-a-food-in-a-table", query_string={"food": f"id:{food}"})
        (found,) = [row for row in answer.get_json()["results"] if row["measurement"]["iri"].endswith(f"/{suffix}")]
        assert Decimal(str(found["to"])) == Decimal(number)
        assert found["unit"]["iri"].endswith("/MicroGM")
        shown = f'href="/page/{suffix}">{amounts.number(number)} µg</a>'
        assert shown in client.get(f"/page/{food}").text, (food, shown)


def test_the_build_report_counts_every_amount_of_vitamin_k_by_origin(release: Release) -> None:
    counts = {count.label: count.count for count in release.manifest.counts.origins}
    by_origin = Counter(row["k2_origin"] for row in raw(*BLS) if row["k2_origin"])
    reported = Counter(
        {label.rpartition(", ")[2]: count for label, count in counts.items() if label.startswith("BLS 4.0, vitamin K2")}
    )
    assert sorted(reported.values()) == sorted(by_origin.values())
    assert reported["calculated from recipe"] == by_origin["recipe"] == 5_162
    assert reported["analysed"] == by_origin["analysis"] == 174
    assert counts["CIQUAL 2020, vitamin K2, origin not given"] == 32
    assert counts["FDC Foundation Foods 2024, menaquinone-4, analysed"] == 60
    assert counts["Japan 2020, phylloquinone and menaquinone-4, other imputation"] == 813 + 15


# Amounts without a number, and what pages show instead.
IN_WORDS = {
    "trace": ("bls-N110000", "measurement-bls-N110000-k1", "traces"),
    "below detection": ("bls-B314000", "measurement-bls-B314000-k1", "below detection"),
    "below quantification": ("bls-V416100", "measurement-bls-V416100-k1", "below quantification"),
}


@pytest.mark.parametrize("state", IN_WORDS)
def test_an_amount_without_a_number_is_shown_in_words_and_has_no_number(
    state: str, reader: Reader, client: FlaskClient
) -> None:
    food, measurement, words = IN_WORDS[state]
    assert not {"minimumAmount", "maximumAmount", "microgramsPer100Grams"} & said(reader, measurement).keys()
    assert f'href="/page/{measurement}">{words}</a>' in client.get(f"/page/{food}").text
    assert client.get(f"/page/{measurement}").status_code == 200


# Origins that do not count.
NOT_MEASURED = (
    *("borrowed", "rescaled", "calculatedFromRecipe", "takenFromElsewhere"),
    *("imputed", "assumedZero", "otherImputation"),
)


@pytest.mark.system
def test_what_a_table_calculated_borrowed_or_assumed_never_counts_as_a_measurement(reader: Reader) -> None:
    def origins(**given: str) -> set[str]:
        rows = reader.run("foods-by-amount", {"form": VOCABULARY.entity_iri("vitamin-k"), **given})
        return {row["origin"].value.rpartition("#")[2] for row in rows if "origin" in row}

    assert origins() & set(NOT_MEASURED) == set()
    assert set(NOT_MEASURED) <= origins(include="all")


def test_raw_kale_of_sr28_is_superseded_shown_so_and_not_ranked(reader: Reader, client: FlaskClient) -> None:
    former = "measurement-sr28-11233-430"
    page = client.get("/page/sr28-11233").text
    assert "704.8 µg" in page
    assert ">superseded</span>" in page
    assert "390 µg" in client.get("/page/raw-kale").text
    ranked = reader.run("foods-by-amount", {"form": VOCABULARY.entity_iri("phylloquinone")})
    assert former not in names(ranked, "measurement")
    assert "measurement-fdc-323505-430" in names(ranked, "measurement")


def test_an_amount_is_superseded_at_most_once(reader: Reader) -> None:
    twice = "SELECT ?m { ?a vitk:supersedes ?m . ?b vitk:supersedes ?m FILTER(STR(?a) < STR(?b)) }"
    dangling = "SELECT ?m { ?a vitk:supersedes ?m FILTER NOT EXISTS { ?food vitk:hasMeasurement ?m } }"
    other = "SELECT ?m { ?a vitk:supersedes ?m ; vitk:ofAnalyte ?one . ?m vitk:ofAnalyte ?two FILTER(?one != ?two) }"
    assert [select(reader, query) for query in (twice, dangling, other)] == [[], [], []]


def test_an_amount_that_ciqual_has_from_sr28_repeats_it(reader: Reader) -> None:
    assert said(reader, "measurement-ciqual-12736-k1")["repeats"] == [
        VOCABULARY.entity_iri("measurement-sr28-01022-430")
    ]
    # It rounds to three digits: 493.6 there is 494 here.
    assert said(reader, "measurement-ciqual-20027-k1")["repeats"] == [
        VOCABULARY.entity_iri("measurement-sr28-11458-430")
    ]
    # 482.9 and 521 µg of K1 in raw spinach are two measurements.
    assert "repeats" not in said(reader, "measurement-ciqual-20059-k1")


def test_both_tables_analysed_is_not_borrowing(reader: Reader) -> None:
    borrowed = select(
        reader,
        "SELECT ?m { ?m vitk:repeats ?lent ; vitk:hasOrigin vitk:analysed . ?lent vitk:hasOrigin vitk:analysed }",
    )
    assert borrowed == []


def test_means_of_foundation_foods_are_those_of_their_samples(reader: Reader) -> None:
    rows = select(
        reader,
        "SELECT ?m ?mean ?n ?s ?amount { ?m vitk:hasSample ?s ; vitk:maximumAmount ?mean ; vitk:numberOfDataPoints ?n . "
        "?s vitk:sampleAmount ?amount }",
    )
    samples: dict[str, list[Decimal]] = {}
    means = {}
    for row in rows:
        samples.setdefault(row["m"].value, []).append(Decimal(row["amount"].value))
        means[row["m"].value] = (Decimal(row["mean"].value), int(row["n"].value))
    assert len(means) == 200
    assert all(len(samples[name]) == n for name, (_, n) in means.items())
    # The table rounds; one mean (dry white cheese) is 1.6 where both samples have 1.5.
    assert all(
        abs(mean(samples[name]) - value) <= max(Decimal("0.11"), value / 100) for name, (value, _) in means.items()
    )


def test_the_japanese_sum_is_its_own_quantity_and_natto_has_no_mk_7_by_it(reader: Reader, client: FlaskClient) -> None:
    stated = said(reader, "measurement-stfc-04046-k")
    assert stated["ofAnalyte"] == [VOCABULARY.entity_iri("phylloquinone-and-menaquinone-4")]
    assert stated["maximumAmount"] == ["600"]
    assert "444.7/649.0" in stated["footnote"][0]
    page = client.get("/page/natto").text
    assert "phylloquinone and menaquinone-4" in page
    assert "600 µg" in page
    for form in ("menaquinone-7", "menaquinone-4", "vitamin-k2", "phylloquinone"):
        rows = select(reader, f"SELECT ?m {{ ?m vitk:ofAnalyte id:{form} ; dcterms:source id:stfc-japan-2020 }}")
        assert rows == []


# A food of each table whose amount is well known, in µg per 100 g: a wrong unit or column would show.
KNOWN = {
    "measurement-bls-G211100-k1": "456",
    "measurement-bls-E112100-k2": "48",
    "measurement-fdc-323505-430": "390",
    "measurement-sr-legacy-11233-430": "389.6",
    "measurement-stfc-06267-k": "270",
    "measurement-stfc-15027-k": "5",
    "measurement-ciqual-20059-k1": "521",
    "measurement-sr28-11457-430": "482.9",
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_well_known_food_of_each_table_has_its_amount_in_micrograms_per_100_grams(name: str, reader: Reader) -> None:
    stated = said(reader, name)
    assert [Decimal(value) for value in stated["microgramsPer100Grams"]] == [Decimal(KNOWN[name])]
    assert stated["unit"] == ["http://qudt.org/vocab/unit/MicroGM"]


def test_a_range_has_two_ends_and_no_middle(reader: Reader, client: FlaskClient) -> None:
    stated = said(reader, "measurement-emmental-tetrahydromenaquinone-9-hojo-2007")
    assert "microgramsPer100Grams" not in stated
    assert [Decimal(stated[f"{end}MicrogramsPer100Grams"][0]) for end in ("lowest", "highest")] == [20, 65]
    for address in ("/foods?form=tetrahydromenaquinone-9", "/page/emmental", "/page/tetrahydromenaquinone-9"):
        page = client.get(address).text
        assert "20–65" in page, address
        assert "42.5" not in page, address
