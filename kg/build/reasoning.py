"""Materialises what follows from ontology and curated files, by the rules of ``ontology/rules``."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, Quad, QueryTriples, Store

from kg.build.sources import ONTOLOGY_FOLDER
from kg.catalogue import with_prologue
from kg.errors import VitkError
from kg.vocabulary import Vocabulary

RULES_FOLDER = ONTOLOGY_FOLDER / "rules"
_MAX_ROUNDS = 20


def rules() -> list[Path]:
    """The rule files in the order in which they run."""
    return sorted(RULES_FOLDER.glob("*.rq"))


def infer(store: Store, vocabulary: Vocabulary) -> int:
    """Runs the rules until they add nothing, and returns the number of triples added to ``graph/inferred``.

    Raises:
        VitkError: the rules still add triples after many rounds.
    """
    inferred = NamedNode(vocabulary.graph("inferred"))
    texts = [with_prologue(path.read_text("utf-8"), vocabulary) for path in rules()]
    added = 0
    for _ in range(_MAX_ROUNDS):
        before = added
        for text in texts:
            triples = store.query(text, use_default_graph_as_union=True)
            assert isinstance(triples, QueryTriples)
            known = store.quads_for_pattern
            new = [
                Quad(t.subject, t.predicate, t.object, inferred)
                for t in triples
                if next(known(t.subject, t.predicate, t.object), None) is None
            ]
            store.extend(new)
            added += len(set(new))
        if added == before:
            return added
    raise VitkError(
        f"{RULES_FOLDER}: the rules still add triples after {_MAX_ROUNDS} rounds; two of them feed each other."
    )
