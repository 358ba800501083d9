"""The catalogue: headers, typed values, and what a build refuses."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.build.check import catalogue_queries
from kg.catalogue import query_header
from kg.catalogue.catalogue import Catalogue, Query
from kg.catalogue.query_header import TAGS, Chart, HeaderError, Parameter
from kg.errors import CuratedFileError, VitkError
from kg.rdf.terms import Row
from kg.rdf.vocabulary import Vocabulary
from kg.reader import query_parameters
from kg.reader.query_parameters import InvalidParametersError
from kg.reader.reader import Reader
from tests.kg.catalogue.query_names import sources, strings_of
from tests.support.paths import BASE, ROOT

VOCABULARY = Vocabulary(BASE)
TOP = "# title: What?\n# summary: That.\n"
NUMBERS = ("integer", "decimal", "double")


def catalogue_of(folder: Path, text: str) -> Catalogue:
    (folder / "a.rq").write_text(text, "utf-8")
    return Catalogue(VOCABULARY, folder)


def test_a_header_says_everything(tmp_path: Path) -> None:
    header = """# title: Which?
# summary: These.
# tags: foods, food tables
# chart: bar ?name ?value
# unit: ?value ?low = µg per 100 g
# page: 20
# milliseconds: 50
# parameter: form iri(vitk:VitaminKForm|vitk:Vitamin) = id:menaquinone-7
# parameter: least integer(1..9) = 3; analyses
# parameter: order choice(amount|name) = amount
# parameter: group iri optional id:g
# parameter: food iri id:butter
"""
    read, lines = query_header.read(header + "SELECT ?name")
    assert lines == 12
    assert (read.tags, read.page, read.milliseconds) == (("foods", "food tables"), 20, 50)
    assert read.chart == Chart("bar", ("name", "value"))
    assert read.units == {"value": "µg per 100 g", "low": "µg per 100 g"}
    form, least, order, group, food = read.parameters
    assert (form.default, form.classes) == ("id:menaquinone-7", ("vitk:VitaminKForm", "vitk:Vitamin"))
    assert (least.minimum, least.maximum, least.description) == (Decimal(1), Decimal(9), "analyses")
    assert (order.choices, order.default) == (("amount", "name"), "amount")
    assert [parameter.required for parameter in read.parameters] == [False, False, False, False, True]
    assert (group.optional, food.example) == (True, "id:butter")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("SELECT", 1, "starts with"),
        (TOP + "# title: Again?", 3, "more than one"),
        (TOP + "# tags: foods, fodos", 3, "no tag 'fodos'"),
        (TOP + "# chart: pie ?a ?b", 3, "a chart is"),
        (TOP + "# unit: value µg", 3, "a unit is"),
        (TOP + "# page: many", 3, "positive integer"),
        (TOP + "# parameter: form thing id:x", 3, "a parameter is"),
        (TOP + "# parameter: n integer(1..3) = 4", 3, "out of range"),
        (TOP + "# parameter: n integer(1-3) = 2", 3, "not a range"),
        (TOP + "# parameter: n integer = two", 3, "not a number"),
        (TOP + "# parameter: n choice(a|b) = c", 3, "not one of the choices"),
    ],
)
def test_a_wrong_header_is_reported_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(HeaderError, match=said) as wrong:
        query_header.read(text)
    assert wrong.value.line == line


def test_a_placeholder_without_a_parameter_is_reported_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(CuratedFileError, match=r"a\.rq:4: \$form is not a parameter"):
        catalogue_of(tmp_path, TOP + "SELECT ?s WHERE {\n  ?s ?p $form }")


def test_values_are_filled_in_as_terms(tmp_path: Path) -> None:
    query = catalogue_of(
        tmp_path,
        TOP
        + "# parameter: form iri = id:natto\n# parameter: least decimal = 1.5\n# parameter: name text = a\n"
        + "# parameter: group iri optional id:g\n"
        + 'SELECT ?x (1 AS ?y) ?z WHERE { VALUES ?g { $group } ?x ?p $form , $name , $least , "$form" }',
    )["a"]
    assert query.columns == ("x", "y", "z")
    assert query.fill({}).endswith(f'VALUES ?g {{ UNDEF }} ?x ?p <{BASE}id/natto> , "a" , 1.5 , "$form" }}\n')
    given = query.fill({"name": 'a" } #', "least": Decimal("1E+3"), "group": f"{BASE}id/g", "form": f"{BASE}id/f"})
    assert given.endswith(f'VALUES ?g {{ <{BASE}id/g> }} ?x ?p <{BASE}id/f> , "a\\" }} #" , 1000 , "$form" }}\n')
    with pytest.raises(ValueError, match="IRI"):
        query.fill({"form": "a> } #"})
    with pytest.raises(VitkError, match="takes no parameter"):
        query.fill({"from": "x"})


def ontology_store() -> Store:
    from pyoxigraph import NamedNode, RdfFormat

    store = Store()
    ontology = ROOT / "ontology" / "vitk.ttl"
    store.load(path=ontology, format=RdfFormat.TURTLE, base_iri=BASE, to_graph=NamedNode(VOCABULARY.graph("ontology")))
    return store


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        ("SELECT ?s WHERE {\n  ?s a vitk:Fod }", 4, "vitk:Fod is not a known class; did you mean vitk:Food?"),
        ("SELECT ?s WHERE {\n\n  ?s vitk:ofAnalite ?o }", 5, "did you mean vitk:ofAnalyte?"),
        ("SELECT ?s WHERE { ?s rdfs:lable ?o }", 3, "did you mean rdfs:label?"),
        ("SELECT ?s WHERE { ?s a vitk:ofAnalyte }", 3, "is not a known class"),
        ("SELECT ?s WHERE {\n ?s ?p ?o . ; }", 5, "SPARQL syntax"),
        (
            "# parameter: x iri(vitk:Nothing) = id:x\nSELECT ?s WHERE { ?s ?p $x }",
            3,
            "vitk:Nothing is not a known class",
        ),
        ("# unit: ?t = g\nSELECT ?s WHERE { ?s ?p ?o }", 1, "?t is not a column"),
        ("# chart: bar ?s ?n\nSELECT ?s WHERE { ?s ?p ?o }", 1, "?n is not a column"),
    ],
)
def test_a_query_of_unknown_names_fails_the_build_with_file_and_line(
    tmp_path: Path, body: str, line: int, said: str
) -> None:
    with pytest.raises(CuratedFileError) as wrong:
        catalogue_queries.check(ontology_store(), catalogue_of(tmp_path, TOP + body))
    assert f"a.rq:{line}: " in str(wrong.value)
    assert said in str(wrong.value)


def test_an_entity_that_the_data_lack_is_a_warning(tmp_path: Path) -> None:
    warnings = catalogue_queries.check(
        ontology_store(), catalogue_of(tmp_path, TOP + "SELECT ?s WHERE { ?s ?p id:nothing }")
    )
    assert [str(warning).partition(": ")[2] for warning in warnings] == [
        "id:nothing does not exist in the data [entities in queries]"
    ]


@pytest.fixture(scope="module")
def public(reader: Reader) -> list[Query]:
    return reader.catalogue.public()


def test_every_public_query_has_tags_and_every_tag_a_query(public: list[Query]) -> None:
    assert [query.name for query in public if not query.tags] == []
    assert {tag for query in public for tag in query.tags} == set(TAGS)


@pytest.mark.system
def test_every_column_of_numbers_has_a_unit_and_charts_are_of_numbers(reader: Reader, public: list[Query]) -> None:
    for query in public:
        if query.is_graph:
            continue
        rows = reader.select(reader.catalogue.example(query))
        numbers = {column for column in query.columns if any(_is_number(row, column) for row in rows)}
        assert numbers <= set(query.header.units), query.name
        if query.chart:
            assert set(query.chart.columns[1:]) <= numbers, query.name


def _is_number(row: Row, column: str) -> bool:
    datatype = getattr(row.get(column), "datatype", None)
    return datatype is not None and datatype.value.rpartition("#")[2] in NUMBERS


def test_examples_are_of_the_classes_that_their_parameters_name(reader: Reader, public: list[Query]) -> None:
    for query in public:
        given = {parameter.name: parameter.example for parameter in query.parameters}
        assert query_parameters.parse_values(reader, query.parameters, given).keys() == given.keys()


@pytest.mark.parametrize("text", ["menaquinone-7", "id:menaquinone-7", f"{BASE}id/menaquinone-7", "MK-7", " mk 7 "])
def test_an_entity_may_be_given_by_iri_curie_or_name(reader: Reader, text: str) -> None:
    parameters = reader.catalogue["makers-of-a-form"].parameters
    assert query_parameters.parse_values(reader, parameters, {"form": text}) == {"form": f"{BASE}id/menaquinone-7"}


def test_a_label_means_its_entity_though_it_is_the_title_of_a_study(reader: Reader) -> None:
    titled = reader.search.find("vitamin K", 10)
    assert {f"{BASE}id/vitamin-k", f"{BASE}id/study-lpi-vitamin-k"} <= {hit.iri for hit in titled}
    parameters = (Parameter("entity", "iri", "id:osteocalcin"),)
    assert query_parameters.parse_values(reader, parameters, {"entity": "vitamin K"}) == {
        "entity": f"{BASE}id/vitamin-k"
    }


@pytest.mark.parametrize(
    ("query", "given", "field", "said"),
    [
        ("makers-of-a-form", {"form": "warfarin"}, "form", "must be of the class form of vitamin K or vitamin"),
        ("makers-of-a-form", {"form": "menaquinone-77"}, "form", "Did you mean id:menaquinone-7"),
        ("makers-of-a-form", {"form": "x> } #"}, "form", "there is no"),
        ("makers-of-a-form", {"form": "https://e.example/" + "x" * 10_000}, "form", "characters"),
        ("makers-of-a-form", {"frm": "mk-7"}, "frm", "use form"),
        ("best-measured-foods", {"minimum": "many"}, "minimum", "a whole number from 1 to 10000"),
        ("best-measured-foods", {"minimum": "0"}, "minimum", "a whole number from 1 to 10000"),
        ("best-measured-foods", {"minimum": "١٢"}, "minimum", "a whole number"),
        ("foods-of-an-organism", {"name": "x" * 1000}, "name", "the limit is 200"),
    ],
)
def test_each_wrong_field_is_reported(reader: Reader, query: str, given: dict[str, str], field: str, said: str) -> None:
    with pytest.raises(InvalidParametersError) as wrong:
        query_parameters.parse_values(reader, reader.catalogue[query].parameters, given)
    assert [error.field for error in wrong.value.errors] == [field]
    assert said in wrong.value.errors[0].detail


def test_every_query_of_the_pages_is_used_by_code() -> None:
    queries = {path.stem for path in (ROOT / "kg" / "queries" / "pages").glob("*.rq")}
    assert queries - strings_of(sources()) == set()
