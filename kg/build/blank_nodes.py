"""Gives blank nodes their canonical labels, so that equal inputs give equal files (RDFC-1.0, W3C Recommendation).

Parsers label blank nodes at random. RDFC-1.0 derives labels from a dataset alone; they are those that any
implementation gives to the dump of the release.
"""

from __future__ import annotations

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, Store


def with_canonical_labels(store: Store) -> Store:
    """Returns a copy in memory with canonical labels, and with its quads in an order that follows from them alone."""
    # RDFC-1.0 hashes a blank node by the quads that mention it and by the blank nodes that these mention (sections 4.6
    # and 4.8); it reads no other quad. So these few quads get the labels that they would get in the complete dataset,
    # without a copy of a million others: rows of tables mention none.
    quads = set(store)
    mentioning = {quad for quad in quads if _mentions_blank_node(quad)}
    canonical = Dataset(mentioning)
    canonical.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    copy = Store()
    for graph in store.named_graphs():
        copy.add_graph(graph)
    copy.bulk_extend(sorted((*(quads - mentioning), *canonical), key=str))
    return copy


def _mentions_blank_node(quad: Quad) -> bool:
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
