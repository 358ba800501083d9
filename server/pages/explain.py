"""The page ``/explain``: why a triple is in the graph, down to curated triples, or how an assessment was computed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from pyoxigraph import Literal, NamedNode

from kg.claims import explain, narrative
from kg.errors import VitkError
from kg.rdf.terms import Term
from kg.reader.entity import LiteralValue, Reference
from kg.reader.reader import Reader
from server.core import conditional
from server.core.state import app_state
from server.http.problems import Problem

_MAX_LENGTH = 400


@dataclass(frozen=True)
class Step:
    """A triple in an explanation.

    Attributes:
        parts: subject, property and value.
        axiom: axiom of the ontology behind the rule, or "".
        rule: name of the rule that derived it, or "" if it is curated.
        graph: local name of its graph.
        sources: sources of a curated triple.
        premises: the triples from which the rule derived it.
    """

    parts: tuple[Reference | LiteralValue, ...]
    axiom: str
    rule: str
    graph: str
    sources: tuple[Reference, ...]
    premises: tuple[Step, ...]


def explanation_page() -> Response:
    """Renders the explanation of the triple ``?s=&p=&o=``, or of a proposition or claim, given as ``s`` alone.

    Values are CURIEs or IRIs; a literal ``o`` is given by its text.

    Raises:
        Problem: 400 for missing or overlong parameters, 404 for a triple that is not in the graph or can't be derived,
            and for what is neither a proposition nor a claim.
    """
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    subject, predicate, value = (_argument(reader, name) for name in ("s", "p", "o"))
    if not subject:
        raise Problem(400, "Incomplete link", 'This link is incomplete. Follow a "why?" link on a page instead.')
    page = _triple(reader, subject, predicate, value) if predicate or value else _assessed(reader, subject)
    return conditional.cacheable(make_response(page))


def _argument(reader: Reader, name: str) -> str:
    text = request.args.get(name, "").strip()
    if len(text) > _MAX_LENGTH:
        raise Problem(400, "Parameter too long", f"{name} has more than {_MAX_LENGTH} characters.")
    return reader.vocabulary.expand(text) if text else ""


def _assessed(reader: Reader, iri: str) -> str:
    index = app_state().claim_index
    sections = narrative.sections(reader, index, iri)
    if sections is None:
        raise _not_derivable(f"{reader.vocabulary.shorten(iri)[:80]} is not a proposition or a claim.")
    claim = index.summaries.get(iri)
    return render_template(
        "explain.html",
        about=Reference(iri, sections[0].title),
        proposition=claim.proposition.proposition if claim and claim.proposition else None,
        sections=sections,
    )


def _triple(reader: Reader, subject: str, predicate: str, value: str) -> str:
    if not predicate or not value:
        raise Problem(400, "Incomplete triple", "Give a subject, a property and a value as s, p and o.")
    literal = request.args["o"].strip()
    term = next((term for term in reader.values(subject, predicate) if term.value in (value, literal)), None)
    if term is None:
        raise _not_derivable("This triple is not in the graph.")
    try:
        explanation = explain.explain(reader, subject, predicate, term)
    except VitkError as error:
        raise _not_derivable(str(error)) from error
    return render_template("explain.html", step=_step(reader, explanation))


def _not_derivable(detail: str) -> Problem:
    return Problem(404, "No explanation", detail)


def _step(reader: Reader, explanation: explain.Explanation) -> Step:
    return _as_step(explanation, reader.references([], extra=_iris(explanation)))


def _iris(explanation: explain.Explanation) -> set[str]:
    own = {term.value for term in explanation.statement if isinstance(term, NamedNode)} | set(explanation.sources)
    return own.union(*(_iris(premise) for premise in explanation.premises))


def _as_step(explanation: explain.Explanation, references: dict[str, Reference]) -> Step:
    return Step(
        parts=tuple(_part(term, references) for term in explanation.statement),
        axiom=explanation.rule.axiom if explanation.rule else "",
        rule=explanation.rule.name if explanation.rule else "",
        graph=explanation.graph.rpartition("/")[2],
        sources=tuple(references[source] for source in explanation.sources),
        premises=tuple(_as_step(premise, references) for premise in explanation.premises),
    )


def _part(term: Term, references: dict[str, Reference]) -> Reference | LiteralValue:
    return LiteralValue(term.value, "") if isinstance(term, Literal) else references[term.value]
