"""How a release is cut into requests: what has a blank node in common goes together, the rest in batches."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kg.engine.remote import push

GRAPH, PREDICATE = NamedNode("urn:g"), NamedNode("urn:p")


def quad(subject: object, value: object) -> Quad:
    return Quad(subject, PREDICATE, value, GRAPH)  # type: ignore[arg-type]


def batches(quads: list[Quad], size: int) -> list[list[Quad]]:
    store = Store()
    store.extend(quads)
    return list(push._batches(store, GRAPH, size))


@pytest.mark.parametrize("size", [1, 7, 100])
def test_each_triple_is_sent_once_and_blank_nodes_keep_their_identity(size: int) -> None:
    chain = [BlankNode(f"c{number}") for number in range(20)]
    linked = [quad(one, other) for one, other in zip(chain, chain[1:], strict=False)]
    separate = [quad(BlankNode(f"s{number}"), Literal(str(number))) for number in range(30)]
    shared = [quad(NamedNode("urn:a"), chain[19]), quad(BlankNode("s3"), BlankNode("s4"))]
    named = [quad(NamedNode("urn:a"), Literal(str(number))) for number in range(25)]
    sent = batches([*linked, *separate, *shared, *named], size)
    assert sorted(map(str, (one for batch in sent for one in batch))) == sorted(
        map(str, [*linked, *separate, *shared, *named])
    )
    places: dict[BlankNode, set[int]] = {}
    for number, batch in enumerate(sent):
        for one in batch:
            for term in (one.subject, one.object):
                if isinstance(term, BlankNode):
                    places.setdefault(term, set()).add(number)
    assert all(len(found) == 1 for found in places.values())
    # A group that is longer than a batch goes alone; others fill batches.
    assert all(len(batch) <= max(size, 20) for batch in sent)
    assert len(sent) > 1 or size == 100


def test_many_blank_nodes_never_make_one_long_template() -> None:
    sent = batches([quad(BlankNode(f"s{number}"), Literal("x")) for number in range(1_500)], 2_000)
    assert [len(batch) for batch in sent] == [500, 500, 500]
