"""Checks the names in mappings of tables against the ontology, the curated files and each other, before rows are read.

What a row says is checked when it is loaded, by ``kg.build.load``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from kg.amounts import UNIT_SYMBOLS
from kg.build.check.known_names import KnownNames
from kg.build.load.mapping import EntityMapping, TableMapping, Value
from kg.build.load.row_checks import AMOUNT_FIELDS
from kg.build.load.templates import columns_of, literals_of
from kg.build.read.turtle import ParsedSources
from kg.errors import CuratedFileError, CuratedProblem
from kg.files import text_files
from kg.rdf.iri import encoded_name
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, Vocabulary

_XSD = OUTSIDE_PREFIXES["xsd"]
_ENTITY, _LABEL = "id:", "rdfs:label"
_SINGLE = (_LABEL, *(f"vitk:{name}" for name in AMOUNT_FIELDS))
# The kinds of values that are entities, and what each other kind is as a literal.
_ENTITY_KINDS = ("entity", "code")
_DATATYPES = {
    _XSD + "decimal": ("a decimal, such as { number = 'column' } or { always = 100.0 }", "number", float),
    _XSD + "integer": ("a whole number, such as { integer = 'column' } or { always = 5 }", "integer", int),
    _XSD + "boolean": ("true or false, such as { always = true }", "", bool),
}


def check(mappings: Sequence[TableMapping], sources: ParsedSources) -> None:
    """Checks all mappings of a release.

    Args:
        mappings: the mappings.
        sources: ontology and curated files.

    Raises:
        CuratedFileError: with every unknown name, value that does not fit its property and entity of another source,
            by file and line.
    """
    checker = _Checker(mappings, sources)
    if problems := [problem for mapping in mappings for problem in checker.problems(mapping)]:
        raise CuratedFileError(problems)


class _Checker:
    def __init__(self, mappings: Sequence[TableMapping], sources: ParsedSources) -> None:
        self._vocabulary: Vocabulary = sources.vocabulary
        self._known = KnownNames(sources)
        self._starts = {mapping.name: {_start(entity) for entity in _entities(mapping)} for mapping in mappings}
        self._constants = {
            entity.about for mapping in mappings for entity in _entities(mapping) if not columns_of(entity.about)
        }

    def problems(self, mapping: TableMapping) -> Iterator[CuratedProblem]:
        """Yields each problem of a mapping once."""
        found: dict[str, str] = {}
        for entity in _entities(mapping):
            found |= dict(self._entity(mapping, entity))
        for values in mapping.codes.values():
            found |= dict(self._codes(values.values()))
        text = text_files.read_text(mapping.path)
        for message, word in found.items():
            yield _problem(mapping.path, text, message, word)

    def _entity(self, mapping: TableMapping, entity: EntityMapping) -> Iterator[tuple[str, str]]:
        if problem := self._problem_of_about(mapping, entity):
            yield f"about = {entity.about!r}: {problem}", entity.about
        for name in entity.types:
            if problem := self._known.problem_of_class(self._vocabulary.expand(name)):
                yield problem, name
        for name, value in entity.properties:
            yield from self._property(name, value)
        for name in _stated_twice(entity):
            yield f"{name} has two values in each row; give conditions (when, unless) or languages", name
        own = {each.about for each in _entities(mapping)}
        for name, template in entity.of:
            if problem := self._known.problem_of_property(self._vocabulary.expand(name)):
                yield problem, name
            if template not in own:
                yield f"of: {template!r} is not an entity that this mapping describes", template

    def _problem_of_about(self, mapping: TableMapping, entity: EntityMapping) -> str:
        about, start = entity.about, _start(entity)
        if not about.startswith(_ENTITY):
            return f"a table describes entities of its own, which start with {_ENTITY}"
        for literal in literals_of(about.removeprefix(_ENTITY)):
            if (proper := encoded_name(literal)) != literal:
                return f"{literal!r} cannot be requested from a server; write {proper!r}"
        if not columns_of(about) and self._vocabulary.expand(about) in self._known.entities:
            return "is an entity of the curated files, which a table cannot describe"
        typed = {each.about for each in _entities(mapping) if each.types}
        if not entity.types and about not in typed:
            return "has no types, and nothing else in this mapping gives it any"
        for other, starts in self._starts.items():
            if other != mapping.name and any(_overlap(start, each) for each in starts):
                return f"such IRIs are those of the table {other}; choose another start"
        return ""

    def _property(self, name: str, value: Value) -> Iterator[tuple[str, str]]:
        iri = self._vocabulary.expand(name)
        if problem := self._known.problem_of_property(iri):
            yield problem, name
        elif problem := self._problem_of_value(iri, name, value):
            yield f"{name}: {problem}", name
        if value.kind == "entity":
            yield from self._named(value.source)
        if value.otherwise:
            yield from self._named(value.otherwise)
        if value.alternative:
            yield from self._property(name, value.alternative)

    def _problem_of_value(self, iri: str, name: str, value: Value) -> str:
        is_entity = value.kind in _ENTITY_KINDS
        sample = NamedNode("urn:x") if is_entity else Literal("")
        if problem := self._known.problem_of_value(iri, sample):
            return problem
        words, kind, constant = _DATATYPES.get(self._known.datatype(iri), ("", value.kind, type(value.source)))
        fits = value.kind == kind or (value.kind == "always" and type(value.source) is constant)
        if not fits:
            return f"needs {words}"
        return "needs a language" if name == _LABEL and not value.language else ""

    def _codes(self, values: Iterable[str]) -> Iterator[tuple[str, str]]:
        for value in dict.fromkeys(values):
            if value.partition(":")[0] in self._vocabulary.prefixes:
                yield from self._named(value)

    def _named(self, curie: str) -> Iterator[tuple[str, str]]:
        """What is wrong with the name of an entity, which may be a template."""
        start = literals_of(curie)[0]
        if curie in self._constants or any(start.startswith(each) for each in self._row_starts()):
            return
        if columns_of(curie):
            if curie.startswith(_ENTITY):
                yield f"{curie!r} is not an entity that a mapping describes", curie
            return
        iri = self._vocabulary.expand(curie)
        if iri not in UNIT_SYMBOLS and (problem := self._known.problem_of_entity(iri, also=OUTSIDE_PREFIXES["unit"])):
            yield problem, curie

    def _row_starts(self) -> set[str]:
        constants = self._constants
        return {start for starts in self._starts.values() for start in starts if start not in constants}


def _entities(mapping: TableMapping) -> list[EntityMapping]:
    return [*mapping.entities, *(entity for table in mapping.tables for entity in table.entities)]


def _start(entity: EntityMapping) -> str:
    return literals_of(entity.about)[0]


def _stated_twice(entity: EntityMapping) -> list[str]:
    """The properties with one value for an entity, or one in each language, that get several."""
    stated = [(name, value.language) for name, value in entity.properties if not value.when and not value.unless]
    return sorted({name for name, language in stated if name in _SINGLE and stated.count((name, language)) > 1})


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _problem(path: Path, text: str, message: str, word: str) -> CuratedProblem:
    line = text_files.line_with(text, f'"{word}"') or text_files.line_with(text, word)
    return CuratedProblem(path, line, "mapping", message)
