"""Titles of queries: they name what was asked for, and have words for what was not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.catalogue import query_header, title_template
from kg.catalogue.query_header import HeaderError
from kg.errors import VitkError
from kg.reader import invocation
from kg.reader.reader import Reader


@pytest.mark.parametrize(
    ("template", "words", "title"),
    [
        ("Which studies examined {substance|a substance}?", {}, "Which studies examined a substance?"),
        ("Which studies examined {substance|a substance}?", {"substance": "natto"}, "Which studies examined natto?"),
        ("How was {p|a proposition} assessed?", {"p": "K2 helps."}, "How was “K2 helps” assessed?"),
        ("Of {a|one} and {b|another}?", {"b": "B"}, "Of one and B?"),
        ("What is there?", {"a": "A"}, "What is there?"),
    ],
)
def test_a_place_takes_the_value_or_its_own_words(template: str, words: dict[str, str], title: str) -> None:
    assert title_template.fill(template, words) == title


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("What of {food}?", "a place for a value is"),
        ("What of {food|a food?", "a place for a value is"),
        ("What of {drug|a drug}?", "'drug', which is not a parameter"),
    ],
)
def test_a_place_that_cannot_be_filled_is_an_error_of_the_header(title: str, message: str) -> None:
    header = f"# title: {title}\n# summary: That.\n# parameter: food iri(vitk:Food) id:natto\nASK {{}}"
    with pytest.raises(HeaderError, match=message) as error:
        query_header.read(header)
    assert error.value.line == 1


def test_every_query_names_in_its_title_each_entity_that_it_must_be_given(reader: Reader) -> None:
    for query in reader.catalogue.public():
        named = title_template.parameters(query.header.title_template)
        needed = [
            one.name for one in query.parameters if one.type in ("iri", "iris", "term", "text") and not one.optional
        ]
        assert set(needed) <= set(named), query.name
        assert "{" not in query.title
        assert query.title.endswith("?")


def test_no_title_names_an_entity_that_was_not_requested(reader: Reader) -> None:
    """The labels of examples are in titles only where they are asked for."""
    for query in reader.catalogue.public():
        for parameter in query.parameters:
            if parameter.type in ("iri", "iris") and not parameter.optional:
                iris = [reader.vocabulary.expand(one) for one in parameter.example.split(",")]
                for reference in reader.references([], extra=iris).values():
                    fixed = title_template.fill(query.header.title_template, {parameter.name: ""})
                    assert reference.label not in fixed.replace("vitamin K", ""), query.name


@pytest.mark.parametrize(
    ("name", "given", "title"),
    [
        ("studies-of-a-substance", {"substance": "MK-4"}, "Which studies examined menaquinone-4, in whom"),
        ("studies-of-a-substance", {}, "Which studies examined menaquinone-7, in whom"),
        ("identifiers-of-an-entity", {"entity": "osteocalcin"}, "Which identifiers does osteocalcin have"),
        ("what-to-know-about-a-drug", {"drug": "apixaban"}, "What do sources claim about apixaban and vitamin K?"),
        ("interactions", {}, "Which interactions of substances are recorded"),
        ("interactions", {"with": "orlistat"}, "Which interactions of orlistat are recorded"),
        ("forms-compared", {}, "How do menaquinone-4 and menaquinone-7 differ?"),
        ("foods-of-an-organism", {}, "Which table foods come from Spinacia oleracea?"),
        ("foods-of-a-table-by-amount", {"table": "graph:bls-4"}, "Which foods of German nutrient database BLS 4.0"),
    ],
)
def test_prepared_queries_are_titled_by_what_was_requested(
    reader: Reader, name: str, given: dict[str, str], title: str
) -> None:
    if "table" in given:
        label = reader.references([], extra=[reader.vocabulary.entity_iri("bls-4")])
        title = f"Which foods of {next(iter(label.values())).label} contain"
    assert invocation.prepare(reader, name, given).title.startswith(title)


def test_numbers_stand_in_titles_as_they_are_written(reader: Reader) -> None:
    parameters = [query_header.Parameter("least", "decimal", "1")]
    assert (
        invocation.title_of(reader, "At least {least|some}?", parameters, {"least": Decimal("2.5")}) == "At least 2.5?"
    )


def test_an_unknown_query_is_reported_with_the_nearest_or_where_all_are(reader: Reader) -> None:
    for name, words in (("foods-by-fom", "did you mean foods-by-form"), ("zzz", "the catalogue lists all queries")):
        with pytest.raises(VitkError, match=words):
            invocation.prepare(reader, name, {})
