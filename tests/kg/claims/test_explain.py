"""Why a statement holds, down to curated triples."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from kg.claims import explain
from kg.claims.claim_index import ClaimIndex
from kg.claims.explain import Explanation
from kg.errors import VitkError
from kg.reader.reader import Reader
from tests.support.paths import ROOT


def leaves(explanation: Explanation) -> list[Explanation]:
    if not explanation.premises:
        return [explanation]
    return [leaf for premise in explanation.premises for leaf in leaves(premise)]


def inferred(reader: Reader) -> dict[str, tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    """For each rule-made property or class one inferred triple."""
    rows = reader.select(
        f"SELECT ?s ?p ?o {{ GRAPH <{reader.vocabulary.graph('inferred')}> {{ ?s ?p ?o }} }} ORDER BY ?p ?o ?s"
    )
    found: dict[str, tuple[NamedNode, NamedNode, NamedNode | Literal]] = {}
    for row in rows:
        subject, predicate, value = row["s"], row["p"], row["o"]
        assert isinstance(subject, NamedNode)
        assert isinstance(predicate, NamedNode)
        name = reader.vocabulary.shorten(predicate.value)
        found.setdefault(f"{name} {value.value}" if name == "rdf:type" else name, (subject, predicate, value))
    return found


@pytest.mark.system
def test_every_kind_of_inferred_statement_is_explained_down_to_curated_ones(reader: Reader) -> None:
    kinds = inferred(reader)
    assert len(kinds) > 15
    for name, (subject, predicate, value) in kinds.items():
        explanation = explain.explain(reader, subject.value, predicate.value, value)
        assert explanation.rule, name
        for leaf in leaves(explanation):
            assert leaf.rule is None, name
            assert leaf.graph != reader.vocabulary.graph("inferred") or leaf.rule, name


@pytest.fixture(scope="module")
def claim_index(reader: Reader) -> ClaimIndex:
    return ClaimIndex(reader)


def test_a_chain_of_rules_is_reported_step_by_step(reader: Reader, claim_index: ClaimIndex) -> None:
    explanation = explain.explain_in_words(reader, claim_index, "id:osteocalcin", "vitk:needs", "id:vitamin-k")
    assert explanation[0].startswith("id:osteocalcin vitk:needs id:vitamin-k  [by rule 10-needs-broader-forms")
    assert any("id:ggcx vitk:hasCofactor id:vitamin-k-hydroquinone  [curated, entities" in line for line in explanation)


def test_a_number_is_traced_to_its_study(reader: Reader) -> None:
    rows = reader.select(
        f"SELECT ?m ?v {{ ?m <{reader.vocabulary.term('microgramsPer100Grams')}> ?v ; "
        f"<{reader.vocabulary.term('ofAnalyte')}> <{reader.vocabulary.entity_iri('menaquinone-7')}> }}"
    )
    measurement, value = rows[0]["m"], rows[0]["v"]
    explanation = explain.explain(reader, measurement.value, reader.vocabulary.term("microgramsPer100Grams"), value)
    assert {source.rpartition("/")[2] for leaf in leaves(explanation) for source in leaf.sources} == {"study-nih-ods"}


def test_a_standing_is_reported_with_the_assessment_of_its_proposition(reader: Reader, claim_index: ClaimIndex) -> None:
    lines = explain.explain_in_words(reader, claim_index, "id:claim-f002-1", None, None)
    assert lines[1] == "standing: overstated"
    assert "The evidence is mixed, with low certainty." in lines
    assert any(line.startswith("It starts at high") for line in map(str.strip, lines))
    deciding, set_aside = lines.index("What decides:"), lines.index("What is set aside, and why:")
    assert any("Shiraki" in line for line in lines[deciding:set_aside])
    assert any("Cockayne" in line and "notice" in line for line in lines[set_aside:])
    rests = explain.explain_in_words(reader, claim_index, "id:claim-f038-2", None, None)
    assert any(line.startswith("It rests on a proposition that is not shown") for line in rests)


def test_a_computed_statement_is_explained_by_its_whole_assessment(reader: Reader, claim_index: ClaimIndex) -> None:
    proposition = "id:proposition-k2-lowers-fracture"
    whole = explain.explain_in_words(reader, claim_index, proposition, None, None)
    one = explain.explain_in_words(reader, claim_index, proposition, "vitk:assessedDirection", "vitk:mixed")
    assert one == whole


def test_the_roles_of_an_interaction_follow_from_its_subject_and_object_or_are_stated(
    reader: Reader, claim_index: ClaimIndex
) -> None:
    follows = explain.explain_in_words(
        reader, claim_index, "id:claim-f162-1", "vitk:affectedSubstance", "id:vitamin-k-antagonist"
    )
    assert "24b-the-object-is-affected" in follows[0]
    assert (
        "curated"
        in explain.explain_in_words(reader, claim_index, "id:claim-f160-2", "vitk:affectedSubstance", "id:warfarin")[0]
    )
    for entity_iri in ("id:vitamin-k2", "id:calcium"):
        for role in ("vitk:precipitant", "vitk:affectedSubstance"):
            assert "by rule 24" in explain.explain_in_words(reader, claim_index, "id:claim-f151-1", role, entity_iri)[0]


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [("id:natto", "vitk:needs", "id:vitamin-k"), ("id:natto", "a", "vitk:Protein"), ("nonsense", "a", "vitk:Food")],
)
def test_what_does_not_hold_is_reported(
    reader: Reader, claim_index: ClaimIndex, subject: str, predicate: str, value: str
) -> None:
    with pytest.raises(VitkError):
        explain.explain_in_words(reader, claim_index, subject, predicate, value)


def test_every_rule_can_be_read_backwards(reader: Reader) -> None:
    assert len(explain.rules_of(reader.release.rules)) == len(list((ROOT / "ontology" / "rules").glob("*.rq"))) > 20
