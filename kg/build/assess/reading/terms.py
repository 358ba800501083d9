"""The values that an assessment reads and computes, with the local names of the ontology."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Direction(StrEnum):
    """The direction of an evidence line or of its application."""

    SUPPORTING = "supporting"
    DISPUTING = "disputing"
    NO_DIFFERENCE = "noDifference"
    INCONCLUSIVE = "inconclusive"


class Finding(StrEnum):
    """What a result says of its outcome."""

    MORE = "foundMore"
    LESS = "foundLess"
    NO_DIFFERENCE = "noDifferenceShown"
    EQUIVALENT = "foundEquivalent"
    PRESENT = "foundPresent"
    ABSENT = "foundAbsent"
    UNSETTLED = "foundUnsettled"


class Assessed(StrEnum):
    """The assessed direction of a proposition."""

    FOR = "for"
    AGAINST = "against"
    MIXED = "mixed"
    UNCLEAR = "unclear"
    NONE_FOUND = "noneFound"
    NOT_SEARCHED = "notSearched"
    TOO_VAGUE = "tooVague"


class Certainty(IntEnum):
    """The certainty of an assessed direction."""

    VERY_LOW = 1
    LOW = 2
    MODERATE = 3
    HIGH = 4

    @property
    def local_name(self) -> str:
        """The local name of the ontology's individual."""
        return {1: "veryLowCertainty", 2: "lowCertainty", 3: "moderateCertainty", 4: "highCertainty"}[self]


CERTAINTIES = {certainty.local_name: certainty for certainty in Certainty}


class Route(StrEnum):
    """How a line reaches a proposition."""

    OWN = "ownRoute"
    FROM_NARROWER = "fromNarrower"
    FROM_BROADER = "fromBroader"
    FROM_ASSOCIATION = "fromAssociation"


class SetAside(StrEnum):
    """Why an application does not decide."""

    UNDER_NOTICE = "underNotice"
    OTHER_SUBSTANCE = "otherSubstance"
    OTHER_OUTCOME = "otherOutcomeMeasured"
    OTHER_DOSE = "otherDoseStudied"
    OTHER_PEOPLE = "otherPeopleStudied"
    UNKNOWN_RELATION = "unknownRelation"
    DOES_NOT_SETTLE = "doesNotSettle"
    NOT_ON_LADDER = "notOnLadder"
    LOWER_TIER = "lowerTier"
    MARKER_ONLY = "markerOnly"
    ALREADY_POOLED = "pooledElsewhere"
    SECONDARY = "secondaryResult"
    ROWS_DECIDE = "tableRowsDecide"


class Standing(StrEnum):
    """How a claim compares with what is known of its proposition."""

    CONSISTENT = "consistentStanding"
    THINLY_SUPPORTED = "thinlySupportedStanding"
    OVERSTATED = "overstatedStanding"
    CONTRADICTED = "contradictedStanding"
    UNVERIFIED = "unverifiedStanding"
    NOT_ASSESSED = "notAssessedStanding"
    TOO_VAGUE = "tooVagueStanding"
