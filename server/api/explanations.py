"""Operations that tell how things hang together: ways between two things, and why a statement holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pyoxigraph import NamedNode

from kg.catalogue.query_header import Parameter
from kg.claims import evidence, explain, paths
from kg.errors import VitkError
from kg.reader.entity import Reference
from kg.reader.reader import Reader
from server.api.entities import REFERENCE, STRING
from server.api.operation import BASE, Operation, Results, Slice, Values
from server.core.references import optional_reference, reference
from server.core.state import app_state
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
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"claim": REFERENCE, "verdict": {"anyOf": [REFERENCE, {"type": "null"}]}},
                "required": ["claim", "verdict"],
            },
        },
        "explanation": {"type": "string", "description": "where a relation without claims is explained"},
        "words": STRING,
    },
    "required": ["from", "relation", "to", "isForward", "claims", "words"],
}
_PATH = {
    "type": "object",
    "properties": {"length": {"type": "integer"}, "steps": {"type": "array", "items": _STEP}},
    "required": ["length", "steps"],
}
# What a statement rests on; premises are explanations in turn.
_EXPLANATION = {
    "type": "object",
    "properties": {
        "subject": REFERENCE,
        "property": REFERENCE,
        "object": REFERENCE,
        "holdsBy": {"type": "string", "enum": ["curation", "rule", "evidence"]},
        "graph": STRING,
        "sources": {"type": "array", "items": REFERENCE},
        "rule": STRING,
        "axiom": STRING,
        "premises": {"type": "array", "items": {"type": "object"}},
        "words": STRING,
        "lines": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["subject", "holdsBy", "words"],
}


def path() -> Operation:
    """The shortest ways from one thing to another."""
    return Operation(
        id="findPath",
        path="/path",
        title="From one thing to another",
        summary="The shortest ways between two things, at most five, each step a relation or the claims that state it; "
        "a claim on the way is what somebody says, not what is so: look at its verdict.",
        tags=("claims", "provenance"),
        parameters=(
            Parameter("from", "iri", "id:natto", classes=_ENTITY_PARAMETER),
            Parameter("to", "iri", "id:bone-mineral-density", classes=_ENTITY_PARAMETER),
            Parameter("steps", "integer", "4", "4", minimum=Decimal(1), maximum=Decimal(paths.MOST_STEPS)),
        ),
        answer=_path,
        result=_PATH,
        page=0,
    )


def _path(values: Values, _: Slice) -> Results:
    current, start = app_state(), str(values["from"])
    reader, urls = current.reader, current.urls.of_this_request()
    steps = values["steps"]
    assert isinstance(steps, int)
    found = paths.find(reader, start, str(values["to"]), steps)
    relations = [reader.vocabulary.term(name) for name in paths.RELATIONS]
    query = reader.catalogue["pages/path-steps"].fill({"entities": [start], "relations": relations})
    return Results([_path_as_json(way, urls) for way in found], len(found), query)


def _path_as_json(way: tuple[paths.Step, ...], urls: Urls) -> dict[str, Any]:
    steps = []
    for step in way:
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
                    {"claim": reference(claim, urls), "verdict": optional_reference(verdict, urls)}
                    for claim, verdict in step.claims
                ],
                "words": f"{first.label} {step.relation.label} {second.label}",
            }
        )
    return {"length": len(steps), "steps": steps}


def why() -> Operation:
    """Why a statement holds, or how a verdict came about."""
    return Operation(
        id="explainStatement",
        path="/explain",
        title="Why a statement holds",
        summary="A statement down to what curators wrote: the rule that concluded it, and what the rule drew it from. "
        "With a claim as s alone, how its verdict came about.",
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


def _explain(values: Values, _: Slice) -> Results:
    current, subject = app_state(), str(values["s"])
    reader, urls = current.reader, current.urls.of_this_request()
    if (values["p"] is None) != (values["o"] is None):
        errors = [{"field": "o" if values["o"] is None else "p", "detail": "Give p and o, or neither."}]
        raise Problem(400, "Bad parameters", "Give p and o, or neither.", errors=errors)
    try:
        if values["p"] is None:
            return Results([_verdict(reader, subject, urls)], 1)
        why = explain.explain(reader, subject, str(values["p"]), NamedNode(str(values["o"])))
    except VitkError as error:
        raise Problem(404, "Nothing to explain", str(error)) from error
    iris = _iris(why)
    refer = reader.references([], extra=iris)
    return Results([_explanation(reader, why, refer, urls)], 1)


def _iris(why: explain.Explanation) -> set[str]:
    named = {term.value for term in why.statement if isinstance(term, NamedNode)}
    return named.union(why.sources, *(_iris(premise) for premise in why.premises))


def _explanation(reader: Reader, why: explain.Explanation, refer: dict[str, Reference], urls: Urls) -> dict[str, Any]:
    def payload(value: Any) -> dict[str, str]:
        if isinstance(value, NamedNode):
            return reference(refer[value.value], urls)
        return {"iri": "", "label": value.value, "url": ""}

    subject, predicate, value = (payload(term) for term in why.statement)
    words = " ".join(reader.vocabulary.shorten(term.value) for term in why.statement)
    document: dict[str, Any] = {"subject": subject, "property": predicate, "object": value, "words": words}
    document["holdsBy"] = "rule" if why.rule else "curation"
    document["graph"] = why.graph
    document["sources"] = [reference(refer[source], urls) for source in why.sources]
    if why.rule:
        document |= {"rule": why.rule.name, "axiom": why.rule.axiom}
        document["premises"] = [_explanation(reader, premise, refer, urls) for premise in why.premises]
    return document


def _verdict(reader: Reader, claim: str, urls: Urls) -> dict[str, Any]:
    words = explain.explain_in_words(reader, claim, None, None)
    refer = reader.references([], extra=[claim])
    lines = [
        {
            "finding": line.found,
            "study": reference(line.study, urls),
            "direction": reference(line.direction, urls),
            "directness": [reference(directness, urls) for directness in line.directness],
            "decides": line.decides,
        }
        for line in evidence.lines_of_claim(reader, claim)
    ]
    return {"subject": reference(refer[claim], urls), "holdsBy": "evidence", "words": words[1], "lines": lines}
