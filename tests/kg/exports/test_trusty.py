"""Hashes of quads: equal for the same quads in any order, another one for any other quad."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.exports import trusty

THIS = NamedNode("https://example.org/np/" + trusty.PLACEHOLDER)
GRAPH = NamedNode(THIS.value + "#assertion")
INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")


def quad(value: NamedNode | Literal, predicate: str = "p") -> Quad:
    return Quad(THIS, NamedNode(f"https://example.org/{predicate}"), value, GRAPH)


QUADS = [quad(Literal("1", datatype=INTEGER)), quad(Literal("a\\\nb")), quad(Literal("1", language="EN")), quad(THIS)]


def test_order_and_repetition_change_nothing() -> None:
    assert trusty.code(QUADS) == trusty.code([*reversed(QUADS), QUADS[0]])
    assert len(trusty.code(QUADS)) == len(trusty.PLACEHOLDER)


@pytest.mark.parametrize(
    "other",
    [quad(Literal("1")), quad(Literal("1", language="de")), quad(Literal("a\nb")), quad(THIS, "q"), quad(GRAPH)],
)  # fmt: skip
def test_any_other_quad_changes_it(other: Quad) -> None:
    assert (
        len({trusty.code([*QUADS[:place], other, *QUADS[place + 1 :]]) for place in range(4)} - {trusty.code(QUADS)})
        == 4
    )
