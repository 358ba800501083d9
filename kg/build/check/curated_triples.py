"""Checks each triple of curated files on its own, before anything is inferred from it.

Rules, shapes and reasoners presuppose this: known properties and classes, values that can be computed with, and names
that lead back to their entity.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from kg.build.check.known_names import KnownNames
from kg.build.read.turtle import ParsedSources
from kg.errors import CuratedProblem
from kg.rdf.iri import problem_of_local_name
from kg.rdf.literals import problem_of_text
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE

# Literals that the engine cannot read as what their datatype says, and those of a datatype that vitk does not use.
_MALFORMED = """
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT DISTINCT ?value WHERE {
  ?subject ?predicate ?value
  BIND(DATATYPE(?value) AS ?type)
  FILTER(?type NOT IN (xsd:string, xsd:anyURI, rdf:langString))
  FILTER(!COALESCE(
    IF(?type = xsd:decimal, STRLEN(STR(xsd:decimal(STR(?value)))) > 0, 1/0),
    IF(?type = xsd:integer, STRLEN(STR(xsd:integer(STR(?value)))) > 0, 1/0),
    IF(?type = xsd:boolean, STRLEN(STR(xsd:boolean(STR(?value)))) > 0, 1/0),
    IF(?type = xsd:date, STRLEN(STR(xsd:date(STR(?value)))) > 0, 1/0),
    IF(?type = xsd:dateTime, STRLEN(STR(xsd:dateTime(STR(?value)))) > 0, 1/0),
    IF(?type = xsd:gYear, STRLEN(STR(xsd:gYear(STR(?value)))) > 0, 1/0),
    IF(?type = xsd:double, STRLEN(STR(xsd:double(STR(?value)))) > 0, 1/0),
    IF(?type = xsd:float, STRLEN(STR(xsd:float(STR(?value)))) > 0, 1/0),
    false
  ))
}
"""
_NAMES, _VALUES = "defined names", "values"


def problems(sources: ParsedSources, of_tables: tuple[str, ...] = ()) -> list[CuratedProblem]:
    """Returns the problems of all triples, each with its file and line; the same problem of a subject is there once.

    Args:
        sources: the curated files.
        of_tables: prefixes of the IRIs of table rows, which curated files may refer to.
    """
    checker = _TripleChecker(sources, of_tables)
    found: dict[tuple[str, str], CuratedProblem] = {}
    for quad in sources.quads:
        for rule, message, words in checker.problems(quad):
            subject = str(quad.subject).strip("<>")
            if (subject, message) not in found:
                path, line = sources.locate(subject, *words)
                found[subject, message] = CuratedProblem(path, line, rule, message)
    return list(found.values())


class _TripleChecker:
    """Finds what is wrong with a triple: the rule, a message, and the words by which its line is found."""

    def __init__(self, sources: ParsedSources, of_tables: tuple[str, ...]) -> None:
        self._vocabulary, self._of_tables = sources.vocabulary, of_tables
        self._known = KnownNames(sources)
        self._ontology = NamedNode(sources.vocabulary.graph("ontology"))
        self._malformed = _malformed(sources.quads)
        # Thousands of triples share these.
        self._properties = {predicate: self._known.problem_of_property(predicate) for predicate in _predicates(sources)}

    def problems(self, quad: Quad) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yields each problem of a triple."""
        predicate = quad.predicate.value
        words = (self._vocabulary.shorten(predicate), f"<{predicate}>")
        if quad.graph_name != self._ontology:
            yield from self._curated(quad, words)
        elif isinstance(quad.object, NamedNode) and (problem := self._known.problem_of_entity(quad.object.value)):
            yield _NAMES, problem, (self._vocabulary.shorten(quad.object.value),)
        if not isinstance(quad.object, Literal):
            return
        if problem := problem_of_text(quad.object.value):
            yield _VALUES, f"the value of {words[0]} {problem}", words
        elif quad.object in self._malformed:
            datatype, written = self._vocabulary.shorten(quad.object.datatype.value), quad.object.value
            yield _VALUES, f"{written!r} cannot be computed with as {datatype}; correct it", (written, *words)

    def _curated(self, quad: Quad, words: tuple[str, ...]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        predicate = quad.predicate.value
        if problem := self._properties[predicate]:
            yield _NAMES, problem, words
        elif problem := self._known.problem_of_value(predicate, quad.object):
            yield _VALUES, problem, words
        if isinstance(quad.object, Triple):
            yield _VALUES, "triples about triples are not supported", words
        elif isinstance(quad.object, NamedNode) and (problem := self._object(predicate, quad.object.value)):
            yield _NAMES, problem, (self._vocabulary.shorten(quad.object.value), f"<{quad.object.value}>")
        yield from self._subject(quad)

    def _object(self, predicate: str, iri: str) -> str:
        if predicate == RDF_TYPE:
            return self._known.problem_of_class(iri)
        if self._of_tables and iri.startswith(self._of_tables):
            return ""
        return self._known.problem_of_entity(iri)

    def _subject(self, quad: Quad) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        if not isinstance(quad.subject, NamedNode):
            yield _NAMES, "a blank node, to which nothing can link; give it a name (id:name)", ("[", "(")
            return
        iri, base, entities = quad.subject.value, self._vocabulary.base, self._vocabulary.entities
        if iri.startswith(entities):
            if problem := problem_of_local_name(iri.removeprefix(entities)):
                yield _NAMES, f"{self._vocabulary.shorten(iri)} {problem}", ()
        elif iri.startswith(base):
            yield _NAMES, f"<{iri.removeprefix(base)}> is not an entity; curated files describe entities (id:name)", ()


def _predicates(sources: ParsedSources) -> set[str]:
    return {quad.predicate.value for quad in sources.quads}


def _malformed(quads: list[Quad]) -> set[Literal]:
    store = Store()
    plain = OUTSIDE_PREFIXES["xsd"] + "string"
    store.extend(quad for quad in quads if isinstance(quad.object, Literal) and quad.object.datatype.value != plain)
    solutions = store.query(_MALFORMED, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return {value for solution in solutions if isinstance(value := solution["value"], Literal)}
