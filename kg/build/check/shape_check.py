"""Validates graphs against ``ontology/shapes.ttl``, in a process of its own beside the other stages of a build.

The validator is Python, so a thread would only take turns with the build.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from typing import NamedTuple

from pyoxigraph import QueryTriples, RdfFormat, Store

from kg.build.read.turtle import ONTOLOGY_FOLDER
from kg.engine.workers import process

SHAPES = ONTOLOGY_FOLDER / "shapes.ttl"


class ShapeResult(NamedTuple):
    """A result of the validator: the entity, property and value in question, the shape, and what it says.

    What is missing is "".
    """

    focus: str
    path: str
    value: str
    shape: str
    message: str
    is_warning: bool


class ShapeCheck:
    """A validation that runs in a process of its own.

    Args:
        store: the graphs to validate.
        base_iri: base of vitk's IRIs.
    """

    def __init__(self, store: Store, base_iri: str) -> None:
        context = multiprocessing.get_context("fork")
        self._results, sending = context.Pipe(duplex=False)
        arguments = (triples_of(store), base_iri, sending, os.getpid())
        self._process = context.Process(target=_validate_beside, args=arguments, daemon=True)
        self._process.start()
        sending.close()

    def results(self) -> list[ShapeResult]:
        """Waits for the results; called once.

        Raises:
            RuntimeError: the validator failed; its traceback is on standard error.
        """
        try:
            return [ShapeResult(*result) for result in self._results.recv()]
        except EOFError as error:
            raise RuntimeError("The validation of shapes ended without a result.") from error

    def end(self) -> None:
        """Ends the process, finished or not."""
        self._process.kill()
        self._process.join()
        self._results.close()


def triples_of(store: Store) -> bytes:
    """Returns the triples of all graphs together as N-Triples."""
    union = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", use_default_graph_as_union=True)
    assert isinstance(union, QueryTriples)
    document = union.serialize(format=RdfFormat.N_TRIPLES)
    assert document is not None
    return document


def validate(triples: bytes, base_iri: str, own_shapes: bytes = b"") -> list[ShapeResult]:
    """Returns the results of a validation, sorted by entity.

    Args:
        triples: N-Triples.
        base_iri: base of vitk's IRIs.
        own_shapes: shapes as N-Triples, in place of those of the ontology.
    """
    # Loaded by the process that validates, which takes half a second.
    import pyshacl
    import rdflib
    from rdflib.namespace import RDF, SH

    shapes = rdflib.Graph()
    if own_shapes:
        shapes.parse(data=own_shapes, format="nt")
    else:
        shapes.parse(SHAPES, format="turtle", publicID=base_iri)
    data = rdflib.Graph().parse(data=triples, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    assert isinstance(report, rdflib.Graph)
    results = []
    for result in sorted(
        report.subjects(RDF.type, SH.ValidationResult), key=lambda node: str(report.value(node, SH.focusNode))
    ):
        is_of_a_node = report.value(result, SH.sourceConstraintComponent) == SH.NodeConstraintComponent
        if is_of_a_node and not own_shapes:
            continue  # The shape that it refers to has its own result, with its own message.
        parts = (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape, SH.resultMessage)
        focus, path, value, shape, message = (str(report.value(result, part) or "") for part in parts)
        is_warning = report.value(result, SH.resultSeverity) == SH.Warning
        results.append(ShapeResult(focus, path, value, shape, message, is_warning))
    return results


def _validate_beside(triples: bytes, base_iri: str, sending: Connection, parent: int) -> None:
    process.die_with_parent(parent, signal.SIGKILL)
    # Ctrl-C ends the build, and the build ends this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sending.send([tuple(result) for result in validate(triples, base_iri)])
    sending.close()
