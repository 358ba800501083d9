"""How exports read propositions: all of them as each by itself, and with as few queries."""

from __future__ import annotations

from kg.exports.source import ExportSource
from kg.propositions.index import PropositionIndex
from kg.reader.reader import Reader
from kg.release.release import Release
from tests.support.counting import QueryCounter


def test_all_propositions_are_read_together_as_each_by_itself(release: Release) -> None:
    counter = QueryCounter()
    reader = Reader(release, counter)
    source = ExportSource(reader, PropositionIndex(reader))
    found = {one.iri: one for one in source.all()}
    assert counter.count < 20
    assert list(found) == sorted(PropositionIndex(reader).summaries)
    for iri in list(found)[::25]:
        assert source.of(iri) == found[iri]
    assert source.of("https://example.org/nothing") is None
