"""Which sources affirm a proposition, deny it, or report on its evidence, and which are silent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kg.claims.claim_index import ClaimIndex
from kg.reader.entity import Reference

# The order in which polarities are listed, by local name.
POLARITIES = ("affirms", "denies", "reportsDisagreement", "reportsInsufficientEvidence")


@dataclass(frozen=True)
class SourcesOnOneSide:
    """The sources whose claims take the same side on a proposition, each once."""

    polarity: Reference
    sources: tuple[Reference, ...]


@dataclass(frozen=True)
class SourcesOnProposition:
    """What the sources say of a proposition.

    Attributes:
        sides: the sources by polarity; a source whose claims differ is on several sides.
        silent: the sources without a claim that expresses it. A source of which only a part was read may speak of it
            in another part.
    """

    sides: tuple[SourcesOnOneSide, ...]
    silent: tuple[Reference, ...]

    @property
    def speaking(self) -> int:
        """The number of sources that take a side."""
        return len({source.iri for side in self.sides for source in side.sources})


def on_proposition(claim_index: ClaimIndex, iri: str) -> SourcesOnProposition:
    """Returns what the sources say of a proposition; no query."""
    by_polarity: defaultdict[str, dict[str, Reference]] = defaultdict(dict)
    polarities: dict[str, Reference] = {}
    for claim in claim_index.expressing(iri):
        if claim.source is not None and claim.polarity is not None:
            polarities[claim.side] = claim.polarity
            by_polarity[claim.side][claim.source.iri] = claim.source
    speaking = {source for found in by_polarity.values() for source in found}
    return SourcesOnProposition(
        sides=tuple(
            SourcesOnOneSide(polarities[side], tuple(by_polarity[side].values()))
            for side in POLARITIES
            if side in polarities
        ),
        silent=tuple(source for source in claim_index.sources if source.iri not in speaking),
    )
