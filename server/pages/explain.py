"""Why a statement holds: an inferred one down to curated ones with their sources; or how a verdict came about."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from pyoxigraph import Literal, NamedNode

from kg.claims import evidence, explain
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
    """One statement of an explanation, its parts as readers see them, and what it rests on."""

    parts: tuple[Reference | LiteralValue, ...]
    axiom: str
    rule: str
    graph: str
    sources: tuple[Reference, ...]
    premises: tuple[Step, ...]


def explanation_page() -> Response:
    """``?s=&p=&o=`` as CURIEs or IRIs; a literal ``o`` by its text. With ``s`` alone, the verdict of a claim."""
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    subject, predicate, value = (_argument(reader, name) for name in ("s", "p", "o"))
    if not subject:
        raise Problem(400, "Nothing to explain", "Give a statement as s, p and o, or a claim as s alone.")
    page = _statement(reader, subject, predicate, value) if predicate or value else _verdict(reader, subject)
    return conditional.cacheable(make_response(page))


def _argument(reader: Reader, name: str) -> str:
    text = request.args.get(name, "").strip()
    if len(text) > _MAX_LENGTH:
        raise Problem(400, "Too long", f"{name} has more than {_MAX_LENGTH} characters.")
    return reader.vocabulary.expand(text) if text else ""


def _verdict(reader: Reader, claim: str) -> str:
    rows = reader.run("pages/verdict-of", {"claim": claim}) if reader.exists(claim) else []
    if not rows:
        raise _not_derivable(f"{reader.vocabulary.shorten(claim)[:80]} is no claim with a verdict.")
    lines = evidence.lines_of_claim(reader, claim)
    verdict = {"label": rows[0]["label"].value, "meaning": rows[0]["meaning"].value}
    about = Reference(claim, rows[0]["claimLabel"].value)
    balance = evidence.balance(lines)
    return render_template("explain.html", verdict=verdict, about=about, lines=lines, balance=balance)


def _statement(reader: Reader, subject: str, predicate: str, value: str) -> str:
    if not predicate or not value:
        raise Problem(400, "Half a statement", "A statement has a subject, a property and a value: give s, p and o.")
    literal = request.args["o"].strip()
    term = next((term for term in reader.values(subject, predicate) if term.value in (value, literal)), None)
    if term is None:
        raise _not_derivable("The graph does not hold this statement.")
    try:
        found = explain.explain(reader, subject, predicate, term)
    except VitkError as error:
        raise _not_derivable(str(error)) from error
    return render_template("explain.html", step=_step(reader, found))


def _not_derivable(detail: str) -> Problem:
    return Problem(404, "No such statement", detail)


def _step(reader: Reader, explanation: explain.Explanation) -> Step:
    iris = _iris(explanation)
    return _statement_parts(explanation, reader.references([], extra=iris))


def _iris(explanation: explain.Explanation) -> set[str]:
    own = {term.value for term in explanation.statement if isinstance(term, NamedNode)} | set(explanation.sources)
    return own.union(*(_iris(premise) for premise in explanation.premises))


def _statement_parts(explanation: explain.Explanation, refer: dict[str, Reference]) -> Step:
    return Step(
        parts=tuple(_part(term, refer) for term in explanation.statement),
        axiom=explanation.rule.axiom if explanation.rule else "",
        rule=explanation.rule.name if explanation.rule else "",
        graph=explanation.graph.rpartition("/")[2],
        sources=tuple(refer[source] for source in explanation.sources),
        premises=tuple(_statement_parts(premise, refer) for premise in explanation.premises),
    )


def _part(term: Term, refer: dict[str, Reference]) -> Reference | LiteralValue:
    return LiteralValue(term.value, "") if isinstance(term, Literal) else refer[term.value]
