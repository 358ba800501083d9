"""Studies."""

from __future__ import annotations

from dataclasses import dataclass

from kg.claims import evidence
from kg.claims.evidence import StudyLine, StudyResult
from kg.claims.study_bias import BiasJudgement, bias_of_study
from kg.rdf.vocabulary import BIBO_DOI, BIBO_PMID, DCTERMS_CITATION, DCTERMS_TITLE
from kg.reader.entity import Reference
from server.pages.entity.page_types.context import PageContext, TypeContext

COVERED = (
    "design",
    "study",
    "hasResult",
    "withoutStudy",
    "hasIntegrityNotice",
    "hasBiasAssessment",
    BIBO_DOI,
    BIBO_PMID,
    DCTERMS_CITATION,
    DCTERMS_TITLE,
)
# Who was studied, what was given or looked at, against what, for how long: what a reader weighs a study by.
BOX = {
    "design": "Design",
    "participants": "Participants",
    "studiedPopulation": "Population",
    "studiedModel": "Animals or cells",
    "studiedSubstance": "Substance",
    "studiedRegimen": "Dose",
    "hasArm": "Groups compared",
    "riskOfBias": "Risk of bias",
    "durationInMonths": "Months",
    "trialCount": "Trials pooled",
    "pools": "Pools",
    "funding": "Funding",
    "registration": "Registration",
    "isSameTrialAs": "Same trial as",
    "firstAuthor": "First author",
    "publicationYear": "Year",
}


@dataclass(frozen=True, kw_only=True)
class StudyContext(TypeContext):
    """What a study found, the propositions on which it bears, where it was published, and what warns about it."""

    notices: tuple[Reference, ...]
    results: list[StudyResult]
    lines: list[StudyLine]
    bias: list[BiasJudgement]
    titles: tuple[str, ...]
    citations: tuple[str, ...]
    dois: tuple[str, ...]
    pmids: tuple[str, ...]
    years: tuple[str, ...]


def study(context: PageContext) -> StudyContext:
    """What it found, and the propositions on which it bears."""
    entity = context.entity
    return StudyContext(
        notices=tuple(entity.linked(context.reader.vocabulary.term("hasIntegrityNotice"))),
        results=evidence.results_of_study(context.reader, context.iri),
        lines=evidence.lines_of_study(context.reader, context.iri),
        bias=bias_of_study(context.reader, context.iri),
        titles=entity.texts(DCTERMS_TITLE),
        citations=entity.texts(DCTERMS_CITATION),
        dois=entity.texts(BIBO_DOI),
        pmids=entity.texts(BIBO_PMID),
        years=entity.texts(context.reader.vocabulary.term("publicationYear")),
        is_delicate=any(entity.related(name) for name in ("studiedRegimen", "hasArm")),
        is_publication=bool(entity.texts(DCTERMS_TITLE)),
    )
