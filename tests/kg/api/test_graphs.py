"""A release as rdflib graphs: what the engine holds is what rdflib sees, without loading it."""

from __future__ import annotations

import pytest
from rdflib import RDF, RDFS, BNode, Dataset, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from kg.api.local import LocalRelease
from kg.api.terms import to_engine, to_rdflib
from kg.errors import VitkError
from kg.rdf.formats import NTRIPLES
from kg.reader.reader import Reader

ID = "https://w3id.org/vitk/id/"
NATTO = URIRef(ID + "natto")
QUERY = "SELECT ?p ?o { id:natto ?p ?o }"


@pytest.fixture(scope="module")
def local(small_reader: Reader) -> LocalRelease:
    return LocalRelease(small_reader.release)


@pytest.mark.system
def test_a_named_graph_has_the_triples_that_the_engine_writes(local: LocalRelease, small_reader: Reader) -> None:
    written = small_reader.catalogue["pages/graph"].fill({"graph": small_reader.vocabulary.graph("claims")})
    expected = Graph().parse(data=small_reader.graph(written, NTRIPLES), format="nt")
    found = local.graph("claims")
    assert len(found) == len(expected) > 1000
    assert isomorphic(Graph() + found, expected)


def test_all_graphs_together_have_each_triple_once(local: LocalRelease) -> None:
    union, triples = local.graph(), list(local.graph().triples((None, RDF.type, None)))
    assert len(triples) == len(set(triples)) > 100
    assert len(union) <= sum(len(graph) for graph in local.dataset().graphs())
    named = {
        str(graph.identifier) for graph in local.dataset().graphs((NATTO, RDFS.label, Literal("natto", lang="en")))
    }
    # rdflib adds its own default graph to any list.
    assert named - {str(DATASET_DEFAULT_GRAPH_ID)} == {"https://w3id.org/vitk/graph/entities"}


@pytest.mark.parametrize("bindings", [{}, {"o": Literal("natto", lang="en")}])
def test_sparql_gives_the_same_in_the_engine_and_in_rdflib(local: LocalRelease, bindings: dict[str, Literal]) -> None:
    graph = local.graph()
    in_engine = set(graph.query(QUERY, initBindings=bindings))
    in_rdflib = set(graph.query(QUERY, initBindings=bindings, use_store_provided=False))
    assert in_engine == in_rdflib != set()
    assert bool(graph.query("ASK { id:natto a vitk:Food }"))
    assert len(list(graph.query("CONSTRUCT WHERE { id:natto rdfs:label ?o }"))) == 1
    assert not list(local.graph("claims").query("SELECT * { id:natto rdfs:label ?o }")), (
        "a named graph is queried alone"
    )


def test_a_release_cannot_be_changed(local: LocalRelease) -> None:
    graph = local.graph("entities")
    before = len(graph)
    with pytest.raises(TypeError, match="never changes"):
        graph.add((NATTO, RDFS.label, Literal("x")))
    with pytest.raises(TypeError, match="never changes"):
        graph.remove((NATTO, None, None))
    assert len(graph) == before


def test_what_is_no_iri_is_in_no_graph(local: LocalRelease) -> None:
    assert list(local.graph().objects(URIRef("not an iri"))) == []


def test_an_unknown_graph_is_an_error_with_the_names(local: LocalRelease) -> None:
    with pytest.raises(VitkError, match=r"no graph 'claim'; there are .*claims"):
        local.graph("claim")


@pytest.mark.parametrize(
    "term",
    [
        NATTO,
        BNode("b1"),
        Literal("a"),
        Literal("a", lang="en"),
        Literal("1.50", datatype=URIRef("http://www.w3.org/2001/XMLSchema#decimal"), normalize=False),
    ],
)
def test_terms_survive_the_way_to_the_engine_and_back(term: URIRef | BNode | Literal) -> None:
    assert to_rdflib(to_engine(term)) == term
    assert str(to_rdflib(to_engine(term))) == str(term)


def test_the_dataset_serialises_as_rdflib_serialises_any(local: LocalRelease) -> None:
    copy = Dataset()
    for quad in local.dataset().quads((NATTO, None, None, None)):
        copy.add(quad)  # type: ignore[arg-type]
    assert "natto" in copy.serialize(format="trig")
