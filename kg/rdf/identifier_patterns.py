"""The table of outside vocabularies: how their identifiers look, which IRIs they have, and which page shows one.

Curators write it as ``identifier-patterns.tsv``; the build checks identifiers by it and copies it into the release,
whose readers link by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kg.errors import CuratedFileError, CuratedProblem
from kg.files.tsv_files import read_tsv
from kg.rdf.iri import is_iri
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
        CuratedFileError: the file cannot be read, or has rows that lack a cell, repeat a prefix, or have an invalid
            pattern or IRI, with their lines.
    """
    if not path.exists():
        return {}
    found: dict[str, IdentifierPattern] = {}
    problems = []
    for line, row in read_tsv(path, _REQUIRED, (*_REQUIRED, "page")).rows:
        start = row["iri_start"] if ":" in row["iri_start"] else vocabulary.base + row["iri_start"]
        if complaint := _complaint(row, start, found):
            problems.append(CuratedProblem(path, line, "identifier pattern", complaint))
        else:
            pattern = re.compile(row["pattern"], re.ASCII)
            found[row["prefix"]] = IdentifierPattern(row["prefix"], start, pattern, row.get("page", ""))
    if problems:
        raise CuratedFileError(problems)
    return found


def _complaint(row: dict[str, str], iri_start: str, found: dict[str, IdentifierPattern]) -> str:
    if missing := [name for name in _REQUIRED if not row[name]]:
        return f"{', '.join(missing)} is empty"
    if row["prefix"] in found:
        return f"the prefix {row['prefix']} is there twice"
    if not is_iri(iri_start + "1"):
        return f"{row['iri_start']} does not start a valid IRI"
    try:
        re.compile(row["pattern"], re.ASCII)
    except (re.error, OverflowError) as error:
        return f"{row['pattern']} is not a regular expression: {error}"
    return ""
