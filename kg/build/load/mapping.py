"""Mapping files: they declare which columns of a table become which triples.

A mapping is TOML. ``[[tables]]`` names a file, its key and its rows; ``[[tables.entities]]`` describes the entity of
each row; ``[codes.NAME]`` translates codes into entities; the top-level ``[[entities]]`` describe the table itself.
Keys that exist in CSV on the Web (key, required, language, delimiter, decimalChar) have the same meaning.
CONTRIBUTING.md shows an example.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.build.load import mapping_schema
from kg.build.load.code_lists import read_codes
from kg.build.load.mapping_schema import condition_of
from kg.build.load.templates import columns_of
from kg.errors import CuratedFileError, CuratedProblem
from kg.files import text_files

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# It is the name of a folder, with more around it.
_LONGEST_NAME = 100
# A value has exactly one of these keys, which names its origin.
VALUE_KINDS = ("text", "number", "integer", "join", "entity", "code", "always")
_VALUE_OPTIONS = {"language", "required", "in", "or", "otherwise", "when", "unless", "separator", "split"}

_TABLE_KEYS = ("file", "key", "rows", "when", "having", "by", "delimiter", "decimalChar", "entities")

Condition = tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True)
class Value:
    """One value of a property: its kind, its origin, and its conditions.

    With ``split``, a cell of codes has several, separated by that text, and the property has a value for each.
    """

    kind: str
    source: Any
    language: str = ""
    separator: str = ", "
    required: bool = False
    codes: tuple[str, ...] = ()
    alternative: Value | None = None
    otherwise: str = ""
    when: Condition = ()
    unless: Condition = ()
    split: str = ""

    def columns(self) -> list[str]:
        """Returns the columns from which the value is read."""
        conditions = [column for column, _ in (*self.when, *self.unless)]
        if self.kind == "join":
            return [*self.source, *conditions]
        if self.kind == "entity":
            return [*columns_of(self.source), *conditions]
        if self.kind == "always":
            return conditions
        return [self.source, *conditions, *(self.alternative.columns() if self.alternative else ())]


@dataclass(frozen=True)
class EntityMapping:
    """The mapping of a row to one entity: IRI template, types, properties, and the entities that refer to it (``of``).

    With ``once``, an entity that several rows name is written once.
    """

    about: str
    types: tuple[str, ...]
    properties: tuple[tuple[str, Value], ...]
    of: tuple[tuple[str, str], ...] = ()
    once: bool = False
    when: Condition = ()
    unless: Condition = ()

    def columns(self) -> list[str]:
        """Returns the columns from which the entity is read."""
        found = [column for column, _ in (*self.when, *self.unless)]
        for template in (self.about, *(template for _, template in self.of)):
            found += columns_of(template)
        for _, value in self.properties:
            found += value.columns()
        return found


@dataclass(frozen=True)
class Table:
    """The mapping of one file: its key columns, the rows to take, and their entities."""

    file: str
    key: tuple[str, ...]
    entities: tuple[EntityMapping, ...]
    rows: int | None = None
    when: Condition = ()
    having: Condition = ()
    by: str = ""
    delimiter: str = ","
    decimal_char: str = "."

    def columns(self) -> list[str]:
        """Returns all columns that the file must have, sorted."""
        conditions = [column for column, _ in (*self.when, *self.having)]
        named = [*self.key, *conditions, *([self.by] if self.by else [])]
        return sorted({*named, *(column for entity in self.entities for column in entity.columns())})


@dataclass(frozen=True)
class TableMapping:
    """A parsed mapping file at ``path``; file names in it are relative to its folder."""

    path: Path
    name: str
    title: str
    entities: tuple[EntityMapping, ...]
    tables: tuple[Table, ...]
    codes: Map[str, Map[str, str]] = field(default_factory=dict)
    code_files: tuple[str, ...] = ()

    def files(self) -> list[Path]:
        """Returns the mapping file and every file that it reads."""
        names = dict.fromkeys([*(table.file for table in self.tables), *self.code_files])
        return [self.path, *(self.path.parent / name for name in names)]

    def starts(self) -> tuple[str, ...]:
        """Returns the CURIE prefixes of its entities, up to the first column."""
        abouts = [entity.about for table in self.tables for entity in table.entities]
        return tuple(sorted({about.partition("{")[0] for about in abouts}))


def load_mappings(curated: Path) -> list[TableMapping]:
    """Reads the mappings in a folder of curated files.

    Raises:
        CuratedFileError: a mapping is invalid.
    """
    return [read_mapping(path) for path in sorted((curated / "composition").glob("*.toml"))]


def read_mapping(path: Path) -> TableMapping:
    """Reads a mapping file.

    Raises:
        CuratedFileError: the file is not TOML, or has an invalid declaration; the message names its place.
    """
    return _Reader(path).read()


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._text = text_files.with_plain_ends(text_files.read_text(path))
        self._codes_used: set[str] = set()
        self._codes_last: set[str] = set()

    def read(self) -> TableMapping:
        try:
            content = tomllib.loads(self._text)
        # Beside its own errors, the reader raises those of long numbers and deep nesting.
        except (ValueError, RecursionError) as error:
            line = re.search(r"at line (\d+)", str(error))
            problem = CuratedProblem(self._path, int(line[1]) if line else None, "TOML syntax", str(error))
            raise CuratedFileError([problem]) from error
        self._known("the mapping", content, {"name", "title", "entities", "tables", "codes"})
        name = self._needed("the mapping", content, "name")
        if not NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
            expected = f"up to {_LONGEST_NAME} lower-case letters, digits and hyphens"
            raise self._error("mapping", f"name {name[:_LONGEST_NAME]!r} must consist of {expected}")
        tables = tuple(self._table(table) for table in content.get("tables", []))
        if not tables:
            raise self._error("mapping", "[[tables]] is missing")
        codes = {name: self._codes(name, codes) for name, codes in content.get("codes", {}).items()}
        for unknown in sorted(self._codes_used - codes.keys()):
            raise self._error("mapping", f"unknown codes {unknown!r}; declared codes: {', '.join(codes) or 'none'}")
        for used in sorted(self._codes_last):
            self._named(*codes[used].values())
        return TableMapping(
            self._path,
            name,
            self._needed("the mapping", content, "title"),
            tuple(self._entity(entity) for entity in content.get("entities", [])),
            tables,
            codes,
            tuple(codes["file"] for codes in content.get("codes", {}).values() if "file" in codes),
        )

    def _table(self, content: dict[str, Any]) -> Table:
        self._known("a table", content, set(_TABLE_KEYS))
        self._own(file := self._needed("a table", content, "file"))
        if not content.get("entities"):
            raise self._error("mapping", f"the rows of {file!r} describe nothing: [[tables.entities]] is missing")
        if "having" in content and "by" not in content:
            raise self._error("mapping", "'having' needs by = 'column': which rows belong together?")
        return Table(
            file=file,
            key=tuple(self._needed("a table", content, "key")),
            entities=tuple(self._entity(entity) for entity in content["entities"]),
            rows=content.get("rows"),
            when=condition_of(content.get("when", {})),
            having=condition_of(content.get("having", {})),
            by=content.get("by", ""),
            delimiter=content.get("delimiter", ","),
            decimal_char=content.get("decimalChar", "."),
        )

    def _entity(self, content: dict[str, Any]) -> EntityMapping:
        self._known("an entity", content, {"about", "types", "properties", "of", "once", "when", "unless"})
        properties = [
            (name, self._value(name, value))
            for name, given in content.get("properties", {}).items()
            for value in (given if isinstance(given, list) else [given])
        ]
        about = self._needed("an entity", content, "about")
        if not re.match(r"[a-z]+:[a-z]", about):
            raise self._error("mapping", f"about = {about!r} must start with a prefix and a name specific to the table")
        self._named(
            about, *content.get("types", ()), *(name for pair in content.get("of", {}).items() for name in pair)
        )
        return EntityMapping(
            about=about,
            types=tuple(content.get("types", ())),
            properties=tuple(properties),
            of=tuple(content.get("of", {}).items()),
            once=content.get("once", False),
            when=condition_of(content.get("when", {})),
            unless=condition_of(content.get("unless", {})),
        )

    def _value(self, predicate: str, content: Any) -> Value:
        if not isinstance(content, dict):
            raise self._error("mapping", f"{predicate} needs a table such as {{ text = 'column' }}")
        kinds = [kind for kind in VALUE_KINDS if kind in content]
        if len(kinds) != 1:
            raise self._error("mapping", f"{predicate} needs exactly one of {', '.join(VALUE_KINDS)}")
        self._known(predicate, content, {*kinds, *_VALUE_OPTIONS})
        if "split" in content and (kinds != ["code"] or content.keys() & {"or", "otherwise", "required"}):
            raise self._error("mapping", f"{predicate}: split applies to code only, without or, otherwise or required")
        codes = [content["in"]] if isinstance(content.get("in"), str) else content.get("in", [])
        self._codes_used.update(codes)
        self._codes_last.update(codes[-1:])
        self._named(predicate, *([content["entity"]] if "entity" in content else ()))
        self._named(*([content["otherwise"]] if "otherwise" in content else ()))
        if problem := mapping_schema.problem_of_value(content):
            raise self._error("mapping", f"{predicate}: {problem}")
        return Value(
            kind=kinds[0],
            source=content[kinds[0]],
            language=content.get("language", ""),
            separator=content.get("separator", ", "),
            required=content.get("required", False),
            codes=tuple(codes),
            alternative=self._value(predicate, content["or"]) if "or" in content else None,
            otherwise=content.get("otherwise", ""),
            when=condition_of(content.get("when", {})),
            unless=condition_of(content.get("unless", {})),
            split=content.get("split", ""),
        )

    def _codes(self, name: str, content: dict[str, str]) -> dict[str, str]:
        if not isinstance(content, dict) or not all(isinstance(value, str) for value in content.values()):
            raise self._error("mapping", f"codes.{name} must be a table of strings")
        if "file" not in content:
            return content
        if content.keys() != {"file", "key", "value"}:
            raise self._error("mapping", f"codes.{name} must have exactly the keys file, key and value")
        self._own(content["file"])
        try:
            return read_codes(self._path.parent / content["file"], content["key"], content["value"])
        except ValueError as error:
            raise self._error("mapping", f"codes.{name}: {error}") from error

    def _own(self, file: str) -> None:
        if not Path(file).name or ".." in Path(file).parts or Path(file).is_absolute() or Path(file).suffix == ".toml":
            raise self._error("mapping", f"file = {file!r} must be a table in the folder of the mapping")

    def _needed(self, where: str, content: dict[str, Any], key: str) -> Any:
        if key not in content:
            raise self._error("mapping", f"{where} has no {key!r}")
        return content[key]

    def _known(self, where: str, content: dict[str, Any], known: set[str]) -> None:
        if problem := mapping_schema.problem_of(content, known):
            raise self._error("mapping", f"{where} {problem}")

    def _named(self, *curies: str) -> None:
        for curie in curies:
            if problem := mapping_schema.problem_of_name(curie):
                raise self._error("mapping", problem)

    def _error(self, rule: str, message: str) -> CuratedFileError:
        # TOML's reader gives no lines; what is wrong is quoted in the message, or its first word.
        word = re.search(r"'([^']+)'", message) or re.match(r"(\S+?):? ", message)
        line = text_files.line_with(self._text, word[1]) if word else None
        return CuratedFileError([CuratedProblem(self._path, line, rule, message)])
