"""The ontology keeps the rules of ROBOT's report and of OOPS!, and the data keep the ontology's.

Each rule is a query of ``ontology_checks/`` that finds what breaks it, and has a planted mistake beside it that it must
find. ``robot-*`` bears the name of a check of ROBOT, ``oops-*`` the number of a pitfall of OOPS!, ``vitk-*`` is our own;
these look at the ontology alone. ``data-*`` look at a whole release, its food tables cut to some foods. Left out of ROBOT's report are the checks of
``oboInOwl`` annotations, of which there are none here, and those on superclasses, of which a class may have none or two.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)
from rdflib.namespace import DCTERMS, SDO, SKOS, VANN, DefinedNamespace

from kg.amounts import UNIT_SYMBOLS
from kg.catalogue.catalogue import with_prologue
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, Vocabulary
from kg.reader.reader import Reader
from kg.release.release import Release
from tests.support.paths import BASE, DATA, ROOT

VOCABULARY = Vocabulary(BASE)
CHECKS = DATA / "ontology_checks"
NAMES = sorted(path.stem for path in CHECKS.glob("*.rq"))
OF_DATA = [name for name in NAMES if name.startswith("data-")]
OF_ONTOLOGY = [name for name in NAMES if name not in OF_DATA]
ONTOLOGY = ROOT / "ontology" / "vitk.ttl"
ALIGNMENTS = sorted((ROOT / "ontology" / "alignment").glob("*.ttl"))
MATCHES = {str(SKOS[f"{kind}Match"]) for kind in ("exact", "close", "broad", "narrow", "related")} | {
    OUTSIDE_PREFIXES["rdfs"] + "subPropertyOf"
}

# Checks of ROBOT's report at the levels ERROR and WARN that apply to an ontology without oboInOwl annotations.
ROBOT = """annotation_whitespace deprecated_boolean_datatype deprecated_class_reference deprecated_property_reference
duplicate_definition duplicate_exact_synonym duplicate_label duplicate_label_synonym duplicate_scoped_synonym
equivalent_class_axiom_no_genus equivalent_pair illegal_use_of_built_in_vocabulary invalid_entity_uri label_formatting
label_whitespace missing_definition missing_label missing_obsolete_label missing_ontology_description
missing_ontology_license missing_ontology_title misused_obsolete_label misused_replaced_by multiple_definitions
multiple_equivalent_class_definitions multiple_equivalent_classes multiple_labels"""
OOPS = "P03 P05 P06 P10 P11 P19 P24 P25 P26 P27 P28 P29 P31 P35 P38 P40 P41"


def triples(text: str) -> list[Triple]:
    return [
        Triple(quad.subject, quad.predicate, quad.object)
        for quad in parse(text, format=RdfFormat.TURTLE, base_iri=BASE)
        if isinstance(quad.subject, NamedNode | BlankNode)
    ]


def store_of(*paths: Path) -> Store:
    """The files in one store; blank nodes of different files stay apart."""
    store = Store()
    for path in paths:
        quads = parse(path.read_bytes(), format=RdfFormat.TURTLE, base_iri=BASE, rename_blank_nodes=True)
        store.extend(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in quads)
    return store


def query_of(name: str) -> str:
    return with_prologue((CHECKS / f"{name}.rq").read_text("utf-8"), VOCABULARY)


def found(store: Store, name: str) -> list[dict[str, str]]:
    solutions = store.query(query_of(name))
    assert isinstance(solutions, QuerySolutions)
    variables = [variable.value for variable in solutions.variables]
    return [{name: str(row[name]) for name in variables} for row in solutions]


@pytest.fixture(scope="module")
def ontology() -> Store:
    return store_of(ONTOLOGY)


def values(store: Store, predicate: str) -> dict[str, list[NamedNode | BlankNode | Literal | Triple]]:
    """What each subject has for a property, by the subject's IRI."""
    found: dict[str, list[NamedNode | BlankNode | Literal | Triple]] = {}
    for quad in store.quads_for_pattern(None, NamedNode(predicate), None):
        if isinstance(quad.subject, NamedNode):
            found.setdefault(quad.subject.value, []).append(quad.object)
    return found


def own_properties(store: Store) -> set[str]:
    kinds = {OUTSIDE_PREFIXES["owl"] + kind for kind in ("ObjectProperty", "DatatypeProperty")}
    return {
        iri
        for iri, types in values(store, RDF_TYPE).items()
        if iri.startswith(VOCABULARY.terms)
        and {media_type.value for media_type in types if isinstance(media_type, NamedNode)} & kinds
    }


@pytest.mark.parametrize("name", OF_ONTOLOGY)
def test_the_ontology_keeps_the_rule(ontology: Store, name: str) -> None:
    assert found(ontology, name) == []


@pytest.fixture(scope="module")
def data(small_release: Release) -> Store:
    """All that the small release says, in memory: the queries look at every triple several times."""
    store = Store()
    quads = Store.read_only(str(small_release.store))
    store.extend(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in quads)
    return store


@pytest.mark.system
@pytest.mark.parametrize("name", OF_DATA)
def test_the_data_keep_the_rule(data: Store, name: str) -> None:
    assert len(data) > 100_000
    assert found(data, name) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_rule_finds_the_planted_mistake_and_nothing_else(name: str) -> None:
    planted = CHECKS / f"{name}.bad.ttl"
    finds, _, _ = planted.read_text("utf-8").removeprefix("# finds: ").partition("\n")
    expected = set()
    for name_of_mistake in finds.split():
        prefix, _, local = name_of_mistake.partition(":")
        expected.add(f"<{VOCABULARY.prefixes[prefix]}{local}>")
    store = store_of(ONTOLOGY, planted) if name in OF_DATA else store_of(planted)
    assert {row["entity"] for row in found(store, name)} == expected


def test_every_check_of_robot_and_oops_that_applies_is_there_and_says_what_it_finds() -> None:
    assert {name.removeprefix("robot-") for name in NAMES if name.startswith("robot-")} == {
        *ROBOT.split(),
        "lowercase_definition",
    }
    assert [name[5:8].upper() for name in NAMES if name.startswith("oops-")] == OOPS.split()
    assert {path.name.removesuffix(".bad.ttl") for path in CHECKS.glob("*.bad.ttl")} == set(NAMES)
    for name in NAMES:
        assert re.match(r"# Finds [^\n]+\.\n", (CHECKS / f"{name}.rq").read_text("utf-8")), name


def test_terms_of_other_vocabularies_exist_there(ontology: Store) -> None:
    closed: list[type[DefinedNamespace]] = [DCTERMS, SDO, SKOS, VANN]
    used = {
        node.value
        for quad in ontology
        for node in (quad.subject, quad.predicate, quad.object)
        if isinstance(node, NamedNode)
    }
    looked_up = {iri: space for iri in used for space in closed if iri.startswith(str(space))}
    assert len(looked_up) > 20
    assert [iri for iri, space in looked_up.items() if iri.removeprefix(str(space)) not in space] == []


def test_units_have_their_names_and_the_symbols_that_pages_write(reader: Reader) -> None:
    query = "SELECT ?unit ?symbol { ?unit a qudt:Unit ; rdfs:label ?label . OPTIONAL { ?unit qudt:symbol ?symbol } }"
    named = reader.select("PREFIX qudt: <http://qudt.org/schema/qudt/>\n" + with_prologue(query, VOCABULARY))
    assert {row["unit"].value: row["symbol"].value if "symbol" in row else "" for row in named} == UNIT_SYMBOLS
    used = reader.select(with_prologue("SELECT DISTINCT ?unit { ?x vitk:unit|vitk:referenceUnit ?unit }", VOCABULARY))
    assert {row["unit"].value for row in used} <= set(UNIT_SYMBOLS)


def test_the_ontology_is_described_in_full(ontology: Store) -> None:
    required = {
        "dcterms": "title abstract description creator contributor publisher created issued modified license source "
        "bibliographicCitation",
        "owl": "versionIRI versionInfo",
    }
    spaces = OUTSIDE_PREFIXES | {"bibo": "http://purl.org/ontology/bibo/", "vann": str(VANN), "schema": str(SDO)}
    required |= {"vann": "preferredNamespacePrefix preferredNamespaceUri", "bibo": "status", "schema": "logo"}
    for prefix, names in required.items():
        for name in names.split():
            assert values(ontology, spaces[prefix] + name).get(BASE + "ontology"), f"{prefix}:{name}"
    (version,) = values(ontology, OUTSIDE_PREFIXES["owl"] + "versionIRI")[BASE + "ontology"]
    (number,) = values(ontology, OUTSIDE_PREFIXES["owl"] + "versionInfo")[BASE + "ontology"]
    assert isinstance(version, NamedNode) and isinstance(number, Literal)
    assert version.value == f"{BASE}ontology/{number.value}"
    (logo,) = values(ontology, str(SDO) + "logo")[BASE + "ontology"]
    assert isinstance(logo, NamedNode)
    assert (ROOT / "server" / logo.value.removeprefix(BASE)).is_file()


def examples(store: Store) -> dict[str, list[Triple]]:
    """The examples that are written as Turtle, by their property, as triples."""
    prologue = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in VOCABULARY.prefixes.items())
    return {
        iri: triples(prologue + example.value)
        for iri, given in values(store, str(SKOS.example)).items()
        for example in given
        if isinstance(example, Literal) and example.value.startswith("id:")
    }


def test_examples_in_turtle_are_of_their_property_and_most_properties_have_one(ontology: Store) -> None:
    written = examples(ontology)
    assert [iri for iri, triples in written.items() if {triple.predicate.value for triple in triples} != {iri}] == []
    assert len(written) > 0.8 * len(own_properties(ontology))


def test_an_example_stands_in_the_data_where_the_data_use_its_property(ontology: Store, reader: Reader) -> None:
    in_use = {row["property"].value for row in reader.select("SELECT DISTINCT ?property { ?thing ?property ?value }")}
    checked = {iri: triples for iri, triples in examples(ontology).items() if iri in in_use}
    assert len(checked) > 50
    missing = [triple for given in checked.values() for triple in given if not reader.ask(f"ASK {{ {triple} }}")]
    assert missing == []


@pytest.mark.parametrize("path", ALIGNMENTS, ids=lambda path: path.stem)
def test_an_alignment_maps_our_terms_to_one_other_vocabulary(path: Path, ontology: Store) -> None:
    store, ours = store_of(path), {quad.subject for quad in ontology}
    header = NamedNode(f"{BASE}ontology/alignment/{path.stem}")
    (space,) = store.quads_for_pattern(None, NamedNode(OUTSIDE_PREFIXES["void"] + "uriSpace"), None)
    assert isinstance(space.object, Literal)
    assert values(store, str(DCTERMS.title)).keys() == values(store, str(DCTERMS.license)).keys() == {header.value}
    mapped = [quad for quad in store if quad.subject not in (header, space.subject)]
    assert mapped
    for quad in mapped:
        assert quad.subject in ours, quad
        assert quad.predicate.value in MATCHES, quad
        assert isinstance(quad.object, NamedNode) and quad.object.value.startswith(space.object.value), quad
        assert quad.object.value.removeprefix(str(SDO)) in SDO or space.object.value != str(SDO), quad


def test_alignments_keep_exact_matches_apart_and_never_merge_or_import(ontology: Store) -> None:
    assert {path.stem for path in ALIGNMENTS} >= {"biolink", "eco", "obi", "ons", "ro", "schema-org", "sepio"}
    store = store_of(*ALIGNMENTS)
    exact = [target for given in values(store, str(SKOS.exactMatch)).values() for target in given]
    assert len(exact) == len(set(exact)) > 5
    for name in ("sameAs", "equivalentClass", "equivalentProperty", "imports"):
        assert values(store, OUTSIDE_PREFIXES["owl"] + name) == {}
    assert values(ontology, OUTSIDE_PREFIXES["owl"] + "imports") == {}
