"""Nanopublications have the structure that https://nanopub.net/guidelines/working_draft/ asks for."""

from __future__ import annotations

import pytest
from rdflib import Dataset, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, XSD

from kg.claims.claim_index import ClaimIndex
from kg.exports import nanopub
from kg.exports.source import ExportSource
from kg.rdf.vocabulary import DATA_LICENCE
from kg.reader.reader import Reader
from tests.support.paths import BASE

NP = nanopub.SCHEMA
PARTS = ("hasAssertion", "hasProvenance", "hasPublicationInfo")


@pytest.fixture(scope="module")
def source(reader: Reader) -> ExportSource:
    return ExportSource(reader, ClaimIndex(reader).propositions)


def parsed(body: bytes) -> Dataset:
    dataset = Dataset()
    dataset.parse(data=body, format="trig")
    return dataset


@pytest.mark.parametrize(
    "name", ["proposition-k2-lowers-fracture", "proposition-natto-rich-in-k2", "proposition-k2-serves-general-health"]
)
def test_a_nanopublication_has_a_head_and_three_graphs_that_are_not_empty(source: ExportSource, name: str) -> None:
    exported = source.of(BASE + "id/" + name)
    assert exported
    dataset = parsed(nanopub.nanopublication(source, exported))
    this = URIRef(nanopub.iri_of(source, exported))
    ((_, _, _, head),) = dataset.quads((None, RDF.type, URIRef(NP + "Nanopublication"), None))
    assert head == URIRef(this + "#Head")
    declared = [URIRef(str(dataset.graph(head).value(this, URIRef(NP + part)))) for part in PARTS]
    assert len(dataset.graph(head)) == 4
    graphs = {graph.identifier for graph in dataset.graphs() if len(graph)}
    assert graphs == {head, *declared}
    assert all(str(graph).startswith(str(this)) and graph != this for graph in graphs)
    assertion, provenance, publication = (dataset.graph(graph) for graph in declared)
    assert assertion.value(URIRef(exported.iri), URIRef(BASE + "ontology#assessedDirection"))
    assert set(provenance.subjects()) == {declared[0]}
    assert set(publication.subjects()) == {this}
    created = publication.value(this, DCTERMS.created)
    assert isinstance(created, Literal) and created.datatype == XSD.dateTime and created.toPython()
    assert publication.value(this, DCTERMS.license) == URIRef(DATA_LICENCE)
    assert publication.value(this, DCTERMS.creator)


def test_the_assertion_does_not_say_that_the_proposition_holds(source: ExportSource) -> None:
    exported = source.of(BASE + "id/proposition-k2-lowers-fracture")
    assert exported
    dataset = parsed(nanopub.nanopublication(source, exported))
    assertion = dataset.graph(URIRef(nanopub.iri_of(source, exported) + "#assertion"))
    assert set(assertion.subjects()) == {URIRef(exported.iri)}


def test_provenance_names_the_lines_and_studies_that_decide(source: ExportSource) -> None:
    exported = source.of(BASE + "id/proposition-k2-lowers-fracture")
    assert exported
    dataset = parsed(nanopub.nanopublication(source, exported))
    derived = {str(origin) for _, _, origin, _ in dataset.quads((None, PROV.wasDerivedFrom, None, None))}
    deciding = exported.assessment.deciding
    assert derived == {BASE + "dataset"} | {one.line.iri for one in deciding} | {one.study.iri for one in deciding}


@pytest.mark.system
def test_a_file_of_all_has_each_proposition_once(source: ExportSource) -> None:
    dataset = parsed(nanopub.nanopublications(source))
    found = [subject for subject, _, _, _ in dataset.quads((None, RDF.type, URIRef(NP + "Nanopublication"), None))]
    assert len(found) == len(set(found)) == sum(1 for _ in source.all())
