"""The verdict rule, branch by branch."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, QueryTriples, RdfFormat, Store, parse

from kg.build.read.turtle import ONTOLOGY_FOLDER
from kg.catalogue.catalogue import with_prologue
from kg.rdf.vocabulary import Vocabulary

VOCABULARY = Vocabulary("https://w3id.org/vitk/")
RANKS = {"meta": 1, "trial": 1, "cohort": 2, "survey": 3, "animal": 4, "vitro": 5, "review": None}
Line = tuple[str, str, str]
FOR, AGAINST, NEITHER = "supporting", "disputing", "inconclusive"

CASES: list[tuple[str, list[Line], bool, str]] = [
    ("nothing at all", [], False, "notAssessed"),
    ("a search that found nothing", [], True, "unsupported"),
    ("a search, and only indirect lines", [("trial", FOR, "surrogate")], True, "unsupported"),
    ("only indirect lines, no search", [("trial", AGAINST, "otherForm")], False, "notAssessed"),
    ("a trial for", [("trial", FOR, "direct")], False, "supported"),
    ("cohorts for", [("cohort", FOR, "direct")], False, "supported"),
    ("cells for", [("vitro", FOR, "direct")], False, "supported"),
    ("a trial against", [("trial", AGAINST, "direct")], False, "refuted"),
    ("a meta-analysis against", [("meta", AGAINST, "direct")], False, "refuted"),
    ("cohorts against", [("cohort", AGAINST, "direct")], False, "notConfirmed"),
    ("animals against", [("animal", AGAINST, "direct")], False, "notConfirmed"),
    ("a trial for and a trial against", [("trial", FOR, "direct"), ("trial", AGAINST, "direct")], False, "contested"),
    ("a meta-analysis and a trial are one level", [("meta", FOR, "direct"), ("trial", AGAINST, "direct")], False, "contested"),
    ("cohorts on both sides", [("cohort", FOR, "direct"), ("cohort", AGAINST, "direct")], False, "contested"),
    ("a trial for outweighs cohorts against", [("trial", FOR, "direct"), ("cohort", AGAINST, "direct")], False, "supported"),
    ("a trial against outweighs cohorts for", [("trial", AGAINST, "direct"), ("cohort", FOR, "direct")], False, "refuted"),
    ("cohorts against outweigh animals for", [("cohort", AGAINST, "direct"), ("animal", FOR, "direct")], False, "notConfirmed"),
    ("inconclusive counts for neither side", [("trial", NEITHER, "direct"), ("cohort", FOR, "direct")], False, "supported"),
    ("inconclusive alone, no search", [("trial", NEITHER, "direct")], False, "notAssessed"),
    ("a review decides nothing", [("review", FOR, "direct")], False, "notAssessed"),
    ("a review does not outweigh", [("review", AGAINST, "direct"), ("cohort", FOR, "direct")], False, "supported"),
    ("an indirect trial against decides nothing", [("trial", AGAINST, "otherDose"), ("cohort", FOR, "direct")], False, "supported"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "lines", "searched", "expected"), CASES, ids=[case[0] for case in CASES])
def test_the_verdict_follows_the_rule(case: str, lines: list[Line], searched: bool, expected: str) -> None:
    assert verdict(lines, searched) == [expected], case


def test_a_line_that_is_direct_in_one_way_only_does_not_decide() -> None:
    both = "<id/l0> vitk:directness vitk:otherPopulation ."
    assert verdict([("trial", FOR, "direct")], more=both) == ["notAssessed"]


def test_corrected_claims_have_no_verdict() -> None:
    assert verdict([("trial", FOR, "direct")], more="<id/c> a vitk:CorrectedClaim .") == []


def verdict(lines: list[Line], searched: bool = False, more: str = "") -> list[str]:
    text = ["@prefix vitk: <ontology#> .", "<id/c> a vitk:Claim .", more]
    text += [f"<id/{design}> vitk:evidenceRank {rank} ." for design, rank in RANKS.items() if rank]
    for number, (design, direction, directness) in enumerate(lines):
        text.append(
            f"<id/l{number}> vitk:bearsOn <id/c> ; vitk:direction vitk:{direction} ; vitk:directness vitk:{directness} ;"
        )
        text.append(f"  vitk:study <id/s{number}> . <id/s{number}> vitk:design <id/{design}> .")
    if searched:
        text.append("<id/r> vitk:searchedFor <id/c> .")
    store = Store()
    store.extend(parse("\n".join(text), format=RdfFormat.TURTLE, base_iri=VOCABULARY.base))
    rule = (ONTOLOGY_FOLDER / "rules" / "20-verdict.rq").read_text("utf-8")
    found = []
    triples = store.query(with_prologue(rule, VOCABULARY))
    assert isinstance(triples, QueryTriples)
    for triple in triples:
        assert isinstance(triple.object, NamedNode)
        found.append(triple.object.value.removeprefix(VOCABULARY.terms))
    return found
