"""Explains the assessment of a proposition, or the standing of a claim, to a reader who does not know the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.claims import sources
from kg.claims.claim_index import ClaimIndex, ClaimSummary
from kg.propositions.assessment import AppliedEvidence, Assessment, Change, of_proposition
from kg.reader.reader import Reader

_SIDES = {
    "supporting": "for",
    "disputing": "against",
    "noDifference": "no difference shown",
    "inconclusive": "leaves it open",
}
_DIRECTIONS = {
    "for": "The evidence speaks for it",
    "against": "The evidence speaks against it",
    "mixed": "The evidence is mixed",
    "unclear": "There is evidence, but none of it decides",
    "noneFound": "A recorded search found no evidence",
    "notSearched": "Nobody has searched for evidence yet",
    "tooVague": "It is too loosely worded to be true or false",
}


@dataclass(frozen=True)
class Section:
    """A part of an explanation: its title and lines; ``is_head`` if the title is a claim or proposition itself."""

    title: str
    lines: tuple[str, ...]
    is_head: bool = False


def sections(reader: Reader, claim_index: ClaimIndex, iri: str) -> list[Section] | None:
    """Returns the explanation of a proposition or of a claim, part by part; ``None`` if the IRI is neither.

    Args:
        reader: the release.
        claim_index: its claims and propositions.
        iri: the proposition or claim.
    """
    claim = claim_index.summaries.get(iri)
    if claim is not None and claim.proposition is not None:
        head = Section(claim.claim.label, tuple(_claim_lines(claim)), is_head=True)
        return [head, *_proposition_sections(reader, claim_index, claim.proposition.proposition.iri)]
    if claim_index.propositions.get(iri) is not None:
        return list(_proposition_sections(reader, claim_index, iri))
    return None


def lines(reader: Reader, claim_index: ClaimIndex, iri: str) -> list[str] | None:
    """Returns the explanation of a proposition or of a claim as indented lines; arguments as ``sections``."""
    found = sections(reader, claim_index, iri)
    if found is None:
        return None
    written: list[str] = []
    for section in found:
        if section.is_head:
            written += [*([""] if written else []), section.title, *section.lines]
        else:
            written += [f"{section.title}:", *(f"  {line}" for line in section.lines)]
    return written


def sentence(assessment: Assessment) -> str:
    """Returns the assessment in one sentence, such as ``The evidence is mixed, with low certainty.``."""
    summary = assessment.summary
    words = _DIRECTIONS[summary.side]
    if summary.side == "unclear" and assessment.deciding:
        words = "There is evidence, but even the best does not suffice to decide"
    return f"{words}, with {summary.certainty.label} certainty." if summary.certainty else f"{words}."


def certainty_lines(assessment: Assessment) -> list[str]:
    """Returns how certainty was computed, a line for each step; nothing where rows of tables or nothing decides."""
    if assessment.start is None:
        return []
    tier = assessment.counts.get("decidedInTier", 1)
    why = "studies of the best designs for it decide" if tier == 1 else "no study of a better design decides"
    found = [f"It starts at {assessment.start.label}, since {why}."]
    for step in assessment.steps:
        verb = "Lowered" if step.levels < 0 else "Raised"
        found.append(f"{verb} by {abs(step.levels)} for {step.name}: {step.reason}.")
    if assessment.cap is not None:
        found.append(f"It cannot exceed {assessment.cap.label} where the evidence is mixed.")
    return found


def counts_line(assessment: Assessment) -> str:
    """Returns what decides, in numbers, such as ``Decided by 2 studies for, 1 without a difference; 6,425 people.``"""
    counts = _counts(assessment)
    if not counts:
        return ""
    # A small study without a difference is the best that there is, and still decides nothing.
    return f"Best evidence: {counts}." if assessment.summary.side == "unclear" else f"Decided by {counts}."


def _counts(assessment: Assessment) -> str:
    counts = assessment.counts
    if assessment.summary.basis.iri.endswith("#tableRows"):
        parts = [
            f"{counts[key]} measured {'content' if counts[key] == 1 else 'contents'} {words}"
            for key, words in (("rowsFor", "for"), ("rowsAgainst", "against"), ("rowsOpen", "leaving it open"))
            if counts.get(key)
        ]
        if passed_on := counts.get("rowsContradicting"):
            parts.append(
                f"contradicted by {passed_on} {'amount' if passed_on == 1 else 'amounts'} "
                "that tables calculated, borrowed or repeat"
            )
        return ", ".join(parts)
    sides = (
        ("studiesFor", "for"),
        ("studiesInPart", "for in part"),
        ("studiesAgainst", "against"),
        ("studiesWithoutDifference", "without a difference"),
    )
    parts = [f"{counts[key]} {words}" for key, words in sides if counts.get(key)]
    if parts:
        number, _, words = parts[0].partition(" ")
        parts[0] = f"{number} {'study' if number == '1' else 'studies'} {words}"
    people = counts.get("peopleStudied", 0)
    return ", ".join(parts) + (f"; {people:,} people" if people else "")


def change_line(change: Change) -> str:
    """Returns what would change the assessment, in a sentence."""
    then = change.direction.label + (f", {change.certainty.label} certainty" if change.certainty else "")
    condition = f"without {change.without.label}" if change.without else f"if {change.fact}"
    return f"{condition[0].upper()}{condition[1:]}: {then}."


def _claim_lines(claim: ClaimSummary) -> Iterator[str]:
    if claim.standing is not None:
        yield f"standing: {claim.standing.label}"
    said = [claim.polarity.label if claim.polarity else "", claim.hedge.label if claim.hedge else ""]
    assert claim.proposition is not None
    words = ", ".join(word for word in said if word)
    yield f"It expresses the proposition below ({words}), which is assessed as: {claim.proposition.words}."
    for other in claim.rests_on:
        yield f"It rests on a proposition that is not shown: {other.label}"


def _proposition_sections(reader: Reader, claim_index: ClaimIndex, iri: str) -> Iterator[Section]:
    assessment = of_proposition(reader, claim_index.propositions, iri)
    assert assessment is not None
    result = [sentence(assessment)]
    result += [line] if (line := counts_line(assessment)) else []
    entity = reader.entity(iri, iri.rpartition("/")[2])
    result += [entity.description] if entity and entity.description else []
    yield Section(assessment.summary.proposition.label, tuple(result), is_head=True)
    claims = claim_index.expressing(iri)
    silent = sources.on_proposition(claim_index, iri).silent
    parts: tuple[tuple[str, Iterable[str]], ...] = (
        ("Certainty (computed)", certainty_lines(assessment)),
        ("What decides", (_evidence_line(one) for one in assessment.deciding)),
        ("What is set aside, and why", (_evidence_line(one) for one in assessment.set_aside)),
        ("What would change the result", (change_line(change) for change in assessment.changes)),
        ("Who says so", (_speaker(claim) for claim in claims)),
        ("Who is silent", (f"{len(silent)} of {len(claim_index.sources)} sources, in the parts that were read",)),
    )
    for title, part in parts:
        if found := tuple(part):
            yield Section(title, found)


def _evidence_line(one: AppliedEvidence) -> str:
    about = ", ".join(part for part in (one.design.label, one.year if one.year not in one.study.label else "") if part)
    text = f"{_SIDES[one.side]}: {one.study.label} ({about}): {one.found}"
    if one.gaps:
        text += f" [indirect: {'; '.join(one.gaps)}]"
    if one.has_travelled:
        text += f" [{one.route.label}: {one.origin.label}]"
    why = [reason.label for reason in one.reasons if not reason.iri.endswith("#unknownRelation")]
    why += [f"not recorded: {fact}" for fact in one.missing]
    why += [f"notice: {notice.label}" for notice in one.notices]
    return text + (f" [set aside: {'; '.join(why)}]" if why and not one.decides else "")


def _speaker(claim: ClaimSummary) -> str:
    polarity = claim.polarity.label if claim.polarity else ""
    standing = f" ({claim.standing.label})" if claim.standing else ""
    hedge = f", “{claim.hedge.label}”" if claim.hedge else ""
    source = f"{claim.source.label}: " if claim.source else ""
    return f"{source}{polarity}{hedge}: {claim.claim.label}{standing}"
