"""Validates curated data: every term and entity is defined, and the shapes of ``ontology/shapes.ttl`` hold."""

from __future__ import annotations

import difflib
from pathlib import Path

import pyshacl
import rdflib
from pyoxigraph import NamedNode, QueryTriples, RdfFormat, Store
from rdflib.namespace import RDF, SH

from kg.build.infer import rules
from kg.build.load import mapping as table_mapping
from kg.build.read import turtle as source_files
from kg.build.read.turtle import ONTOLOGY_FOLDER, ParsedSources
from kg.errors import CuratedFileError, CuratedProblem
from kg.rdf.vocabulary import Vocabulary

SHAPES = ONTOLOGY_FOLDER / "shapes.ttl"


def problems_of(files: list[Path], curated: Path, base_iri: str) -> list[CuratedProblem]:
    """Returns the problems of some files, read together with all curated ones.

    Args:
        files: the files to check, inside or outside the curated folder.
        curated: the folder of curated files.
        base_iri: base of vitk's IRIs.

    Raises:
        CuratedFileError: other curated files cannot be read.
    """
    checked = [path.resolve() for path in files]
    vocabulary = Vocabulary(base_iri)
    try:
        sources = source_files.read(curated, vocabulary, extra=checked)
        starts = {start for mapping in table_mapping.load_mappings(curated) for start in mapping.starts()}
        names(sources, tuple(vocabulary.expand(start) for start in starts))
        store = Store()
        store.extend(sources.quads)
        rules.infer(store, vocabulary)
        problems = shapes(store, sources)
    except CuratedFileError as error:
        problems = error.problems
    return [problem for problem in problems if problem.path.resolve() in checked]


def names(sources: ParsedSources, of_tables: tuple[str, ...] = ()) -> None:
    """Checks that every term and entity that curated files mention is defined.

    Args:
        sources: the curated files.
        of_tables: prefixes of the IRIs of table rows; these are checked by ``references``.

    Raises:
        CuratedFileError: with every undefined name, by file and line.
    """
    if problems := _undefined_names(sources, of_tables):
        raise CuratedFileError(problems)


def references(store: Store, sources: ParsedSources, of_tables: tuple[str, ...]) -> None:
    """Checks that every table row that curated files mention exists.

    Raises:
        CuratedFileError: with every missing row, by file and line.
    """
    problems = []
    for quad in sources.quads:
        name = quad.object
        if not isinstance(name, NamedNode) or not of_tables or not name.value.startswith(of_tables):
            continue
        if next(store.quads_for_pattern(name, None, None), None) is None:
            subject, word = str(quad.subject).strip("<>"), sources.vocabulary.shorten(name.value)
            message = f"{word} is not a row of a loaded food table; look up its code in the table"
            problems.append(_problem(sources, subject, "defined names", message, word))
    if problems:
        raise CuratedFileError(problems)


def shapes(store: Store, sources: ParsedSources) -> list[CuratedProblem]:
    """Validates the SHACL shapes and returns the warnings.

    Raises:
        CuratedFileError: with every violation, by file and line.
    """
    violations, warnings = _shapes(store, sources)
    if violations:
        raise CuratedFileError(violations)
    return warnings


def _undefined_names(sources: ParsedSources, of_tables: tuple[str, ...]) -> list[CuratedProblem]:
    base = sources.vocabulary.base
    defined = {quad.subject.value for quad in sources.quads if isinstance(quad.subject, NamedNode)}
    names = [sources.vocabulary.shorten(iri) for iri in defined]
    own = (sources.vocabulary.terms, sources.vocabulary.entities)
    found: dict[tuple[str, str], CuratedProblem] = {}
    for quad in sources.quads:
        for node in (quad.predicate, quad.object):
            if not isinstance(node, NamedNode) or not node.value.startswith(own) or node.value in defined:
                continue
            if of_tables and node.value.startswith(of_tables):
                continue
            subject = str(quad.subject).strip("<>")
            if (subject, node.value) in found:
                continue
            name = sources.vocabulary.shorten(node.value)
            near = difflib.get_close_matches(name, names, 1, 0.75)
            hint = f"; did you mean {near[0]}?" if near else "; define it or correct the name."
            found[subject, node.value] = _problem(
                sources, subject, "defined names", f"{name} is not defined under {base}{hint}", name
            )
    return list(found.values())


def _shapes(store: Store, sources: ParsedSources) -> tuple[list[CuratedProblem], list[CuratedProblem]]:
    shapes = rdflib.Graph().parse(SHAPES, format="turtle", publicID=sources.vocabulary.base)
    _, report, _ = pyshacl.validate(_as_rdflib(store), shacl_graph=shapes, inference="none", advanced=False)
    assert isinstance(report, rdflib.Graph)
    violations: list[CuratedProblem] = []
    warnings: list[CuratedProblem] = []
    for result in sorted(
        report.subjects(RDF.type, SH.ValidationResult), key=lambda node: str(report.value(node, SH.focusNode))
    ):
        if report.value(result, SH.sourceConstraintComponent) == SH.NodeConstraintComponent:
            continue  # The shape that it refers to has its own result, with its own message.
        focus, path, value = (report.value(result, part) for part in (SH.focusNode, SH.resultPath, SH.value))
        shape = str(report.value(result, SH.sourceShape) or "")
        named = [sources.vocabulary.shorten(str(node)) for node in (value, path) if node is not None]
        label = sources.vocabulary.shorten(str(focus))
        message = f"{label}: {report.value(result, SH.resultMessage)}"
        rule = sources.vocabulary.shorten(shape) if shape.startswith("http") else "shape"
        problem = _problem(sources, str(focus), rule, message, *named)
        (warnings if report.value(result, SH.resultSeverity) == SH.Warning else violations).append(problem)
    return violations, warnings


def _as_rdflib(store: Store) -> rdflib.Graph:
    union = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", use_default_graph_as_union=True)
    assert isinstance(union, QueryTriples)
    return rdflib.Graph().parse(data=union.serialize(format=RdfFormat.N_TRIPLES), format="nt")


def _problem(sources: ParsedSources, subject: str, rule: str, message: str, *words: str) -> CuratedProblem:
    path, line = sources.locate(subject, *words)
    return CuratedProblem(path, line, rule, message)
