"""Nothing of the article is left out, every source has claims, and every claim is complete."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from kg.build.load.mapping import load_mappings
from kg.rdf.vocabulary import GRAPHS
from kg.reader.reader import Reader
from tests.support.paths import CURATED

FACTS = {f"F{number:03d}" for number in range(1, 197)}


TABLES = [mapping.name for mapping in load_mappings(CURATED)]


def rows(reader: Reader, body: str) -> list[dict[str, str]]:
    from kg.catalogue.catalogue import with_prologue

    found = reader.select(with_prologue(body, reader.vocabulary))
    return [{name: term.value for name, term in row.items()} for row in found]


def test_every_statement_of_the_source_has_a_claim(reader: Reader) -> None:
    found = rows(
        reader,
        """SELECT DISTINCT ?fact { ?claim vitk:hedge ?hedge ; dcterms:identifier ?fact ;
             dcterms:source/dcterms:isPartOf+ id:source-article }""",
    )
    assert {row["fact"] for row in found} == FACTS


def test_every_section_has_claims_and_those_of_the_article_are_37(reader: Reader) -> None:
    sections = reader.release.manifest.counts.claims
    article = rows(reader, "SELECT ?section { ?section a doco:Section ; dcterms:isPartOf+ id:source-article }")
    assert len(article) == 37
    assert [section.label for section in sections if not section.count] == []


def test_sources_beside_the_article_say_when_and_how_far_they_were_read(reader: Reader) -> None:
    found = rows(
        reader,
        """SELECT ?source ?read ?part ?letters (COUNT(?claim) AS ?claims) {
             ?source a vitk:ClaimSource ; vitk:partRead ?part . OPTIONAL { ?source vitk:dateOfAccess ?read }
             ?claim dcterms:source/dcterms:isPartOf+ ?source ; dcterms:identifier ?fact
             BIND(REPLACE(?fact, "[0-9]", "") AS ?letters) } GROUP BY ?source ?read ?part ?letters""",
    )
    others = [row for row in found if not row["source"].endswith("source-article")]
    assert len(others) >= 12
    assert [row["source"] for row in others if not row.get("read")] == []
    assert len({row["letters"] for row in found}) == len({row["source"] for row in found}) == len(found)


def test_claims_are_named_after_their_statement(reader: Reader) -> None:
    for row in rows(reader, "SELECT ?claim ?fact { ?claim vitk:hedge ?hedge ; dcterms:identifier ?fact }"):
        assert row["claim"].rpartition("/")[2].startswith(f"claim-{row['fact'].lower()}-")


def test_no_two_claims_and_no_two_entities_of_one_kind_have_the_same_label(reader: Reader) -> None:
    found = rows(
        reader,
        """SELECT ?thing ?kind ?label { ?thing a ?kind ; rdfs:label ?label . ?kind a owl:Class
             FILTER(STRSTARTS(STR(?thing), STR(id:))) FILTER NOT EXISTS { GRAPH ?table { ?thing rdfs:label ?label }
             FILTER(?table IN (GRAPHS)) } }""".replace("GRAPHS", ", ".join(f"graph:{name}" for name in TABLES)),
    )
    # The same finding may bear on several propositions, and a claim may have the words of its proposition.
    shared = {"EvidenceLine", "Assertion", "Predication", "AmountBearer"}
    counts = Counter(
        (row["kind"], row["label"].casefold()) for row in found if row["kind"].rpartition("#")[2] not in shared
    )
    assert [named for named, count in counts.items() if count > 1] == []


def test_amounts_that_the_source_prints_are_numbers(reader: Reader) -> None:
    found = rows(
        reader,
        """SELECT ?fact ?subject ?low ?high ?unit ?per ?perUnit {
             ?claim dcterms:identifier ?fact ; vitk:subject ?s ; vitk:minimumAmount ?low ; vitk:maximumAmount ?high ;
               vitk:unit ?u ; vitk:referenceAmount ?per ; vitk:referenceUnit ?pu
             BIND(REPLACE(STR(?s), ".*/", "") AS ?subject) BIND(REPLACE(STR(?u), ".*/", "") AS ?unit)
             BIND(REPLACE(STR(?pu), ".*/", "") AS ?perUnit) }""",
    )
    amounts = {
        (
            row["fact"],
            row["subject"],
            Decimal(row["low"]),
            Decimal(row["high"]),
            row["unit"],
            Decimal(row["per"]),
            row["perUnit"],
        )
        for row in found
    }
    assert amounts >= {
        ("F005", "natto", 150, 150, "MicroGM", 1, "TBSP"),
        ("F006", "gouda", 50, 90, "MicroGM", 100, "GM"),
        ("F087", "natto", 150, 150, "MicroGM", 1, "TBSP"),
        ("F088", "eel", 63, 63, "MicroGM", 100, "GM"),
        ("F089", "gouda", 50, 90, "MicroGM", 100, "GM"),
        ("F089", "jarlsberg", 50, 90, "MicroGM", 100, "GM"),
    }


def amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def test_doses_that_the_source_prints_are_numbers(reader: Reader) -> None:
    found = rows(
        reader,
        """SELECT ?fact ?substance ?low ?high ?unit {
             ?claim dcterms:identifier ?fact ; vitk:regimen ?r .
             ?r vitk:ofSubstance ?s ; vitk:unit ?u ; vitk:perDays 1.0
             OPTIONAL { ?r vitk:minimumAmount ?low } OPTIONAL { ?r vitk:maximumAmount ?high }
             BIND(REPLACE(STR(?s), ".*/", "") AS ?substance) BIND(REPLACE(STR(?u), ".*/", "") AS ?unit) }""",
    )
    doses = {(r["fact"], r["substance"], amount(r.get("low")), amount(r.get("high")), r["unit"]) for r in found}
    assert doses >= {
        ("F009", "menaquinone-7", 90, 200, "MicroGM"),
        ("F031", "vitamin-k2", 90, 120, "MicroGM"),
        ("F034", "vitamin-k2", 90, 90, "MicroGM"),
        ("F123", "vitamin-k2", 120, 120, "MicroGM"),
        ("F124", "vitamin-k2", 90, 90, "MicroGM"),
        ("F125", "vitamin-k2", 90, 90, "MicroGM"),
        ("F126", "menaquinone-4", 45, 45, "MilliGM"),
        ("F127", "menaquinone-7", 180, 200, "MicroGM"),
        ("F130", "menaquinone-7", 100, None, "MicroGM"),
        ("F133", "menaquinone-4", None, 15000, "MicroGM"),
        ("F135", "menaquinone-7", 100, 100, "MicroGM"),
        ("F137", "vitamin-k2", 10, 45, "MicroGM"),
        ("F150", "menaquinone-7", 90, 200, "MicroGM"),
    }


def test_a_query_without_from_sees_the_union_of_all_graphs(reader: Reader) -> None:
    graphs = {row["g"].rpartition("/")[2] for row in rows(reader, "SELECT ?g { GRAPH ?g {} }")}
    assert graphs == {*GRAPHS, *TABLES}
    assert reader.ask(
        "ASK { ?c <https://w3id.org/vitk/ontology#subject> ?s . ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
    )
