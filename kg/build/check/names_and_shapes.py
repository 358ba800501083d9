"""Validates curated data: each triple on its own, and the shapes of ``ontology/shapes.ttl``."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import rdflib
from pyoxigraph import Literal, NamedNode, QueryTriples, RdfFormat, Store
from rdflib.namespace import RDF, SH

from kg import amounts
from kg.build.check import curated_triples, mapping_names
from kg.build.infer import rules
from kg.build.load import mapping as table_mapping
from kg.build.read import sssom
from kg.build.read import turtle as source_files
from kg.build.read.turtle import ONTOLOGY_FOLDER, ParsedSources
from kg.errors import CuratedFileError, CuratedProblem
from kg.rdf import identifier_patterns
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, Vocabulary

SHAPES = ONTOLOGY_FOLDER / "shapes.ttl"
_AMOUNTS, _UNITS = ("minimumAmount", "maximumAmount", "referenceAmount"), ("unit", "referenceUnit")
_DECIMAL = OUTSIDE_PREFIXES["xsd"] + "decimal"


def problems_of(files: list[Path], curated: Path, base_iri: str) -> list[CuratedProblem]:
    """Returns the problems of some files, read together with all curated ones.

    Args:
        files: the files to check, inside or outside the curated folder.
        curated: the folder of curated files.
        base_iri: base of vitk's IRIs.

    Raises:
        CuratedFileError: these have no problem that was found, but other curated files have one that stops the check.
    """
    checked = [path.resolve() for path in files]
    vocabulary = Vocabulary(base_iri)
    try:
        mappings = [table_mapping.read_mapping(path) for path in checked if path.suffix == ".toml"]
        turtle = [path for path in checked if path.suffix not in (".toml", ".tsv")]
        sources = source_files.read(curated, vocabulary, extra=turtle)
        for path in checked:
            _check_tsv(path, curated, sources)
        shipped = {mapping.path.resolve(): mapping for mapping in table_mapping.load_mappings(curated)}
        known = [*(shipped | {mapping.path.resolve(): mapping for mapping in mappings}).values()]
        starts = {start for mapping in known for start in mapping.starts()}
        mapping_names.check(known, sources)
        names(sources, tuple(vocabulary.expand(start) for start in starts))
        store = Store()
        store.extend(sources.quads)
        rules.infer(store, vocabulary)
        problems = shapes(store, sources)
    except CuratedFileError as error:
        if own := _in_files(error.problems, checked):
            return own
        raise
    return _in_files(problems, checked)


def _in_files(problems: list[CuratedProblem], files: list[Path]) -> list[CuratedProblem]:
    return [problem for problem in problems if problem.path.resolve() in files]


def _check_tsv(path: Path, curated: Path, sources: ParsedSources) -> None:
    if path.name == sssom.PATTERNS:
        identifier_patterns.read(path, sources.vocabulary)
    elif path.suffix == ".tsv":
        sssom.read_file(path, curated / sssom.PATTERNS, sources.vocabulary, sources.origins)


def names(sources: ParsedSources, of_tables: tuple[str, ...] = ()) -> None:
    """Checks each triple of curated files on its own: names are defined, values fit, entities have proper names.

    Args:
        sources: the curated files.
        of_tables: prefixes of the IRIs of table rows; these are checked by ``references``.

    Raises:
        CuratedFileError: with every problem, by file and line.
    """
    if problems := curated_triples.problems(sources, of_tables):
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
    violations += _impossible_amounts(sources)
    if violations:
        raise CuratedFileError(violations)
    return warnings


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


def _impossible_amounts(sources: ParsedSources) -> list[CuratedProblem]:
    """What SHACL cannot say: amounts in different units compared with each other."""
    fields: dict[str, dict[str, str]] = {}
    for quad in sources.quads:
        name = quad.predicate.value.removeprefix(sources.vocabulary.terms)
        # Numbers of another datatype are reported by the shapes.
        is_amount = isinstance(quad.object, Literal) and quad.object.datatype.value == _DECIMAL and name in _AMOUNTS
        if isinstance(quad.object, NamedNode | Literal) and (is_amount or name in _UNITS):
            fields.setdefault(str(quad.subject).strip("<>"), {})[name] = quad.object.value
    problems = []
    for subject, amount in fields.items():
        if problem := amounts.problem_of_share(amount):
            message = f"{sources.vocabulary.shorten(subject)}: {problem}"
            problems.append(_problem(sources, subject, "amounts", message, "vitk:maximumAmount", "vitk:minimumAmount"))
    return problems


def _as_rdflib(store: Store) -> rdflib.Graph:
    union = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", use_default_graph_as_union=True)
    assert isinstance(union, QueryTriples)
    return rdflib.Graph().parse(data=union.serialize(format=RdfFormat.N_TRIPLES), format="nt")


def _problem(sources: ParsedSources, subject: str, rule: str, message: str, *words: str) -> CuratedProblem:
    path, line = sources.locate(subject, *words)
    return CuratedProblem(path, line, rule, message)
