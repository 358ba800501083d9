"""Gives blank nodes their canonical labels, so that equal inputs give equal files (RDFC-1.0, W3C Recommendation).

Parsers label blank nodes at random. RDFC-1.0 derives labels from a dataset alone; they are those that any
implementation gives to the dump of the release.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, Store

from kg.build.load.store_writer import StoreWriter


def blank_nodes_of(quads: Iterable[Quad]) -> set[BlankNode]:
    """The blank nodes that some quads mention."""
    return {node for quad in quads for node in (quad.subject, quad.object) if isinstance(node, BlankNode)}


def relabel(stored: Store, writer: StoreWriter, nodes: Iterable[BlankNode]) -> None:
    """Replaces the labels of blank nodes in the store of a release by their canonical ones.

    Args:
        stored: the store, with everything in it.
        writer: which filled it.
        nodes: all blank nodes in it.
    """
    # RDFC-1.0 hashes a blank node by the quads that mention it and by the blank nodes that these mention (sections 4.6
    # and 4.8); it reads no other quad. So these few quads get the labels that they would get in the complete dataset,
    # without a copy of a million others.
    mentioning = {quad for node in nodes for quad in _mentioning(stored, node)}
    canonical = Dataset(mentioning)
    canonical.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    writer.replace(mentioning, canonical)


def _mentioning(store: Store, node: BlankNode) -> Iterable[Quad]:
    yield from store.quads_for_pattern(node, None, None)
    yield from store.quads_for_pattern(None, None, node)
