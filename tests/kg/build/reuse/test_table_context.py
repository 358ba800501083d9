"""What follows from tables is made from a small part of the curated graphs; the complete graphs would give the same."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Store

from kg.build.assess.reading.read_facts import read_contents
from kg.build.infer import rules
from kg.build.load.mapping import TableMapping, load_mappings
from kg.build.tables import context, references
from kg.rdf.vocabulary import GRAPHS, Vocabulary
from kg.reader.reader import Reader
from tests.support.paths import CURATED


@pytest.fixture(scope="module")
def complete(small_reader: Reader) -> Store:
    """All graphs of the small release, without what rules found by comparing tables."""
    store = Store()
    store.extend(Store.read_only(str(small_reader.release.store)))
    for quad in list(store.quads_for_pattern(None, NamedNode(small_reader.vocabulary.term("repeats")), None)):
        store.remove(quad)
    return store


@pytest.fixture(scope="module")
def curated(complete: Store, small_reader: Reader) -> Store:
    """All graphs but those of tables, without what rules infer from rows."""
    store, vocabulary = Store(), small_reader.vocabulary
    for name in GRAPHS:
        store.extend(complete.quads_for_pattern(None, None, None, NamedNode(vocabulary.graph(name))))
    of_rows = starts(vocabulary)
    for quad in list(store.quads_for_pattern(None, None, None, NamedNode(vocabulary.graph("inferred")))):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(of_rows):
            store.remove(quad)
    return store


def mappings() -> list[TableMapping]:
    return load_mappings(CURATED)


def starts(vocabulary: Vocabulary) -> tuple[str, ...]:
    return context.subject_starts(mappings(), vocabulary)


def table_graphs(vocabulary: Vocabulary) -> list[NamedNode]:
    return [NamedNode(vocabulary.graph(mapping.name)) for mapping in mappings()]


def test_rules_for_rows_conclude_from_the_context_what_they_conclude_from_all_curated_graphs(
    complete: Store, curated: Store, small_reader: Reader
) -> None:
    vocabulary = small_reader.vocabulary
    small = context.of(curated, frozenset(), vocabulary).store()
    assert 0 < len(small) < len(curated) / 100
    rows = [
        quad.triple
        for graph in table_graphs(vocabulary)
        for quad in complete.quads_for_pattern(None, None, None, graph)
    ]
    found = []
    for store in (small, curated):
        reasoner = rules.TableReasoner(store, vocabulary)
        found.append((reasoner.analytes, set(reasoner.conclude(rows))))
    assert found[0][1]
    assert found[0] == found[1]


def test_rules_over_tables_and_assessments_find_in_the_rows_referred_to_what_they_find_in_all(
    complete: Store, curated: Store, small_reader: Reader
) -> None:
    vocabulary = small_reader.vocabulary
    with_rows = references.with_rows(curated, complete, table_graphs(vocabulary), starts(vocabulary), vocabulary)
    assert len(with_rows) < len(complete)
    with_rows.extend(complete.quads_for_pattern(None, None, None, NamedNode(vocabulary.graph("inferred"))))
    assert set(rules.infer_over_tables(with_rows, vocabulary)) == set(rules.infer_over_tables(complete, vocabulary))
    contents = [sorted(map(str, read_contents(store, vocabulary))) for store in (with_rows, complete)]
    assert contents[0]
    assert contents[0] == contents[1]


def test_every_subject_of_a_table_starts_as_its_mapping_says(complete: Store, small_reader: Reader) -> None:
    vocabulary = small_reader.vocabulary
    subjects = {
        str(quad.subject).strip("<>")
        for graph in table_graphs(vocabulary)
        for quad in complete.quads_for_pattern(None, None, None, graph)
    }
    of_rows = starts(vocabulary)
    assert len(subjects) > 500
    assert [subject for subject in subjects if not subject.startswith(of_rows)] == []
