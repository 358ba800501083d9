"""Converts rows to triples; the library serialises every value, once for each distinct cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pyoxigraph import NamedNode

from kg.build.load.csv_rows import RejectedRow, RowCounts, RowError, TableFile
from kg.build.load.entity_compiler import EntityCompiler
from kg.build.load.mapping import TableMapping
from kg.build.load.subjects import Subjects
from kg.rdf.vocabulary import Vocabulary


class RowTriples:
    """The triples of a mapping, as lines of N-Triples.

    Args:
        mapping: the mapping of the table.
        vocabulary: makes absolute IRIs.
        reasoned: IRIs of the analytes to whose measurements rules apply.
        foreign: IRIs of the entities that curated files describe, and rows cannot.
    """

    def __init__(
        self,
        mapping: TableMapping,
        vocabulary: Vocabulary,
        reasoned: frozenset[str],
        foreign: Collection[str] = frozenset(),
    ) -> None:
        self._mapping, self._vocabulary = mapping, vocabulary
        self._reasoned = {str(NamedNode(iri)) for iri in reasoned}
        self._analyte = vocabulary.term("ofAnalyte")
        self.subjects = Subjects(mapping, foreign, vocabulary.expand)
        self.for_rules: list[str] = []
        # The contributions of the current row, added only if the complete row is valid.
        self.for_rules_of_row: list[str] = []
        self.seen_by_row: list[tuple[set[str], str]] = []

    def of_table(self) -> str:
        """Returns the triples that describe the table itself."""
        nowhere = EntityCompiler(self, None)
        return "".join(nowhere.compile(entity)([]) for entity in self._mapping.entities)

    def of_rows(self, file: TableFile, counted: RowCounts, all_rows: bool) -> Iterator[str]:
        """Yields the triples of each row; a row with an invalid cell is rejected completely.

        Triples of measurements to which rules apply are also added to ``for_rules``.
        """
        compiler = EntityCompiler(self, file)
        entities = [compiler.compile(entity) for entity in file.table.entities]
        for line, row in file.rows(counted, all_rows):
            self.for_rules_of_row.clear()
            self.seen_by_row.clear()
            self.subjects.start_row()
            try:
                triples = "".join([entity(row) for entity in entities])
            except RowError as error:
                counted.taken -= 1
                counted.rejected.append(RejectedRow(file.path, line, str(error)))
            else:
                self.for_rules += self.for_rules_of_row
                self.subjects.end_row()
                for seen, subject in self.seen_by_row:
                    seen.add(subject)
                yield triples

    def iri(self, curie: str) -> str:
        """Returns the absolute IRI of a CURIE."""
        return self._vocabulary.expand(curie)

    def code(self, codes: tuple[str, ...], cell: str) -> str | None:
        """Translates a cell through lists of codes in turn; ``None`` if one of them does not contain it."""
        for name in codes:
            known = self._mapping.codes[name].get(cell)
            if known is None:
                return None
            cell = known
        return cell

    def is_for_rules(self, predicate: str, value: str) -> bool:
        """Returns whether a triple with this property and value makes its subject relevant to rules."""
        return predicate == self._analyte and value in self._reasoned
