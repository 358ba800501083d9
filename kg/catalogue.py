"""The questions that vitk asks: one ``.rq`` file each under ``queries/``, read once, filled with typed parameters.

A file starts with header lines and holds one SPARQL query without a prologue (the prefixes it uses are added)::

    # title: Foods that hold a form
    # summary: What the source says of foods that hold one form of vitamin K.
    # parameter: form iri id:menaquinone-7

A parameter stands in the query as ``$form`` and is replaced, as a token, by a term that the library has serialised.
Types are ``iri``, ``iris`` (for VALUES), ``term`` (an IRI or a literal, as the library's object), ``text`` and
``integer``; the word after the type is an example value.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from kg.engine.tokens import tokenize
from kg.errors import VitkError
from kg.vocabulary import Vocabulary

Value = str | int | Iterable[str] | NamedNode | Literal
TYPES = ("iri", "iris", "term", "text", "integer")
FOLDER = Path(__file__).parent / "queries"
_HEADER = re.compile(r"# (title|summary|parameter): (.+)")


@dataclass(frozen=True)
class Parameter:
    name: str
    type: str
    example: str


@dataclass(frozen=True)
class Query:
    """One question: what it is called, what it takes, and its SPARQL with ``$`` placeholders."""

    name: str
    title: str
    summary: str
    parameters: tuple[Parameter, ...]
    text: str

    def fill(self, values: Mapping[str, Value]) -> str:
        """The query with every placeholder replaced.

        Args:
            values: by parameter name; absolute IRIs for ``iri`` and ``iris``.

        Raises:
            VitkError: a parameter is missing or unknown.
            ValueError: a value is not of its parameter's type.
        """
        terms = {parameter.name: _terms(parameter, values) for parameter in self.parameters}
        for name in values:
            if name not in terms:
                raise VitkError(
                    f"The query {self.name} takes no parameter {name!r}; it takes {', '.join(terms) or 'none'}."
                )
        pieces, end = [], 0
        for token in tokenize(self.text):
            if token.kind == "variable" and token.text[0] == "$":
                pieces += [self.text[end : token.start], terms[token.text[1:]]]
                end = token.start + len(token.text)
        return "".join([*pieces, self.text[end:]])


class Catalogue:
    """All questions of a folder, by name; those in subfolders are named ``folder/name``."""

    def __init__(self, vocabulary: Vocabulary, folder: Path = FOLDER) -> None:
        self.vocabulary = vocabulary
        paths = sorted(folder.rglob("*.rq"))
        self._queries = {query.name: query for query in (_read(path, folder, vocabulary) for path in paths)}

    def __getitem__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError:
            near = difflib.get_close_matches(name, self._queries, 3)
            raise VitkError(f"There is no query {name!r}; the nearest are {', '.join(near) or 'none'}.") from None

    def public(self) -> list[Query]:
        """The questions that people see, by name."""
        return [query for name, query in self._queries.items() if "/" not in name]

    def all(self) -> list[Query]:
        return list(self._queries.values())

    def example(self, query: Query) -> str:
        """The query filled with its example values."""
        values: dict[str, Value] = {}
        for parameter in query.parameters:
            values[parameter.name] = self._example_of(parameter)
        return query.fill(values)

    def _example_of(self, parameter: Parameter) -> Value:
        if parameter.type in ("text", "integer"):
            return parameter.example
        prefix, _, local = parameter.example.partition(":")
        iri = self.vocabulary.prefixes[prefix] + local
        if parameter.type == "iris":
            return [iri]
        return NamedNode(iri) if parameter.type == "term" else iri


def with_prologue(body: str, vocabulary: Vocabulary) -> str:
    """The query body after declarations of just the prefixes that it uses."""
    used = {token.text.partition(":")[0] for token in tokenize(body) if token.kind == "name"}
    lines = [f"PREFIX {prefix}: <{iri}>" for prefix, iri in vocabulary.prefixes.items() if prefix in used]
    return "\n".join([*lines, body])


def _read(path: Path, folder: Path, vocabulary: Vocabulary) -> Query:
    header: dict[str, list[str]] = {"title": [], "summary": [], "parameter": []}
    lines = path.read_text("utf-8").splitlines()
    while lines and (match := _HEADER.match(lines[0])):
        header[match.group(1)].append(match.group(2))
        lines.pop(0)
    if len(header["title"]) != 1 or len(header["summary"]) != 1:
        raise VitkError(f"{path}:1: a query starts with one '# title: …' and one '# summary: …' line.")
    parameters = []
    for number, line in enumerate(header["parameter"], 3):
        parts = line.split(" ", 2)
        if len(parts) != 3 or parts[1] not in TYPES:
            raise VitkError(
                f"{path}:{number}: a parameter is '# parameter: name type example'; types are {', '.join(TYPES)}."
            )
        parameters.append(Parameter(*parts))
    name = path.relative_to(folder).with_suffix("").as_posix()
    text = with_prologue("\n".join(lines).strip() + "\n", vocabulary)
    return Query(name, header["title"][0], header["summary"][0], tuple(parameters), text)


def _terms(parameter: Parameter, values: Mapping[str, Value]) -> str:
    if parameter.name not in values:
        raise VitkError(f"The parameter {parameter.name!r} is missing.")
    value = values[parameter.name]
    if parameter.type == "iris":
        assert not isinstance(value, str | int | NamedNode | Literal)
        return " ".join(str(NamedNode(iri)) for iri in value)
    if parameter.type == "term":
        assert isinstance(value, NamedNode | Literal)
        return str(value)
    if parameter.type == "integer":
        assert isinstance(value, str | int)
        return str(int(value))
    return str(NamedNode(str(value)) if parameter.type == "iri" else Literal(str(value)))
