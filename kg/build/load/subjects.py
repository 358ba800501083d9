"""Which entity a row may describe: one of its own table, which no other row and no other source describes as well."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable

from kg.build.load.csv_rows import RowError
from kg.build.load.mapping import EntityMapping, TableMapping
from kg.build.load.templates import columns_of, literals_of

# In a temporary file, so that memory use does not grow with the table.
_ON_DISK = ""
_TABLE = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096;
CREATE TABLE subjects (subject TEXT PRIMARY KEY, about TEXT, file TEXT) WITHOUT ROWID;
"""
# Checks the subject of a row; raises RowError.
SubjectCheck = Callable[[str], None]


class Subjects:
    """The subjects of a mapping, remembered where two rows could have the same.

    An entity mapping without types adds to what another one describes, and may do so in several rows. So may one with
    ``once``, whose first row counts.

    Args:
        mapping: the mapping.
        foreign: IRIs of the entities that curated files describe.
        expand: makes the IRI of a CURIE.
    """

    def __init__(self, mapping: TableMapping, foreign: Collection[str], expand: Callable[[str], str]) -> None:
        self._foreign, self._expand = foreign, expand
        self._starts = {
            entity.about: literals_of(entity.about)[0]
            for entity in (*mapping.entities, *(entity for table in mapping.tables for entity in table.entities))
            if entity.types
        }
        self._known = sqlite3.connect(_ON_DISK)
        self._known.executescript(_TABLE)
        self._of_row: list[tuple[str, str, str]] = []
        constants = [about for about in self._starts if not columns_of(about)]
        self._add((f"<{expand(about)}>", about, "") for about in constants)

    def check_of(self, entity: EntityMapping, file: str, key: Iterable[str]) -> SubjectCheck | None:
        """Returns the check of the subjects of an entity mapping; ``None`` if nothing can go wrong with them.

        Args:
            entity: the mapping.
            file: the file of its rows.
            key: the key columns of the file; no two of its rows have the same.
        """
        if not entity.types:
            return None
        start = "<" + self._expand(literals_of(entity.about)[0])
        foreign = frozenset(f"<{iri}>" for iri in self._foreign if f"<{iri}>".startswith(start))
        is_ambiguous = self._ambiguity(entity, start, key)
        if not foreign and not is_ambiguous:
            return None

        def check(subject: str) -> None:
            if subject in foreign:
                raise RowError(f"{subject} is an entity of the curated files, which a table cannot describe")
            if is_ambiguous and is_ambiguous(subject):
                self._check_known(subject, entity, file)

        return check

    def start_row(self) -> None:
        """Forgets the subjects of a row that was rejected."""
        self._of_row.clear()

    def end_row(self) -> None:
        """Remembers the subjects of a row that was taken."""
        if self._of_row:
            self._add(self._of_row)

    def _ambiguity(self, entity: EntityMapping, start: str, key: Iterable[str]) -> Callable[[str], bool] | None:
        """Returns whether a subject could be that of two rows; ``None`` if none can."""
        own = self._starts[entity.about]
        overlaps = any(
            about != entity.about and (other.startswith(own) or own.startswith(other))
            for about, other in self._starts.items()
        )
        columns, between = columns_of(entity.about), literals_of(entity.about)[1:-1]
        if overlaps or not set(key) <= set(columns) or not all(between):
            return lambda _: True
        if not between:
            return None
        # What separates the columns cannot be told from the same signs in a cell, wherever there are more of them.
        separators = Counter("".join((*between, literals_of(entity.about)[-1])))
        signs = [(sign, count) for sign, count in separators.items() if sign in "".join(between)]

        def has_more(subject: str) -> bool:
            return any(subject.count(sign, len(start)) > count for sign, count in signs)

        return has_more

    def _check_known(self, subject: str, entity: EntityMapping, file: str) -> None:
        found = self._known.execute("SELECT about, file FROM subjects WHERE subject = ?", (subject,)).fetchone()
        if found and (found[0] != entity.about or (found[1] == file and not entity.once)):
            raise RowError(f"{subject} is the IRI of another row too: what distinguishes the rows is not in about")
        self._of_row.append((subject, entity.about, file))

    def _add(self, subjects: Iterable[tuple[str, str, str]]) -> None:
        self._known.executemany("INSERT OR REPLACE INTO subjects VALUES (?, ?, ?)", subjects)

    def close(self) -> None:
        """Deletes what was remembered."""
        self._known.close()
