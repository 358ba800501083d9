"""Materialises inferences from the ontology and curated files, by the rules of ``ontology/rules``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QuerySolutions, QueryTriples, Store, Triple

from kg.build.read.turtle import ONTOLOGY_FOLDER
from kg.catalogue.catalogue import with_prologue
from kg.errors import VitkError
from kg.rdf.vocabulary import Vocabulary

RULES_FOLDER = ONTOLOGY_FOLDER / "rules"
# Second line of rules that infer something from a single measurement and curated entities.
TABLE_MARK = "# also for rows of tables"
# Second line of rules that compare rows of several tables; they run once, when all tables are loaded.
ALL_TABLES_MARK = "# over all tables"
_MAX_ROUNDS = 20


def rules() -> list[Path]:
    """Returns the rule files in the order in which they run."""
    return sorted(RULES_FOLDER.glob("*.rq"))


def rules_for_tables() -> list[Path]:
    """Returns the rules that also apply to table rows."""
    return _marked(TABLE_MARK)


def _marked(mark: str) -> list[Path]:
    return [path for path in rules() if mark in path.read_text("utf-8").splitlines()]


def infer_over_tables(store: Store, vocabulary: Vocabulary) -> list[Quad]:
    """Returns what rules infer that compare rows of several tables, as quads of ``graph/inferred``.

    Args:
        store: the curated graphs with their inferences, and all tables.
        vocabulary: of the release.
    """
    found: list[Quad] = []
    for path in _marked(ALL_TABLES_MARK):
        triples = store.query(with_prologue(path.read_text("utf-8"), vocabulary), use_default_graph_as_union=True)
        assert isinstance(triples, QueryTriples)
        found += _inferred(triples, store, vocabulary)
    return found


def _inferred(triples: QueryTriples, store: Store, vocabulary: Vocabulary) -> list[Quad]:
    inferred = NamedNode(vocabulary.graph("inferred"))
    return [Quad(t.subject, t.predicate, t.object, inferred) for t in triples if not _is_known(store, t)]


def infer(store: Store, vocabulary: Vocabulary) -> int:
    """Runs the rules until they add nothing; returns the number of triples added to ``graph/inferred``.

    Raises:
        VitkError: the rules do not reach a fixpoint.
    """
    texts = [with_prologue(path.read_text("utf-8"), vocabulary) for path in rules()]
    added = 0
    for _ in range(_MAX_ROUNDS):
        before = added
        for text in texts:
            triples = store.query(text, use_default_graph_as_union=True)
            assert isinstance(triples, QueryTriples)
            new = _inferred(triples, store, vocabulary)
            store.extend(new)
            added += len(set(new))
        if added == before:
            return added
    raise VitkError(
        f"{RULES_FOLDER}: the rules still add triples after {_MAX_ROUNDS} rounds; two of them trigger each other."
    )


def _is_known(store: Store, triple: Triple) -> bool:
    return next(store.quads_for_pattern(triple.subject, triple.predicate, triple.object), None) is not None


class TableReasoner:
    """Applies rules to batches of table rows, together with the curated graphs.

    Args:
        curated: a store in memory with the curated graphs and their inferences.
        vocabulary: the vocabulary of the release.
    """

    def __init__(self, curated: Store, vocabulary: Vocabulary) -> None:
        self._curated, self._inferred = list(curated), NamedNode(vocabulary.graph("inferred"))
        self._texts = [with_prologue(path.read_text("utf-8"), vocabulary) for path in rules_for_tables()]
        self._rows = NamedNode(vocabulary.graph("rows"))
        forms = curated.query(
            with_prologue("SELECT ?form { ?form vitk:isFormOf*|vitk:isSumWithin id:vitamin-k }", vocabulary),
            use_default_graph_as_union=True,
        )
        assert isinstance(forms, QuerySolutions)
        self.analytes = frozenset(str(row["form"].value) for row in forms)

    def conclude(self, triples: Iterable[Triple]) -> list[Quad]:
        """Returns what the rules infer from some rows, as quads of ``graph/inferred``."""
        found: dict[Quad, None] = {}
        # A store in memory never frees removed triples, so each call uses a new one.
        store = Store()
        store.bulk_extend(self._curated)
        store.bulk_extend(self._row(triple) for triple in triples)
        for text in self._texts:
            new = store.query(text, use_default_graph_as_union=True)
            assert isinstance(new, QueryTriples)
            fresh = [triple for triple in new if not _is_known(store, triple)]
            store.extend(self._row(triple) for triple in fresh)
            found |= dict.fromkeys(Quad(t.subject, t.predicate, t.object, self._inferred) for t in fresh)
        return list(found)

    def _row(self, triple: Triple) -> Quad:
        return Quad(triple.subject, triple.predicate, triple.object, self._rows)
