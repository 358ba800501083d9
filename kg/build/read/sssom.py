"""Reads the mappings to external identifiers: one SSSOM/TSV file, each identifier checked by a pattern.

Of the SSSOM model, what decides which triple a row is: subject, predicate, its modifier, object, justification and the
name of the object. A row whose modifier is ``Not``, or which says that no term was found, is not a triple of the graph.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import CuratedFileError, CuratedProblem
from kg.files.tsv_files import read_tsv
from kg.rdf import identifier_patterns
from kg.rdf.identifier_patterns import IdentifierPattern
from kg.rdf.iri import is_iri
from kg.rdf.literals import problem_of_text
from kg.rdf.vocabulary import DCTERMS_IDENTIFIER, OUTSIDE_PREFIXES, Vocabulary
from kg.release.release import IDENTIFIER_PATTERNS

MAPPINGS, PATTERNS = "mappings.sssom.tsv", IDENTIFIER_PATTERNS
SKOS = OUTSIDE_PREFIXES["skos"]
SKOS_PREF_LABEL = SKOS + "prefLabel"
_PREDICATES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_USED = (*_REQUIRED, "predicate_modifier", "object_label")
_NO_TERM = "https://w3id.org/sssom/NoTermFound"
# Prefixes that SSSOM builds in.
_BUILT_IN = {
    "owl": OUTSIDE_PREFIXES["owl"],
    "rdf": OUTSIDE_PREFIXES["rdf"],
    "rdfs": OUTSIDE_PREFIXES["rdfs"],
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": SKOS,
    "sssom": "https://w3id.org/sssom/",
    "xsd": OUTSIDE_PREFIXES["xsd"],
}
# An entry of the map of prefixes: YAML allows quotation marks around either part.
_ENTRY = re.compile(r"""["']?([\w.\-]+)["']?\s*:\s*["']?([^\s"',{}]+)["']?""")
_CURIE_MAP = re.compile(r"""["']?curie_map["']?\s*:\s*(?:\{(.*))?""")
_COMMENT = re.compile(r"(?:^|\s)#.*$")


@dataclass(frozen=True)
class _Triple:
    """What a row asserts or denies: IRIs, and the external identifier as a CURIE of the patterns."""

    subject: str
    predicate: str
    outside: str
    identifier: str
    is_negated: bool


class _RowError(ValueError):
    """What is wrong with a row."""


def read(curated: Path, vocabulary: Vocabulary, known: Collection[str] | None = None) -> list[Quad]:
    """Returns the mapping triples for ``graph/entities``, with identifier and name of each external entity.

    Args:
        curated: folder of the curated files.
        vocabulary: the vocabulary of the release.
        known: IRIs of the entities that may be mapped; without it, any.

    Raises:
        CuratedFileError: rows that break a rule, each with its line.
    """
    if not (curated / MAPPINGS).exists():
        return []
    return read_file(curated / MAPPINGS, curated / PATTERNS, vocabulary, known)


def read_file(path: Path, patterns: Path, vocabulary: Vocabulary, known: Collection[str] | None = None) -> list[Quad]:
    """Returns the triples of one file of mappings; see ``read``."""
    outside = identifier_patterns.read(patterns, vocabulary)
    if not outside:
        message = f"mappings need the patterns of their identifiers, in {patterns.name}"
        raise CuratedFileError([CuratedProblem(path, None, "mapping", message)])
    table = read_tsv(path, _REQUIRED, _USED)
    reader = _RowReader(vocabulary, outside, _curie_map(table.preamble), known)
    graph, quads, problems = NamedNode(vocabulary.graph("entities")), list[Quad](), []
    for line, row in table.rows:
        try:
            triple = reader.read(row)
        except _RowError as error:
            problems.append(CuratedProblem(path, line, "mapping", str(error)))
            continue
        if triple is None or triple.is_negated:
            continue
        node = NamedNode(triple.outside)
        quads += [
            Quad(NamedNode(triple.subject), NamedNode(triple.predicate), node, graph),
            Quad(node, NamedNode(DCTERMS_IDENTIFIER), Literal(triple.identifier), graph),
        ]
        if label := row.get("object_label"):
            quads.append(Quad(node, NamedNode(SKOS_PREF_LABEL), Literal(label, language="en"), graph))
    if problems:
        raise CuratedFileError(problems)
    return quads


def _curie_map(preamble: Sequence[str]) -> dict[str, str]:
    """The prefixes declared before the header, whose lines are YAML: one on each line, or all in braces."""
    found: dict[str, str] = {}
    outside: int | None = None
    for line in preamble:
        text = _COMMENT.sub("", line).rstrip()
        indent = len(text) - len(text.lstrip())
        if start := _CURIE_MAP.fullmatch(text.strip()):
            outside = indent
            found.update(_ENTRY.findall(start[1] or ""))
        elif outside is not None and text:
            if indent > outside or text.strip() == "}":
                found.update(_ENTRY.findall(text))
            else:
                outside = None
    return found


class _RowReader:
    """Reads rows one after the other, and remembers which identifiers were matched exactly and which triples denied."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        outside: Mapping[str, IdentifierPattern],
        declared: Mapping[str, str],
        known: Collection[str] | None,
    ) -> None:
        self._vocabulary, self._outside, self._known = vocabulary, outside, known
        starts = {prefix: pattern.iri_start for prefix, pattern in outside.items()}
        # Patterns and ``id`` have the base of this build, whatever the file declares.
        self._prefixes = {**_BUILT_IN, **declared, **starts, "id": vocabulary.entities}
        self._exact: dict[str, str] = {}
        self._sides: dict[tuple[str, str, str], bool] = {}

    def read(self, row: Mapping[str, str]) -> _Triple | None:
        """Returns the triple of a row, or ``None`` if it says that no term was found."""
        missing = [name for name in _REQUIRED if not row[name]]
        if missing:
            raise _RowError(f"{', '.join(missing)} is empty")
        if _NO_TERM in (self._iri(row["subject_id"]), self._iri(row["object_id"])):
            return None
        subject, predicate = self._subject(row["subject_id"]), self._predicate(row["predicate_id"])
        identifier, outside = self._identifier(row["object_id"])
        if problem := problem_of_text(row.get("object_label", "")):
            raise _RowError(f"object_label {problem}")
        triple = _Triple(subject, predicate, outside, identifier, self._is_negated(row.get("predicate_modifier", "")))
        self._check_contradictions(triple)
        return triple

    def _iri(self, curie: str) -> str:
        """The IRI of a CURIE, also of a safe one in brackets; an IRI stays one."""
        bare = curie.removeprefix("[").removesuffix("]").removeprefix("<").removesuffix(">")
        prefix, _, local = bare.partition(":")
        return self._prefixes.get(prefix, prefix + ":") + local

    def _subject(self, written: str) -> str:
        iri = self._iri(written)
        if not iri.startswith(self._vocabulary.entities):
            raise _RowError(f"{written} is not an entity of this graph; write id:name")
        if not is_iri(iri):
            raise _RowError(f"{written} is not a valid name")
        if self._known is not None and iri not in self._known:
            raise _RowError(f"{self._vocabulary.shorten(iri)} is not an entity of this graph")
        return iri

    def _predicate(self, written: str) -> str:
        iri = self._iri(written) if ":" in written else SKOS + written
        if not iri.startswith(SKOS) or iri.removeprefix(SKOS) not in _PREDICATES:
            names = ", ".join("skos:" + name for name in _PREDICATES)
            raise _RowError(f"{written} is not a mapping property; use one of {names}")
        return iri

    def _identifier(self, written: str) -> tuple[str, str]:
        """The identifier as a CURIE of the patterns, and its IRI."""
        iri = self._iri(written)
        fitting = [name for name, pattern in self._outside.items() if iri.startswith(pattern.iri_start)]
        if not fitting:
            raise _RowError(
                f"{written}: the prefix {written.partition(':')[0]} is not in {PATTERNS}{self._nearest(written)}"
            )
        prefix = max(fitting, key=lambda name: len(self._outside[name].iri_start))
        pattern = self._outside[prefix]
        local = iri.removeprefix(pattern.iri_start)
        if not pattern.pattern.fullmatch(local) or not is_iri(iri):
            raise _RowError(f"{written} does not look like an identifier of {prefix} ({pattern.pattern.pattern})")
        return f"{prefix}:{local}", iri

    def _nearest(self, written: str) -> str:
        """A hint where only the case of a prefix differs from one of the patterns."""
        prefix = written.partition(":")[0].casefold()
        near = [name for name in self._outside if name.casefold() == prefix]
        return f"; did you mean {near[0]}:?" if near else ""

    def _is_negated(self, modifier: str) -> bool:
        if modifier.casefold() not in ("", "not"):
            raise _RowError(f"predicate_modifier is {modifier!r}; it is Not or empty")
        return bool(modifier)

    def _check_contradictions(self, triple: _Triple) -> None:
        key = (triple.subject, triple.predicate, triple.outside)
        if self._sides.setdefault(key, triple.is_negated) != triple.is_negated:
            raise _RowError(f"{triple.identifier} is matched by one row and denied (Not) by another; remove one")
        if triple.predicate != SKOS + "exactMatch" or triple.is_negated:
            return
        other = self._exact.setdefault(triple.outside, triple.subject)
        if other != triple.subject:
            names = [self._vocabulary.shorten(iri) for iri in (triple.subject, other)]
            raise _RowError(
                f"{names[0]} and {names[1]} both match {triple.identifier} exactly; "
                "make one of them a close, broad or narrow match"
            )
