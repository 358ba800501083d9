"""Checks the catalogue when a release is built: every query is valid SPARQL and uses only existing terms."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Store

from kg.catalogue.catalogue import Catalogue, Query
from kg.errors import CuratedFileError, CuratedProblem
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, Vocabulary
from kg.sparql.tokens import Token, tokenize

# External terms that queries may use; all other terms are defined by the ontology.
OUTSIDE_TERMS = {
    "bibo": ("doi", "pmid"),
    "cito": (),
    "dcat": ("Dataset", "Distribution", "distribution", "downloadURL"),
    "dcterms": (
        *("bibliographicCitation", "conformsTo", "created", "creator", "date", "description", "hasVersion"),
        *("identifier", "isPartOf", "isReplacedBy", "issued", "license", "modified", "publisher", "source", "title"),
    ),
    "doco": ("Section",),
    "fabio": ("Article",),
    "owl": (
        *("AllDifferent", "AnnotationProperty", "Class", "DatatypeProperty", "NamedIndividual", "ObjectProperty"),
        *("Ontology", "Restriction", "Thing", "allValuesFrom", "complementOf", "deprecated", "disjointUnionOf"),
        *("disjointWith", "equivalentClass", "hasValue", "intersectionOf", "inverseOf", "onClass", "onDataRange"),
        *("onDatatype", "onProperty", "oneOf", "propertyChainAxiom", "sameAs", "someValuesFrom", "unionOf"),
        *("versionIRI", "versionInfo", "withRestrictions"),
    ),
    "prov": ("Activity", "Entity", "generatedAtTime", "used", "wasDerivedFrom", "wasGeneratedBy"),
    "rdf": ("List", "Property", "first", "langString", "nil", "rest", "type"),
    "rdfs": (
        *("Class", "Literal", "Resource", "comment", "domain", "isDefinedBy", "label", "range", "seeAlso"),
        *("subClassOf", "subPropertyOf"),
    ),
    "skos": (
        *("Concept", "ConceptScheme", "altLabel", "broadMatch", "broader", "broaderTransitive", "closeMatch"),
        *("definition", "editorialNote", "exactMatch", "example", "hasTopConcept", "hiddenLabel", "inScheme"),
        *("mappingRelation", "narrowMatch", "narrower", "notation", "note", "prefLabel", "related", "relatedMatch"),
        *("scopeNote", "topConceptOf"),
    ),
    "void": (
        *("Dataset", "Linkset", "class", "classes", "entities", "exampleResource", "linkPredicate", "objectsTarget"),
        *("properties", "property", "subjectsTarget", "subset", "triples"),
    ),
    "xsd": ("boolean", "date", "dateTime", "decimal", "double", "integer", "string"),
}
_WHERE = re.compile(r"error at (\d+):")
_CLASSES = ("owl:Class", "rdfs:Class")


def check(store: Store, catalogue: Catalogue) -> list[CuratedProblem]:
    """Checks every query against the ontology.

    Args:
        store: ontology and curated data.
        catalogue: the queries.

    Returns:
        Warnings for entities that queries name and the data lack.

    Raises:
        CuratedFileError: queries that are not valid SPARQL or name an unknown class, property or column, with file and
            line.
    """
    names = _Names(store, catalogue.vocabulary)
    problems: list[CuratedProblem] = []
    for query in catalogue.all():
        problems += _syntax(store, catalogue, query) or [*names.unknown(query), *_columns(query)]
    if problems:
        raise CuratedFileError(problems)
    return [warning for query in catalogue.all() for warning in names.missing_entities(query)]


def _syntax(store: Store, catalogue: Catalogue, query: Query) -> list[CuratedProblem]:
    try:
        store.query(catalogue.example(query), use_default_graph_as_union=True)
    except SyntaxError as error:
        # The engine counts lines from the prologue, which is not in the file.
        where = _WHERE.search(str(error))
        line = max(query.line, query.line + int(where[1] if where else 1) - 1 - _prologue(query))
        return [CuratedProblem(query.path, line, "SPARQL syntax", str(error).splitlines()[0])]
    return []


def _columns(query: Query) -> Iterator[CuratedProblem]:
    """Reports columns that the header names but the query does not select."""
    charted = query.chart.columns if query.chart else ()
    for column in (*charted, *query.header.units, *query.header.claims):
        if column not in query.columns:
            message = f"?{column} is not a column of this query; the columns are {', '.join(query.columns) or 'none'}"
            yield CuratedProblem(query.path, 1, "columns", message)


class _Names:
    def __init__(self, store: Store, vocabulary: Vocabulary) -> None:
        self._store, self._vocabulary = store, vocabulary
        graph = NamedNode(vocabulary.graph("ontology"))
        own = _subjects(store.quads_for_pattern(None, None, None, graph))
        self._terms = {vocabulary.shorten(iri) for iri in own if iri.startswith(vocabulary.terms)}
        self._classes = set[str]()
        for kind in _CLASSES:
            of_type = store.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(vocabulary.expand(kind)), graph)
            self._classes |= {vocabulary.shorten(iri) for iri in _subjects(of_type)}
        self._outside = {f"{prefix}:{term}" for prefix, terms in OUTSIDE_TERMS.items() for term in terms}
        self._known = {*self._terms, *self._outside}

    def unknown(self, query: Query) -> Iterator[CuratedProblem]:
        """Reports terms that no known vocabulary defines, and terms after ``a`` that are not classes."""
        for parameter in query.parameters:
            for name in parameter.classes:
                if not self._is_class(name):
                    yield self._problem(query, parameter.line, name, "class")
        before = ""
        for token in tokenize(query.text):
            if token.kind == "name" and not token.text.startswith("_:") and not _declares(token):
                line = _line(query, token)
                if before == "a" and not self._is_class(token.text):
                    yield self._problem(query, line, token.text, "class")
                elif self._is_term(token.text) and token.text not in self._known:
                    yield self._problem(query, line, token.text, "class or property")
            before = token.text

    def missing_entities(self, query: Query) -> Iterator[CuratedProblem]:
        """Reports entities that a query names and the store lacks."""
        used = [(token.text, _line(query, token)) for token in tokenize(query.text) if token.kind == "name"]
        for name, line in used:
            entity_iri = NamedNode(self._vocabulary.expand(name))
            if name.startswith("id:") and name != "id:" and not self._is_there(entity_iri):
                yield CuratedProblem(query.path, line, "entities in queries", f"{name} does not exist in the data")

    def _is_there(self, entity_iri: NamedNode) -> bool:
        return next(self._store.quads_for_pattern(entity_iri, None, None), None) is not None

    def _is_term(self, name: str) -> bool:
        prefix, _, local = name.partition(":")
        return bool(local) and (prefix == "vitk" or prefix in OUTSIDE_PREFIXES) and prefix not in ("unit", "obo")

    def _is_class(self, name: str) -> bool:
        if name.startswith("vitk:"):
            return name in self._classes
        return name in self._outside and name.partition(":")[2][:1].isupper()

    def _problem(self, query: Query, line: int, name: str, kind: str) -> CuratedProblem:
        near = difflib.get_close_matches(name, self._known, 1, 0.7)
        hint = f"; did you mean {near[0]}?" if near else ""
        message = f"{name} is not a known {kind}{hint}"
        return CuratedProblem(query.path, line, "terms in queries", message)


def _subjects(quads: Iterable[Quad]) -> set[str]:
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}


def _declares(token: Token) -> bool:
    return token.text.endswith(":")


def _line(query: Query, token: Token) -> int:
    return query.line + query.text[: token.start].count("\n") - _prologue(query)


def _prologue(query: Query) -> int:
    return sum(line.startswith("PREFIX ") for line in query.text.splitlines())
