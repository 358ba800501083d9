"""Operations that explain: paths between two entities, why a triple is in the graph, how an assessment was computed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pyoxigraph import NamedNode

from kg.catalogue.query_header import Parameter
from kg.claims import explain, paths
from kg.claims.claim_index import ClaimIndex
from kg.errors import VitkError
from kg.reader.entity import Reference
from kg.reader.query_parameters import FieldError
from kg.reader.reader import Reader
from server.api import arguments, propositions
from server.api.operation import BASE, Operation, Results, Slice, Values
from server.api.schemas import (
    CLAIM_REFERENCE,
    OPTIONAL_REFERENCE,
    PROPOSITION,
    REFERENCE,
    REFERENCES,
    STRING,
    array,
    record,
)
from server.core.references import optional_reference, reference
from server.core.state import AppState
from server.core.urls import Urls
from server.http.problems import Problem

_ENTITY_PARAMETER = ("vitk:Topic", "vitk:Material")
_STEP = {
    "type": "object",
    "properties": {
        "from": REFERENCE,
        "relation": REFERENCE,
        "to": REFERENCE,
        "isForward": {"type": "boolean"},
        "claims": array(record({"claim": CLAIM_REFERENCE, "standing": OPTIONAL_REFERENCE})),
        "explanation": {"type": "string", "description": "URL of the explanation of a relation without claims"},
        "words": STRING,
    },
    "required": ["from", "relation", "to", "isForward", "claims", "words"],
}
_PATH = {
    "type": "object",
    "properties": {"length": {"type": "integer"}, "steps": {"type": "array", "items": _STEP}},
    "required": ["length", "steps"],
}
# Premises are explanations in turn.
_EXPLANATION = {
    "type": "object",
    "properties": {
        "subject": REFERENCE,
        "property": REFERENCE,
        "object": REFERENCE,
        "justification": {"type": "string", "enum": ["curation", "rule", "evidence"]},
        "graph": STRING,
        "sources": REFERENCES,
        "rule": STRING,
        "axiom": STRING,
        "premises": {"type": "array", "items": {"type": "object"}},
        "words": STRING,
        "proposition": PROPOSITION,
        "standing": OPTIONAL_REFERENCE,
        "restsOn": REFERENCES,
        "lines": array(propositions.EVIDENCE),
    },
    "required": ["subject", "justification", "words"],
}


def path() -> Operation:
    """Declares the operation that finds the shortest paths between two entities."""
    return Operation(
        id="findPath",
        path="/path",
        title_template="Paths from {from|one entity} to {to|another}",
        summary="The shortest paths between two entities, at most five. Each step is a relation, or claims that state "
        "one. A claim is what a source says, not a fact: see its standing.",
        tags=("claims", "provenance"),
        parameters=(
            Parameter("from", "iri", "id:natto", classes=_ENTITY_PARAMETER),
            Parameter("to", "iri", "id:bone-mineral-density", classes=_ENTITY_PARAMETER),
            Parameter("steps", "integer", "4", "4", minimum=Decimal(1), maximum=Decimal(paths.MAX_STEPS)),
        ),
        answer=_path,
        result=_PATH,
        page=0,
    )


def _path(current: AppState, values: Values, _: Slice) -> Results:
    start = str(values["from"])
    reader, urls = current.reader, current.urls.of_this_request()
    steps = values["steps"]
    assert isinstance(steps, int)
    found = paths.find(reader, start, str(values["to"]), steps)
    relations = [reader.vocabulary.term(name) for name in paths.RELATIONS]
    query = reader.catalogue["pages/path-steps"].fill({"entities": [start], "relations": relations})
    return Results([_path_as_json(found_path, urls) for found_path in found], len(found), query)


def _path_as_json(found_path: tuple[paths.Step, ...], urls: Urls) -> dict[str, Any]:
    steps = []
    for step in found_path:
        first, second = (step.start, step.end) if step.forward else (step.end, step.start)
        payload = {"s": first.iri, "p": step.relation.iri, "o": second.iri}
        explained = {} if step.claims else {"explanation": urls.api(f"{BASE}/explain", payload)}
        steps.append(
            {
                **explained,
                "from": reference(step.start, urls),
                "relation": reference(step.relation, urls),
                "to": reference(step.end, urls),
                "isForward": step.forward,
                "claims": [
                    {"claim": reference(claim, urls), "standing": optional_reference(standing, urls)}
                    for claim, standing in step.claims
                ],
                "words": f"{first.label} {step.relation.label} {second.label}",
            }
        )
    return {"length": len(steps), "steps": steps}


def why() -> Operation:
    """Declares the operation that explains a triple, a proposition or a claim."""
    return Operation(
        id="explain",
        path="/explain",
        title_template="Why: {s|a triple or an assessment}",
        summary="Why a triple is in the graph: stated by curators, or derived by a rule from premises, which are "
        "explained in turn. With a proposition or a claim as s alone: how it was assessed.",
        tags=("inference", "provenance"),
        parameters=(
            Parameter("s", "iri", "id:osteocalcin"),
            Parameter("p", "iri", "vitk:needs", optional=True, description="a property; rdf:type for a class"),
            Parameter("o", "iri", "id:vitamin-k", optional=True),
        ),
        answer=_explain,
        result=_EXPLANATION,
        example=("p", "o"),
        page=0,
    )


def _explain(current: AppState, values: Values, _: Slice) -> Results:
    subject = str(values["s"])
    reader, urls = current.reader, current.urls.of_this_request()
    if (values["p"] is None) != (values["o"] is None):
        raise arguments.problem([FieldError("o" if values["o"] is None else "p", "Give both p and o, or neither.")])
    try:
        if values["p"] is None:
            return Results([_assessment(reader, current.claim_index, subject, urls)], 1)
        why = explain.explain(reader, subject, str(values["p"]), NamedNode(str(values["o"])))
    except VitkError as error:
        raise Problem(404, "Nothing to explain", str(error)) from error
    references = reader.references([], extra=_iris(why))
    return Results([_explanation(reader, why, references, urls)], 1)


def _iris(why: explain.Explanation) -> set[str]:
    iris = {term.value for term in why.statement if isinstance(term, NamedNode)}
    return iris.union(why.sources, *(_iris(premise) for premise in why.premises))


def _explanation(
    reader: Reader, why: explain.Explanation, references: dict[str, Reference], urls: Urls
) -> dict[str, Any]:
    def payload(value: Any) -> dict[str, str]:
        if isinstance(value, NamedNode):
            return reference(references[value.value], urls)
        return {"iri": "", "label": value.value, "url": ""}

    subject, predicate, value = (payload(term) for term in why.statement)
    words = " ".join(reader.vocabulary.shorten(term.value) for term in why.statement)
    document: dict[str, Any] = {"subject": subject, "property": predicate, "object": value, "words": words}
    document["justification"] = "rule" if why.rule else "curation"
    document["graph"] = why.graph
    document["sources"] = [reference(references[source], urls) for source in why.sources]
    if why.rule:
        document |= {"rule": why.rule.name, "axiom": why.rule.axiom}
        document["premises"] = [_explanation(reader, premise, references, urls) for premise in why.premises]
    return document


def _assessment(reader: Reader, claim_index: ClaimIndex, iri: str, urls: Urls) -> dict[str, Any]:
    """The assessment of a proposition, or of the proposition of a claim, whose standing comes with it."""
    words = explain.explain_in_words(reader, claim_index, iri, None, None)
    claim = claim_index.summaries.get(iri)
    expressed = claim.proposition if claim else claim_index.propositions.get(iri)
    assert expressed is not None
    document: dict[str, Any] = {
        "subject": reference(reader.references([], extra=[iri])[iri], urls),
        "justification": "evidence",
        "words": "\n".join(words),
        "proposition": propositions.summary_document(expressed, urls),
        "lines": propositions.lines_of(reader, expressed.proposition.iri, urls),
    }
    if claim is not None:
        document["standing"] = optional_reference(claim.standing, urls)
        document["restsOn"] = [reference(one, urls) for one in claim.rests_on]
    return document
