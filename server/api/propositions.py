"""The operation on one proposition: its assessment, the evidence, what would change it, and who says it."""

from __future__ import annotations

from typing import Any

from kg.catalogue.query_header import Parameter
from kg.claims import narrative, sources
from kg.claims.claim_index import ClaimIndex, ClaimSummary
from kg.claims.sources import SourcesOnProposition
from kg.propositions import assessment
from kg.propositions.assessment import AppliedEvidence, Assessment, Change
from kg.propositions.index import PropositionSummary
from kg.reader.reader import Reader
from server.api.operation import Operation, Results, Slice, Values
from server.api.schemas import (
    CLAIM_REFERENCE,
    OPTIONAL_REFERENCE,
    REFERENCE,
    REFERENCES,
    STRING,
    VERDICT,
    array,
    record,
)
from server.core.references import optional_reference, reference
from server.core.state import AppState
from server.core.urls import Urls
from server.linked_data.resources import unknown

EVIDENCE = record(
    {
        **dict.fromkeys(("line", "result", "study", "design", "direction", "route", "origin"), REFERENCE),
        **dict.fromkeys(("finding", "year"), STRING),
        "indirectness": array(STRING),
        "decides": {"type": "boolean"},
        "setAsideFor": REFERENCES,
        "missingFacts": array(STRING),
        "notices": REFERENCES,
        "isJudged": {"type": "boolean", "description": "whether a reader judged the direction"},
    },
    optional=("year",),
)
_ASSESSMENT = record(
    {
        "sentence": STRING,
        "direction": REFERENCE,
        "certainty": OPTIONAL_REFERENCE,
        "basis": REFERENCE,
        "startingCertainty": OPTIONAL_REFERENCE,
        "steps": array(record({"name": STRING, "levels": {"type": "integer"}, "reason": STRING})),
        "cap": OPTIONAL_REFERENCE,
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "missingFacts": array(STRING),
    }
)
_CHANGE = record(
    {
        "withoutStudy": OPTIONAL_REFERENCE,
        "withFact": STRING,
        "direction": REFERENCE,
        "certainty": OPTIONAL_REFERENCE,
        "words": STRING,
    },
    optional=("withFact",),
)
_SPEAKER = record(
    {
        "claim": CLAIM_REFERENCE,
        **dict.fromkeys(("polarity", "fit", "hedge", "section", "source", "standing"), OPTIONAL_REFERENCE),
        "restsOn": REFERENCES,
        "verdict": VERDICT,
    }
)
_SOURCES = record(
    {"sides": array(record({"polarity": REFERENCE, "sources": REFERENCES})), "silent": REFERENCES},
)
_DOCUMENT = record(
    {
        **dict.fromkeys(("iri", "label", "url"), STRING),
        "type": REFERENCE,
        "roles": {"type": "object", "additionalProperties": REFERENCES},
        "assessment": _ASSESSMENT,
        "deciding": array(EVIDENCE),
        "setAside": array(EVIDENCE),
        "changes": array(_CHANGE),
        "claims": array(_SPEAKER),
        "sources": _SOURCES,
    }
)


def proposition() -> Operation:
    """Declares the operation on one proposition."""
    return Operation(
        id="getProposition",
        path="/propositions/{id}",
        title_template="{id|One proposition}",
        summary="What it says, how it was assessed step by step, which evidence decides it and which is set aside and "
        "why, which single changes would change the assessment, the claims that express it, and which "
        "sources affirm it, deny it or are silent.",
        tags=("evidence",),
        parameters=(Parameter("id", "iri", "id:proposition-k2-lowers-fracture", classes=("vitk:Proposition",)),),
        answer=_answer,
        result=_DOCUMENT,
        page=0,
    )


def _answer(current: AppState, values: Values, _: Slice) -> Results:
    iri = str(values["id"])
    reader, urls = current.reader, current.urls.of_this_request()
    found = assessment.of_proposition(reader, current.claim_index.propositions, iri)
    if found is None:
        raise unknown(iri, current)
    query = reader.catalogue["evidence-on-a-proposition"].fill({"proposition": found.summary.proposition.iri})
    return Results([_document(found, current.claim_index, urls)], 1, query)


def _document(found: Assessment, claim_index: ClaimIndex, urls: Urls) -> dict[str, Any]:
    summary = found.summary
    return {
        **reference(summary.proposition, urls),
        "type": reference(summary.type, urls),
        "roles": {name: [reference(one, urls) for one in named] for name, named in sorted(summary.roles.items())},
        "assessment": {
            "sentence": narrative.sentence(found),
            "direction": reference(summary.direction, urls),
            "certainty": optional_reference(summary.certainty, urls),
            "basis": reference(summary.basis, urls),
            "startingCertainty": optional_reference(found.start, urls),
            "steps": [{"name": one.name, "levels": one.levels, "reason": one.reason} for one in found.steps],
            "cap": optional_reference(found.cap, urls),
            "counts": found.counts,
            "missingFacts": sorted({fact for one in found.evidence for fact in one.missing}),
        },
        "deciding": [evidence(one, urls) for one in found.deciding],
        "setAside": [evidence(one, urls) for one in found.set_aside],
        "changes": [_change(one, urls) for one in found.changes],
        "claims": [_speaker(one, urls) for one in claim_index.expressing(summary.proposition.iri)],
        "sources": _sources(sources.on_proposition(claim_index, summary.proposition.iri), urls),
    }


def _sources(found: SourcesOnProposition, urls: Urls) -> dict[str, Any]:
    return {
        "sides": [
            {"polarity": reference(side.polarity, urls), "sources": [reference(one, urls) for one in side.sources]}
            for side in found.sides
        ],
        "silent": [reference(one, urls) for one in found.silent],
    }


def evidence(one: AppliedEvidence, urls: Urls) -> dict[str, Any]:
    """Returns one evidence line as it applies to a proposition."""
    named = {
        name: reference(getattr(one, name), urls)
        for name in ("line", "result", "study", "design", "direction", "route", "origin")
    }
    return {
        **named,
        "finding": one.found,
        **({"year": one.year} if one.year else {}),
        "indirectness": list(one.gaps),
        "decides": one.decides,
        "setAsideFor": [reference(reason, urls) for reason in one.reasons],
        "missingFacts": list(one.missing),
        "notices": [reference(notice, urls) for notice in one.notices],
        "isJudged": one.is_judged,
    }


def summary_document(summary: PropositionSummary | None, urls: Urls) -> dict[str, Any] | None:
    """Returns a proposition with its assessed direction and certainty; ``None`` where there is none."""
    if summary is None:
        return None
    return {
        **reference(summary.proposition, urls),
        "type": reference(summary.type, urls),
        "direction": reference(summary.direction, urls),
        "certainty": optional_reference(summary.certainty, urls),
    }


def lines_of(reader: Reader, iri: str, urls: Urls) -> list[dict[str, Any]]:
    """Returns the evidence that applies to a proposition, what decides first."""
    return [evidence(one, urls) for one in assessment.evidence_on(reader, iri)]


def _change(change: Change, urls: Urls) -> dict[str, Any]:
    return {
        "withoutStudy": optional_reference(change.without, urls),
        **({"withFact": change.fact} if change.fact else {}),
        "direction": reference(change.direction, urls),
        "certainty": optional_reference(change.certainty, urls),
        "words": narrative.change_line(change),
    }


def _speaker(claim: ClaimSummary, urls: Urls) -> dict[str, Any]:
    return {
        "claim": reference(claim.claim, urls),
        "hedge": optional_reference(claim.hedge, urls),
        "section": optional_reference(claim.section, urls),
        "source": optional_reference(claim.source, urls),
        **how_it_stands(claim, urls),
    }


def how_it_stands(claim: ClaimSummary, urls: Urls) -> dict[str, Any]:
    """Returns the side and the standing of a claim; the verdict is deprecated."""
    named = {name: optional_reference(getattr(claim, name), urls) for name in ("polarity", "fit", "standing")}
    return {
        **named,
        "restsOn": [reference(one, urls) for one in claim.rests_on],
        "verdict": optional_reference(claim.verdict, urls),
    }
