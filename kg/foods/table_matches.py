"""How closely a food of a table matches a food of the graph: the properties that link the two."""

from __future__ import annotations

from kg.rdf.vocabulary import Vocabulary

# Local names, the closest first.
EXACT = "hasExactTableFood"
NEAREST = "hasNearestTableFood"
MATCHES = (EXACT, "hasBroaderTableFood", "hasNarrowerTableFood", NEAREST)


def is_exact(vocabulary: Vocabulary, match: str) -> bool:
    """Whether a match, given by the IRI of its property, says that both are the same food."""
    return match == vocabulary.term(EXACT)
