"""The canonical order of a curated file: type and names of an entity first, then its properties in ontology order.

Blocks and comments stay where their curator put them; a comment moves with the property behind or below which it
stands. A block is written as in CONTRIBUTING.md: the subject in the first column, one property per line, indented by
four; a block on one line stays on one.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from kg.build.read.turtle import ONTOLOGY_FOLDER
from kg.build.read.turtle_tokens import Statement, Token, statements, tokens
from kg.errors import VitkError
from kg.files import text_files
from kg.rdf.vocabulary import RDF_TYPE

_FIRST = (
    *("rdfs:label", "vitk:abbreviation", "skos:altLabel", "skos:hiddenLabel", "dcterms:title"),
    *("dcterms:description", "dcterms:identifier"),
    *("dcterms:source", "dcterms:isPartOf", "dcterms:bibliographicCitation", "bibo:doi", "bibo:pmid"),
)
_TYPE = ("a", "rdf:type", f"<{RDF_TYPE}>")
_INDENT = "    "


@dataclass
class _Property:
    """A predicate with its objects, the comments on the lines above it, and the one behind it."""

    above: list[Token] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    behind: list[Token] = field(default_factory=list)


def canonical(text: str) -> str:
    """Returns the text of a curated file in canonical order; idempotent.

    A block that is not written as above, or with a comment that belongs to no property, stays as it is.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    pieces, done = [], 0
    for statement in statements(text):
        start, end = statement.tokens[0].start, statement.tokens[-1].end
        if start and text[start - 1] not in "\r\n":
            continue
        has_comment_behind = re.compile(r"[ \t]*#").match(text, end) is not None
        pieces += [text[done:start], _block(text, statement, newline, has_comment_behind)]
        done = end
    return "".join([*pieces, text[done:]])


def rewrite(path: Path, base_iri: str) -> None:
    """Puts a file into canonical order; one that is not valid Turtle stays as it is.

    Raises:
        CuratedFileError: the file cannot be read or is not UTF-8.
        VitkError: the file would not say the same afterwards, or cannot be written; it is unchanged.
    """
    content = text_files.read_bytes(path)
    text = text_files.decode(content, path)
    try:
        before = _meaning(text, base_iri)
    except SyntaxError:
        return
    if (ordered := canonical(text)) == text:
        return
    try:
        is_equal = _meaning(ordered, base_iri) == before
    except SyntaxError:
        is_equal = False
    if not is_equal:
        raise VitkError(f"{path}: this file cannot be put into canonical order without changing it; it is unchanged.")
    # Line ends inside strings are data, so bytes are written, and never half of them.
    mark = content[: len(content) - len(text.encode())]
    _replace(path.resolve(), mark + ordered.encode())


def _meaning(text: str, base_iri: str) -> tuple[Dataset, Counter[str]]:
    triples = parse(text, format=RdfFormat.TURTLE, base_iri=base_iri)
    graph = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return graph, Counter(token.text for token in tokens(text) if token.kind == "comment")


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise VitkError(f"{path}: cannot be written: {error.strerror}; it is unchanged.") from error


def _block(text: str, statement: Statement, newline: str, has_comment_behind: bool) -> str:
    first, last = statement.tokens[0], statement.tokens[-1]
    as_it_is = text[first.start : last.end]
    properties = None if first.kind not in ("name", "iri") or last.text != "." else _properties(text, statement)
    if properties is None:
        return as_it_is
    types = [part for part in properties if part.tokens[0].text in _TYPE]
    if not types or types[0].above:
        return as_it_is
    head, *rest = [*types, *sorted((part for part in properties if part not in types), key=_place)]
    if has_comment_behind and not rest and head.behind:
        return as_it_is
    if has_comment_behind and rest and rest[-1].behind:
        # The line of the full stop has a comment of its own.
        rest[-1].above, rest[-1].behind = [*rest[-1].above, *rest[-1].behind], []
    start = first.start if head is properties[0] else head.tokens[0].start
    subject = "" if head is properties[0] else first.text + " "
    written = [(subject + text[start : head.tokens[-1].end], head)]
    for part in rest:
        above = "".join(f"{_INDENT}{comment.text}{newline}" for comment in part.above)
        written.append((above + _INDENT + text[part.tokens[0].start : part.tokens[-1].end], part))
    if not _has_line_end(as_it_is):
        return " ; ".join(words.removeprefix(_INDENT) for words, _ in written) + " ."
    lines = [f"{words} ;{_behind(part)}" for words, part in written[:-1]]
    words, part = written[-1]
    return newline.join([*lines, f"{words} .{_behind(part)}"])


def _behind(part: _Property) -> str:
    return "".join(f" {comment.text}" for comment in part.behind)


def _properties(text: str, statement: Statement) -> list[_Property] | None:
    """The properties of a block; ``None`` if it has syntax or comments that belong to none of them."""
    found: list[_Property] = []
    separator_end: int | None = None
    for tokens_between, separator in _split(statement.tokens[1:]):
        part = _Property()
        for token in tokens_between:
            if part.tokens or token.kind != "comment":
                part.tokens.append(token)
            elif found and separator_end is not None and not _has_line_end(text[separator_end : token.start]):
                found[-1].behind.append(token)
            else:
                part.above.append(token)
        while part.tokens and part.tokens[-1].kind == "comment":
            part.behind.insert(0, part.tokens.pop())
        if part.tokens:
            found.append(part)
        elif part.above:
            return None
        separator_end = separator.end
    is_known = all(
        len(part.tokens) > 1 and len(part.behind) <= 1 and all(token.kind != "other" for token in part.tokens)
        for part in found
    )
    return found if found and is_known and not found[0].above else None


def _split(following: Sequence[Token]) -> Iterator[tuple[list[Token], Token]]:
    """Yields what stands between the separators of a block, each with the semicolon or full stop behind it."""
    between: list[Token] = []
    depth = 0
    for token in following:
        if token.kind == "mark":
            depth += (token.text in "[(") - (token.text in "])")
        if depth == 0 and token.kind == "mark" and token.text in ";.":
            yield between, token
            between = []
        else:
            between.append(token)


def _has_line_end(text: str) -> bool:
    return "\n" in text or "\r" in text


def _place(part: _Property) -> tuple[int, int, str]:
    predicate = part.tokens[0].text
    if predicate in _FIRST:
        return 0, _FIRST.index(predicate), predicate
    order = _order_in_ontology()
    return 1, order.get(predicate, len(order)), predicate


@cache
def _order_in_ontology() -> dict[str, int]:
    text = text_files.read_text(ONTOLOGY_FOLDER / "vitk.ttl")
    names = re.findall(r"^(vitk:\w+) a owl:(?:Object|Datatype|Annotation)Property", text, re.MULTILINE)
    return {name: place for place, name in enumerate(names)}
