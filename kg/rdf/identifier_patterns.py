"""The table of outside vocabularies: how their identifiers look, which IRIs they have, and which page shows one.

Curators write it as ``identifier-patterns.tsv``; the build checks identifiers by it and copies it into the release,
whose readers link by it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import CuratedFileError, CuratedProblem
from kg.rdf.vocabulary import Vocabulary

_REQUIRED = ("prefix", "iri_start", "pattern")


@dataclass(frozen=True)
class IdentifierPattern:
    """One vocabulary.

    Attributes:
        prefix: of its CURIEs, such as ``CHEBI``.
        iri_start: what its IRIs start with, up to the identifier; absolute.
        pattern: matches an identifier.
        page: URL of the page that shows an identifier, which stands there as ``{id}``; "" if there are no such pages.
    """

    prefix: str
    iri_start: str
    pattern: re.Pattern[str]
    page: str

    def page_of(self, identifier: str) -> str:
        """URL of the page that shows an identifier, or ""."""
        return self.page.replace("{id}", identifier)


def read(path: Path, vocabulary: Vocabulary) -> dict[str, IdentifierPattern]:
    """The vocabularies of a table, by prefix; none if there is no such file.

    An IRI start without a scheme is relative to the base.

    Raises:
        CuratedFileError: rows that lack a column or have a pattern that is not a regular expression, with their lines.
    """
    if not path.is_file():
        return {}
    found, problems = {}, []
    for line, row in read_tsv(path):
        if missing := [name for name in _REQUIRED if not row.get(name)]:
            problems.append(CuratedProblem(path, line, "identifier pattern", f"{', '.join(missing)} is empty"))
            continue
        start = row["iri_start"] if ":" in row["iri_start"] else vocabulary.base + row["iri_start"]
        try:
            pattern = re.compile(row["pattern"])
        except re.error as error:
            message = f"{row['pattern']} is not a regular expression: {error}"
            problems.append(CuratedProblem(path, line, "identifier pattern", message))
        else:
            found[row["prefix"]] = IdentifierPattern(row["prefix"], start, pattern, row["page"])
    if problems:
        raise CuratedFileError(problems)
    return found


def read_tsv(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows of a tab-separated table, each with its line number; lines before the header may start with #."""
    lines = path.read_text("utf-8").splitlines()
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    reader = csv.DictReader(lines[start:], delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, row in enumerate(reader, start + 2):
        yield number, {name: value or "" for name, value in row.items() if name}
