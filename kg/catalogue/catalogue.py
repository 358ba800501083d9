"""The questions that vitk asks: one ``.rq`` file each under ``queries/``, read once, filled with typed parameters.

A file starts with a header (see ``kg.catalogue.query_header``) and holds one SPARQL query without a prologue: the
prefixes that
it uses are added. A parameter stands in the query as ``$form`` and is replaced, as a token, by a term that the library
has serialised.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from kg.catalogue import query_header, title_template
from kg.catalogue.query_header import Chart, Header, HeaderError, Parameter
from kg.errors import CuratedFileError, CuratedProblem, VitkError
from kg.rdf.vocabulary import Vocabulary
from kg.sparql.tokens import Token, tokenize

Value = str | int | Decimal | Iterable[str] | NamedNode | Literal | None
FOLDER = Path(__file__).parents[1] / "queries"


@dataclass(frozen=True)
class Query:
    """One question: what it is called, what it takes, and its SPARQL with ``$`` placeholders.

    ``path`` and ``line`` say where the SPARQL starts.
    """

    name: str
    header: Header
    text: str
    vocabulary: Vocabulary
    path: Path = FOLDER
    line: int = 1

    @property
    def title(self) -> str:
        """The question that the query answers, whatever the values of its parameters."""
        return title_template.fill(self.header.title_template, {})

    @property
    def summary(self) -> str:
        """What the rows are, with units and limits."""
        return self.header.summary

    @property
    def tags(self) -> tuple[str, ...]:
        """Topics, the main one first."""
        return self.header.tags

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters, in the order of the header."""
        return self.header.parameters

    @property
    def chart(self) -> Chart | None:
        """How to draw the rows, if they can be drawn."""
        return self.header.chart

    @cached_property
    def is_graph(self) -> bool:
        """Whether the answer is a graph and not rows."""
        return any(token.text == "CONSTRUCT" for token in tokenize(self.text) if token.kind == "word")

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The variables of the SELECT clause in order, each as the answer names it; none for a graph."""
        return tuple(_columns(list(tokenize(self.text))))

    @cached_property
    def claim_columns(self) -> tuple[str, ...]:
        """The columns that contain claims, in order."""
        return tuple(name for name in self.columns if name in self.header.claims or re.search(r"(^c|C)laim$", name))

    def fill(self, values: Mapping[str, Value]) -> str:
        """The query with every placeholder replaced.

        Args:
            values: by parameter name; absolute IRIs for ``iri`` and ``iris``. One that is left out has its default, or
                is ``UNDEF`` where it is optional, as is one that is ``None``.

        Raises:
            VitkError: a parameter is missing or unknown.
            ValueError: a value is not of its parameter's type.
        """
        terms = {parameter.name: _term(parameter, self._value(parameter, values)) for parameter in self.parameters}
        for name in values:
            if name not in terms:
                raise VitkError(
                    f"The query {self.name} takes no parameter {name!r}; it takes {', '.join(terms) or 'none'}."
                )
        fixed, names = self._pieces
        return fixed[0] + "".join(terms[name] + text for name, text in zip(names, fixed[1:], strict=True))

    @cached_property
    def _pieces(self) -> tuple[list[str], list[str]]:
        """The texts before, between and after the placeholders, and the names of these."""
        fixed, names, end = [], [], 0
        for token in tokenize(self.text):
            if token.kind == "variable" and token.text[0] == "$":
                fixed.append(self.text[end : token.start])
                names.append(token.text[1:])
                end = token.start + len(token.text)
        return [*fixed, self.text[end:]], names

    def _value(self, parameter: Parameter, values: Mapping[str, Value]) -> Value:
        if parameter.name in values:
            value = values[parameter.name]
            if value is None and not parameter.optional:
                raise VitkError(f"The parameter {parameter.name!r} must have a value.")
            return value
        if parameter.required:
            raise VitkError(f"The parameter {parameter.name!r} is missing.")
        return None if parameter.optional else _example_of(parameter, self.vocabulary)


class Catalogue:
    """All questions of a folder, by name; those in subfolders are named ``folder/name``.

    Raises:
        CuratedFileError: headers that can't be read, with file and line.
    """

    def __init__(self, vocabulary: Vocabulary, folder: Path = FOLDER) -> None:
        self.vocabulary = vocabulary
        self._queries: dict[str, Query] = {}
        problems = []
        for path in sorted(folder.rglob("*.rq")):
            name = path.relative_to(folder).with_suffix("").as_posix()
            try:
                self._queries[name] = read_query(path, name, vocabulary)
            except HeaderError as error:
                problems.append(CuratedProblem(path, error.line, "query header", str(error)))
        if problems:
            raise CuratedFileError(problems)

    def __getitem__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError:
            raise self._no_such_query(name) from None

    def __contains__(self, name: str) -> bool:
        return name in self._queries

    def nearest(self, name: str) -> list[str]:
        """The names of public queries that are nearest to one that does not exist."""
        return difflib.get_close_matches(name[:100], [query.name for query in self.public()], 3, 0.4)

    def find_public(self, name: str) -> Query:
        """Returns the public query with this name.

        Raises:
            VitkError: there is none, with the nearest names.
        """
        if "/" in name:
            raise self._no_such_query(name)
        return self[name]

    def _no_such_query(self, name: str) -> VitkError:
        near = self.nearest(name.rpartition("/")[2])
        hint = f"did you mean {' or '.join(near)}?" if near else "the catalogue lists all queries."
        return VitkError(f"There is no query {name[:100]!r}; {hint}")

    def public(self) -> list[Query]:
        """Returns the public queries, by name; those of ``pages/`` are internal."""
        return [query for name, query in self._queries.items() if "/" not in name]

    def all(self) -> list[Query]:
        """Returns all queries, public and internal."""
        return list(self._queries.values())

    def example(self, query: Query) -> str:
        """Returns the query filled with its example values."""
        return query.fill(self.example_values(query))

    @staticmethod
    def example_values(query: Query) -> dict[str, Value]:
        """The example of every parameter of a query; those that may be left out have none."""
        return {
            parameter.name: None if parameter.optional else _example_of(parameter, query.vocabulary)
            for parameter in query.parameters
        }


def with_prologue(body: str, vocabulary: Vocabulary) -> str:
    """The query body after declarations of just the prefixes that it uses."""
    used = {token.text.partition(":")[0] for token in tokenize(body) if token.kind == "name"}
    lines = [f"PREFIX {prefix}: <{iri}>" for prefix, iri in vocabulary.prefixes.items() if prefix in used]
    return "\n".join([*lines, body])


def read_query(path: Path, name: str, vocabulary: Vocabulary) -> Query:
    """The query in a file.

    Raises:
        HeaderError: a header line that can't be read.
    """
    text = path.read_text("utf-8")
    header, lines = query_header.read(text)
    body = "\n".join(text.splitlines()[lines:]).strip() + "\n"
    names = {parameter.name for parameter in header.parameters}
    for token in tokenize(body):
        if token.kind == "variable" and token.text[0] == "$" and token.text[1:] not in names:
            line = lines + 1 + body[: token.start].count("\n")
            raise HeaderError(line, f"{token.text} is not a parameter of this query")
    return Query(name, header, with_prologue(body, vocabulary), vocabulary, path, lines + 1)


def _columns(tokens: list[Token]) -> Iterator[str]:
    words = [token.text for token in tokens]
    if "SELECT" not in words:
        return
    depth, is_named = 0, False
    for word in words[words.index("SELECT") + 1 :]:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word in ("WHERE", "{"):
            return
        if word[0] == "?" and (depth == 0 or (depth == 1 and is_named)):
            yield word[1:]
        is_named = word == "AS"


def _example_of(parameter: Parameter, vocabulary: Vocabulary) -> Value:
    if parameter.type not in ("iri", "iris", "term"):
        return parameter.example
    if parameter.type == "iris":
        return [vocabulary.expand(part) for part in parameter.example.split(",")]
    iri = vocabulary.expand(parameter.example)
    return NamedNode(iri) if parameter.type == "term" else iri


def _term(parameter: Parameter, value: Value) -> str:
    """The value as SPARQL."""
    if value is None:
        return "UNDEF"
    if parameter.type == "iris":
        assert not isinstance(value, str | int | Decimal | NamedNode | Literal)
        return " ".join(str(NamedNode(iri)) for iri in value)
    if parameter.type == "term":
        assert isinstance(value, NamedNode | Literal)
        return str(value)
    if parameter.type in ("integer", "decimal"):
        number = Decimal(str(value))
        return str(int(number)) if parameter.type == "integer" else format(number, "f")
    return str(NamedNode(str(value)) if parameter.type == "iri" else Literal(str(value)))
