"""Has HermiT prove that the curated graphs are consistent, or takes the proof of an earlier build from the same input.

Two questions are asked, each in a process of its own: is everything together consistent, and can each class have
members, given the ontology, the entities and the amounts. An edit of evidence leaves the second proof as it is, an edit
of labels and descriptions leaves both: annotations are not part of what OWL's semantics sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from pyoxigraph import Store, Triple

from kg.build.infer.owl_input import CHECKED_GRAPHS, COMPUTED, PROVEN_GRAPHS, digest, triples_of, without_annotations
from kg.build.read.turtle import ParsedSources
from kg.build.reuse.parts import PartCache
from kg.errors import CuratedFileError

_ANSWER = "answer.txt"


def prove(store: Store, sources: ParsedSources, cache: PartCache, versions: Mapping[str, str]) -> None:
    """Proves that the curated files do not contradict the ontology.

    Args:
        store: the curated graphs, and the values that rules compute in ``graph/inferred``.
        sources: the curated files, to locate contradictions.
        cache: of earlier proofs.
        versions: of everything that decides what a proof proves: software, and code of vitk.

    Raises:
        CuratedFileError: the files contradict the ontology, with Pellet's explanation; or a class has no members.
    """
    # Java's bridges are not loaded by builds that prove nothing.
    from kg.build.infer import owl_proof

    vocabulary = sources.vocabulary
    questions = {
        "consistency": triples_of(store, vocabulary, CHECKED_GRAPHS),
        "classes": triples_of(store, vocabulary, PROVEN_GRAPHS, COMPUTED),
    }
    with ThreadPoolExecutor(len(questions)) as beside:
        answers = []
        for question, triples in questions.items():
            given = without_annotations(triples, store)
            inputs = {"input": digest(given), **versions}
            make = partial(_ask, question, given)
            answers.append(beside.submit(cache.part, f"proof-{question}", inputs, make))
        failures = [failure for answer in answers if isinstance(failure := answer.exception(), Exception)]
    for failure in failures:
        if not isinstance(failure, _NotProvenError):
            raise failure
    if failures:
        # Explaining a contradiction takes longer than finding it.
        owl_proof.prove(store, sources)
        raise CuratedFileError(owl_proof.contradictions(sources))


class _NotProvenError(Exception):
    """HermiT found a contradiction, or a class that cannot have members."""


def _ask(question: str, triples: list[Triple], folder: Path) -> None:
    from kg.build.infer import owl_consistency

    answer = owl_consistency.ask(question, triples)
    if answer != owl_consistency.PROVEN[question]:
        # Only a proof is a part.
        raise _NotProvenError
    (folder / _ANSWER).write_text(f"{question}: {answer}\n", "utf-8")
