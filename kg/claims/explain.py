"""Why a statement holds: an inferred triple down to curated ones, and how an assessment came about.

A rule is read back to front: its template gives the bindings, its pattern gives the premises, and these are explained
in turn. Only rules that conclude one triple can be read so; all of ours do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.catalogue.catalogue import Value, with_prologue
from kg.catalogue.query_header import Parameter
from kg.claims import narrative
from kg.claims.claim_index import ClaimIndex
from kg.errors import VitkError
from kg.rdf.iri import is_iri
from kg.rdf.terms import Term
from kg.reader import entity_names
from kg.reader.reader import Reader
from kg.sparql.tokens import tokenize

Statement = tuple[NamedNode, NamedNode, Term]
_MAX_DEPTH = 12
_SUBJECT = Parameter("subject", "iri", "id:osteocalcin")
_PREDICATE = Parameter("predicate", "iri", "vitk:needs")
_VALUE = Parameter("object", "iri", "id:vitamin-k")


@dataclass(frozen=True)
class Rule:
    """One rule: the axiom that it implements, the triple that it concludes, and its pattern."""

    name: str
    axiom: str
    conclusion: tuple[str, str, str]
    pattern: str


@dataclass(frozen=True)
class Explanation:
    """A statement and what it rests on: graph and sources for a curated one, rule and premises for an inferred one."""

    statement: Statement
    graph: str
    sources: tuple[str, ...] = ()
    rule: Rule | None = None
    premises: tuple[Explanation, ...] = ()


# A server has a current and a pinned release, whose rules never change.
@lru_cache(maxsize=8)
def rules_of(folder: Path) -> tuple[Rule, ...]:
    """The rules of a release, by which its triples were inferred, in the order in which they ran.

    Raises:
        VitkError: a rule that can't be read backwards.
    """
    return tuple(_rule(path) for path in sorted(folder.glob("*.rq")))


def explain(reader: Reader, subject: str, predicate: str, value: Term) -> Explanation:
    """Why a statement holds.

    Args:
        reader: the release in which it stands.
        subject, predicate: IRIs.
        value: an IRI or a literal.

    Raises:
        VitkError: the graph does not hold the statement.
    """
    return _Explainer(reader).explain((NamedNode(subject), NamedNode(predicate), value), ())


def explain_in_words(
    reader: Reader, claim_index: ClaimIndex, subject: str, predicate: str | None, value: str | None
) -> list[str]:
    """An explanation as indented lines; with a subject alone, the assessment of a proposition or standing of a claim.

    Args:
        reader: the release.
        claim_index: its claims and propositions.
        subject, predicate, value: IRIs, CURIEs or names; ``a`` is rdf:type.

    Raises:
        VitkError: an unknown name, with the nearest, or a statement that the graph does not hold.
    """
    if predicate is None or value is None:
        return _assessed(reader, claim_index, _resolved(reader, _SUBJECT, subject))
    parameters = {_SUBJECT: subject, _PREDICATE: predicate, _VALUE: value}
    parts = [_resolved(reader, parameter, text) for parameter, text in parameters.items()]
    if reader.vocabulary.graph("assessments") in _graphs(reader, parts):
        # What the assessment of propositions computed has no rule of its own; its steps are explained as a whole.
        return _assessed(reader, claim_index, parts[0])
    return _lines(reader, explain(reader, parts[0], parts[1], NamedNode(parts[2])), 0)


def _graphs(reader: Reader, parts: list[str]) -> set[str]:
    subject, predicate, value = parts
    rows = reader.run("pages/graphs-of", {"subject": subject, "property": predicate, "value": NamedNode(value)})
    return {row["graph"].value for row in rows}


def _assessed(reader: Reader, claim_index: ClaimIndex, iri: str) -> list[str]:
    found = narrative.lines(reader, claim_index, iri)
    if found is None:
        name = reader.vocabulary.shorten(iri)
        raise VitkError(f"{name} is not a proposition or a claim: give a property and a value to explain a statement.")
    return found


def _resolved(reader: Reader, parameter: Parameter, text: str) -> str:
    if text == "a":
        return reader.vocabulary.prefixes["rdf"] + "type"
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    # Statements name properties and entities of others too, which have no type here.
    if "://" in text or (":" in text and reader.exists(reader.vocabulary.expand(text))):
        if not is_iri(iri := reader.vocabulary.expand(text)):
            raise VitkError(f"{parameter.name}: {text[:200]!r} is not a valid IRI.")
        return iri
    return entity_names.resolve(reader, parameter, text)


def _lines(reader: Reader, explanation: Explanation, depth: int) -> list[str]:
    shorten = reader.vocabulary.shorten
    statement = " ".join(shorten(term.value) for term in explanation.statement)
    if explanation.rule:
        why = f"by rule {explanation.rule.name}: {explanation.rule.axiom}"
    else:
        sources = ", ".join(shorten(source) for source in explanation.sources)
        why = f"curated, {explanation.graph.rpartition('/')[2]}" + (f", from {sources}" if sources else "")
    lines = [f"{'  ' * depth}{statement}  [{why}]"]
    for premise in explanation.premises:
        lines += _lines(reader, premise, depth + 1)
    return lines


class _Explainer:
    def __init__(self, reader: Reader) -> None:
        self._reader, self._vocabulary = reader, reader.vocabulary
        self._rules = rules_of(reader.release.rules)

    def explain(self, statement: Statement, above: tuple[Statement, ...]) -> Explanation:
        graphs = self._graphs(statement)
        curated = [graph for graph in graphs if graph != self._vocabulary.graph("inferred")]
        if curated:
            return Explanation(statement, curated[0], self._sources(statement[0]))
        words = " ".join(self._vocabulary.shorten(term.value) for term in statement)
        if not graphs:
            raise VitkError(f"The graph does not hold {words}.")
        for rule in self._rules:
            premises = self._premises(rule, statement, above)
            if premises is not None:
                return Explanation(statement, graphs[0], rule=rule, premises=premises)
        raise VitkError(f"No rule concludes {words}, or each does so only in a circle.")

    def _premises(
        self, rule: Rule, statement: Statement, above: tuple[Statement, ...]
    ) -> tuple[Explanation, ...] | None:
        """What the rule drew the statement from, or ``None`` where it did not, or only in a circle."""
        bound = self._unify(rule.conclusion, statement)
        if bound is None or len(above) > _MAX_DEPTH:
            return None
        names, terms = " ".join(f"?{name}" for name in bound), " ".join(str(term) for term in bound.values())
        rows = f"SELECT * WHERE {{ {{ {rule.pattern} }} VALUES ({names}) {{ ({terms}) }} }} LIMIT 20"
        patterns = _triple_patterns(with_prologue(f"SELECT * WHERE {{ {rule.pattern} }}", self._vocabulary))
        for row in self._reader.select(with_prologue(rows, self._vocabulary)):
            found = [_instantiate(pattern, {**row, **bound}) for pattern in patterns]
            statements = [premise for premise in found if premise is not None]
            if any(premise in (*above, statement) for premise in statements):
                continue
            try:
                return tuple(self.explain(premise, (*above, statement)) for premise in statements)
            except VitkError:
                continue
        return None

    def _unify(self, conclusion: tuple[str, str, str], statement: Statement) -> dict[str, Term] | None:
        bound: dict[str, Term] = {}
        for part, term in zip(conclusion, statement, strict=True):
            if part.startswith("?"):
                bound[part[1:]] = term
            elif self._iri(part) != term.value:
                return None
        return bound

    def _iri(self, curie: str) -> str:
        if curie == "a":
            return self._vocabulary.prefixes["rdf"] + "type"
        prefix, _, local = curie.partition(":")
        return self._vocabulary.prefixes[prefix] + local

    def _graphs(self, statement: Statement) -> list[str]:
        subject, predicate, value = statement
        parameters: dict[str, Value] = {"subject": subject.value, "property": predicate.value, "value": value}
        return [row["graph"].value for row in self._reader.run("pages/graphs-of", parameters)]

    def _sources(self, subject: NamedNode) -> tuple[str, ...]:
        rows = self._reader.run("pages/sources-of", {"entity": subject.value})
        return tuple(sorted({row["source"].value for row in rows}))


def _rule(path: Path) -> Rule:
    text = path.read_text("utf-8")
    axiom, *lines = text.split("\n")
    body = "\n".join(line for line in lines if not line.startswith("#"))
    match = re.fullmatch(r"\s*CONSTRUCT \{(?P<conclusion>[^}]*)\} WHERE \{(?P<pattern>.*)\}\s*", body, re.DOTALL)
    parts = [token.text for token in tokenize(match["conclusion"])] if match else []
    if match is None or len(parts) != 3 or not axiom.startswith("# axiom: "):
        raise VitkError(f"{path}: a rule is '# axiom: …' and CONSTRUCT {{ one triple }} WHERE {{ … }}.")
    subject, predicate, value = parts
    return Rule(path.stem, axiom.removeprefix("# axiom: "), (subject, predicate, value), match["pattern"])


@cache
def _triple_patterns(query: str) -> tuple[tuple[Any, Any, Any], ...]:
    """The triple patterns that a query needs to hold: those of sub-queries and of NOT EXISTS are left out."""
    # rdflib's parser is only needed here, and takes a fifth of a second to load.
    from rdflib.plugins.sparql.parserutils import CompValue
    from rdflib.plugins.sparql.processor import prepareQuery

    found: list[tuple[Any, Any, Any]] = []

    def visit(part: Any) -> None:
        if not isinstance(part, CompValue):
            return
        if part.name == "BGP":
            found.extend(part.triples)
        for name in ("p", "p1", "p2"):
            if name == "p2" and part.name == "LeftJoin":
                continue
            visit(part.get(name))

    visit(prepareQuery(query).algebra)
    return tuple(found)


def _instantiate(pattern: tuple[Any, Any, Any], row: dict[str, Term]) -> Statement | None:
    from rdflib import URIRef, Variable

    terms: list[Term] = []
    for part in pattern:
        if isinstance(part, Variable):
            if str(part) not in row:
                return None
            terms.append(row[str(part)])
        elif isinstance(part, URIRef):
            terms.append(NamedNode(str(part)))
        else:
            terms.append(Literal(str(part), datatype=NamedNode(str(part.datatype))))
    subject, predicate, value = terms
    assert isinstance(subject, NamedNode)
    assert isinstance(predicate, NamedNode)
    return subject, predicate, value
