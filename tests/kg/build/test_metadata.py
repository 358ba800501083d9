"""What the dataset says of itself is so."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, Store

from kg.build.describe.partitions import Partitions
from kg.catalogue.catalogue import Catalogue, with_prologue
from kg.rdf.vocabulary import RDF_TYPE, Vocabulary
from kg.reader.reader import Reader
from tests.support.paths import BASE

OUTSIDE_METADATA = f"FILTER(?g != <{BASE}graph/metadata>)"


def numbers(reader: Reader, body: str) -> dict[str, int]:
    rows = reader.select(with_prologue(body, reader.vocabulary))
    return {row["of"].value: int(row["n"].value) for row in rows}


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        (
            "SELECT ?of ?n { ?d void:classPartition ?p . ?p void:class ?of ; void:entities ?n }",
            f"SELECT ?of (COUNT(DISTINCT ?s) AS ?n) {{ GRAPH ?g {{ ?s a ?of }} {OUTSIDE_METADATA} }} GROUP BY ?of",
        ),
        (
            "SELECT ?of ?n { ?d void:propertyPartition ?p . ?p void:property ?of ; void:triples ?n }",
            "SELECT ?of (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?of ?o { GRAPH ?g { ?s ?of ?o } "
            + OUTSIDE_METADATA
            + " } } GROUP BY ?of",
        ),
        (
            "SELECT ?of ?n { ?d void:subset ?of . ?of void:triples ?n MINUS { ?of a void:Linkset } }",
            "SELECT ?of (COUNT(*) AS ?n) { GRAPH ?of { ?s ?p ?o } } GROUP BY ?of",
        ),
        (
            "SELECT ?of ?n { ?of a void:Dataset, dcat:Dataset ; void:triples ?n }",
            f"SELECT (<{BASE}dataset> AS ?of) (COUNT(*) AS ?n) {{ ?s ?p ?o }}",
        ),
    ],
    ids=["classes", "properties", "graphs", "all"],
)
def test_void_counts_equal_the_real_counts(said: str, counted: str, reader: Reader) -> None:
    assert numbers(reader, said)
    assert numbers(reader, said) == numbers(reader, counted)


def test_the_dataset_names_licence_citation_release_inputs_and_tools(reader: Reader) -> None:
    rows = reader.select(
        with_prologue(
            f"""SELECT ?licence ?citation ?release (COUNT(DISTINCT ?input) AS ?inputs) (COUNT(DISTINCT ?tool) AS ?tools) {{
              <{BASE}dataset> dcterms:license ?licence ; dcterms:bibliographicCitation ?citation ;
                dcterms:identifier ?release ; prov:wasGeneratedBy ?build .
              ?build prov:used ?input ; prov:wasAssociatedWith ?tool }} GROUP BY ?licence ?citation ?release""",
            reader.vocabulary,
        )
    )
    assert rows[0]["licence"].value == "https://creativecommons.org/licenses/by/4.0/"
    assert rows[0]["release"].value == reader.release.id
    assert reader.release.id in rows[0]["citation"].value
    assert int(rows[0]["inputs"].value) >= 5
    assert int(rows[0]["tools"].value) == len(reader.release.manifest.inputs.tools)


def test_metadata_holds_no_time_so_that_same_inputs_give_the_same_graph(reader: Reader) -> None:
    graph = f"<{BASE}graph/metadata>"
    assert not reader.ask(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o FILTER(CONTAINS(STR(DATATYPE(?o)), 'dateTime')) }} }}")


def test_what_stands_in_several_graphs_is_counted_once() -> None:
    catalogue = Catalogue(Vocabulary(BASE))
    vocabulary = catalogue.vocabulary
    kind, food = NamedNode(RDF_TYPE), NamedNode(vocabulary.term("Food"))
    natto, miso, tofu = (NamedNode(vocabulary.entity_iri(name)) for name in ("natto", "miso", "tofu"))
    holders = {
        "claims": [natto],
        "entities": [natto, miso],
        "evidence": [natto, miso, tofu],
        "inferred": [tofu],
        "metadata": [tofu, NamedNode(vocabulary.entity_iri("nothing"))],
    }
    store = Store()
    store.extend(
        Quad(entity_iri, kind, food, NamedNode(vocabulary.graph(graph)))
        for graph, entities in holders.items()
        for entity_iri in entities
    )
    store.add(Quad(BlankNode(), kind, food, NamedNode(vocabulary.graph("claims"))))
    in_one_go = Partitions.count(store, catalogue, holders.keys() - {"metadata"})
    # The graph of a table comes last, whatever its size.
    table, own = Partitions.count(store, catalogue, ["entities"]), ["claims", "evidence", "inferred"]
    in_two_steps = Partitions.count(store, catalogue, own).followed_by(table, store, store, (vocabulary.entities,))
    for found in (in_one_go, in_two_steps, Partitions.from_json(json.loads(json.dumps(in_two_steps.to_json())))):
        assert {graph.rpartition("/")[2]: count for graph, count in found.totals().items()} == {
            "claims": 2, "entities": 2, "evidence": 3, "inferred": 1,
        }  # fmt: skip
        assert found.properties() == {RDF_TYPE: 4}
        assert found.classes() == {food.value: 4}
        assert found.own_classes(but=[]) == {food.value: 3}
        assert found.own_classes(but=[vocabulary.graph("inferred")]) == {food.value: 3}
