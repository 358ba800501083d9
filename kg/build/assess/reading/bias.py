"""The risk of bias of a study, from the assessments of it that reviews and appraisals published.

Nobody here judges a study: an assessment counts only where its publication is cited. Where it gives a judgement of the
whole study, that one counts. Where it judges domains only, the worst domain counts if all domains of the Cochrane tool
are judged. If not, a domain that is not low makes for some concerns, and domains that are low leave the study open,
since what was not judged may be the flaw. Of several assessments the most severe counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

CORE_DOMAINS = frozenset(
    {
        *("sequenceGeneration", "allocationConcealment", "blindingOfParticipants", "blindingOfAssessment"),
        *("incompleteOutcomeData", "selectiveReporting"),
    }
)
"""The domains that an assessment without an overall judgement must judge, for its worst domain to count."""


class RiskOfBias(IntEnum):
    """A judgement; a greater one is more severe."""

    LOW = 1
    SOME_CONCERNS = 2
    HIGH = 3

    @property
    def local_name(self) -> str:
        """The local name of the ontology's individual."""
        return {1: "lowRiskOfBias", 2: "someConcerns", 3: "highRiskOfBias"}[self]


RISKS = {risk.local_name: risk for risk in RiskOfBias}


@dataclass(frozen=True)
class BiasAssessment:
    """What one publication judged of a study: the whole, or the domains in which it found each risk."""

    overall: RiskOfBias | None = None
    low: frozenset[str] = frozenset()
    some_concerns: frozenset[str] = frozenset()
    high: frozenset[str] = frozenset()

    @property
    def judged(self) -> RiskOfBias | None:
        """The risk of the whole study; ``None`` if the judged domains leave it open."""
        if self.overall is not None:
            return self.overall
        is_complete = self.low | self.some_concerns | self.high >= CORE_DOMAINS
        if self.high and is_complete:
            return RiskOfBias.HIGH
        if self.high or self.some_concerns:
            return RiskOfBias.SOME_CONCERNS
        return RiskOfBias.LOW if is_complete else None


def most_severe(assessments: Iterable[BiasAssessment]) -> RiskOfBias | None:
    """Returns the most severe judgement of a study; ``None`` if no assessment judges it as a whole."""
    return max((one.judged for one in assessments if one.judged is not None), default=None)
