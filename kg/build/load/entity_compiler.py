"""Compiles the entity mappings of a table into functions from a row to lines of N-Triples."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.build.load import literals
from kg.build.load.csv_rows import CsvRow, RowError, TableFile
from kg.build.load.mapping import EntityMapping, Value
from kg.build.load.row_checks import check_of
from kg.build.load.subjects import SubjectCheck
from kg.build.load.templates import columns_of, literals_of
from kg.rdf.iri import encoded_name
from kg.rdf.literals import problem_of_text
from kg.rdf.vocabulary import RDF_TYPE

if TYPE_CHECKING:
    from kg.build.load.row_triples import RowTriples

# Size of the cache of serialised cells: amounts repeat, names do not, and the codes of a food are in adjacent rows.
_CACHED_CELLS = 20_000
Template = Callable[[CsvRow], str]


class EntityCompiler:
    """Compiles entity mappings into functions from a row to lines of N-Triples."""

    def __init__(self, statements: RowTriples, file: TableFile | None) -> None:
        self._statements, self._file = statements, file
        self._parts: dict[str, Callable[[Value], Template]] = {
            "text": self._text,
            "number": lambda value: self._literal(value, self._decimal_of()),
            "integer": lambda value: self._literal(value, literals.whole_number),
            "join": self._join,
            "entity": self._entity,
            "code": self._code,
            "always": _always,
        }

    def compile(self, entity: EntityMapping) -> Template:
        """Returns the function for one entity."""
        about, iri = self._template(entity.about), self._statements.iri
        type_lines = [f" <{RDF_TYPE}> {NamedNode(iri(kind))} .\n" for kind in entity.types]
        values = [
            (iri(name), f" {NamedNode(iri(name))} ", self._value(name, value))
            for name, value in entity.properties
            if not value.split
        ]
        listed = [(f" {NamedNode(iri(name))} ", self._codes(value)) for name, value in entity.properties if value.split]
        pointing = [(self._template(template), f" {NamedNode(iri(name))} ") for name, template in entity.of]
        applies, but = self._condition(entity.when), self._condition(entity.unless) if entity.unless else None
        seen: set[str] = set()
        check = check_of(entity, iri, self._subject_check(entity))
        for_rules, is_for_rules = self._statements.for_rules_of_row, self._statements.is_for_rules
        seen_by_row = self._statements.seen_by_row

        def entity_triples(row: CsvRow) -> str:
            if not applies(row) or (but and but(row)):
                return ""
            subject = about(row)
            if entity.once:
                if subject in seen:
                    return ""
                seen_by_row.append((seen, subject))
            lines = [subject + kind for kind in type_lines]
            matters = False
            found: dict[str, str] = {}
            for predicate_iri, predicate, part in values:
                value = part(row)
                if value:
                    lines.append(f"{subject}{predicate}{value} .\n")
                    matters = matters or is_for_rules(predicate_iri, value)
                    found[predicate_iri] = value
            check(subject, found)
            lines += [f"{subject}{predicate}{value} .\n" for predicate, several in listed for value in several(row)]
            lines += [f"{template(row)}{predicate}{subject} .\n" for template, predicate in pointing]
            triples = "".join(lines)
            if matters:
                for_rules.append(triples)
            return triples

        return entity_triples

    def _subject_check(self, entity: EntityMapping) -> SubjectCheck | None:
        if self._file is None:
            return None
        table = self._file.table
        return self._statements.subjects.check_of(entity, table.file, table.key)

    def _position(self, column: str) -> int:
        assert self._file is not None, f"{column}: entities outside [[tables]] have no columns"
        return self._file.positions[column]

    def _condition(self, condition: tuple[tuple[str, frozenset[str]], ...]) -> Callable[[CsvRow], bool]:
        if self._file is None or not condition:
            return lambda _: True
        return self._file.condition(condition)

    def _template(self, template: str) -> Template:
        columns = [self._position(column) for column in columns_of(template)]
        pieces = literals_of(template)
        iri = self._statements.iri
        if not columns:
            constant = str(NamedNode(iri(template)))
            return lambda _: constant

        @lru_cache(_CACHED_CELLS)
        def safe(cell: str) -> str:
            if not cell:
                raise RowError(f"a cell of an IRI template is empty ({template})")
            if problem := problem_of_text(cell):
                raise RowError(f"a cell of an IRI template {problem}")
            return encoded_name(cell)

        start, *rest = [str(NamedNode(iri(pieces[0]))).rstrip(">"), *pieces[1:]]

        def fill(row: CsvRow) -> str:
            return start + "".join([safe(row[i]) + piece for i, piece in zip(columns, rest, strict=True)]) + ">"

        return fill

    def _value(self, predicate: str, value: Value) -> Template:
        part = self._parts[value.kind](value)
        applies, but = self._condition(value.when), self._condition(value.unless) if value.unless else None
        if value.required:
            part = _required(part, predicate)
        if not value.when and not but:
            return part

        def conditional(row: CsvRow) -> str:
            return part(row) if applies(row) and not (but and but(row)) else ""

        return conditional

    def _text(self, value: Value) -> Template:
        position, language = self._position(value.source), value.language

        def text(row: CsvRow) -> str:
            cell = row[position]
            return literals.text(cell, language) if cell else ""

        return text

    def _join(self, value: Value) -> Template:
        positions = [self._position(column) for column in value.source]

        def join(row: CsvRow) -> str:
            cells = [row[i] for i in positions if row[i]]
            return literals.text(value.separator.join(cells), value.language) if cells else ""

        return join

    def _decimal_of(self) -> Callable[[str], str]:
        sign = self._file.table.decimal_char if self._file else "."
        return lambda cell: literals.decimal(cell, sign)

    def _literal(self, value: Value, serialise: Callable[[str], str]) -> Template:
        position, column = self._position(value.source), value.source

        @lru_cache(_CACHED_CELLS)
        def checked(cell: str) -> str:
            try:
                return serialise(cell)
            except ValueError as error:
                raise RowError(f"{column}: {cell!r} is {error}") from error

        def literal(row: CsvRow) -> str:
            cell = row[position]
            return checked(cell) if cell else ""

        return literal

    def _entity(self, value: Value) -> Template:
        template = self._template(value.source)
        positions = [self._position(column) for column in columns_of(value.source)]

        def entity(row: CsvRow) -> str:
            return template(row) if all(row[i] for i in positions) else ""

        return entity

    def _code(self, value: Value) -> Template:
        position, known = self._position(value.source), self._known(value)
        alternative = self._value("", value.alternative) if value.alternative else None
        otherwise = self._template(value.otherwise) if value.otherwise else None

        def code(row: CsvRow) -> str:
            cell = row[position]
            if translated := known(cell):
                return translated
            if alternative and (translated := alternative(row)):
                return translated
            if otherwise:
                return otherwise(row)
            if not cell:
                return ""
            raise _unknown_code(value, cell)

        return code

    def _codes(self, value: Value) -> Callable[[CsvRow], list[str]]:
        """Returns the function for a property with a value for each code in a cell."""
        position, known = self._position(value.source), self._known(value)
        applies, but = self._condition(value.when), self._condition(value.unless) if value.unless else None

        def codes(row: CsvRow) -> list[str]:
            if not row[position] or not applies(row) or (but and but(row)):
                return []
            # Codes that stand for one entity give it once.
            found = dict.fromkeys((cell, known(cell)) for cell in row[position].split(value.split))
            for cell, entity in found:
                if not entity:
                    raise _unknown_code(value, cell)
            return [*dict.fromkeys(entity for _, entity in found)]

        return codes

    def _known(self, value: Value) -> Callable[[str], str]:
        """Returns the function from a code to its entity; "" for an unknown one."""
        statements = self._statements

        @lru_cache(_CACHED_CELLS)
        def known(cell: str) -> str:
            entity = statements.code(value.codes, cell)
            return str(NamedNode(statements.iri(entity))) if entity else ""

        return known


def _unknown_code(value: Value, cell: str) -> RowError:
    return RowError(f"{value.source}: {cell!r} is not in the codes {', '.join(value.codes)}")


def _always(value: Value) -> Template:
    constant = literals.constant(value.source, value.language)
    return lambda _: constant


def _required(part: Template, predicate: str) -> Template:
    def needed(row: CsvRow) -> str:
        value = part(row)
        if not value:
            raise RowError(f"{predicate} has no value")
        return value

    return needed
