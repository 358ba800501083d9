"""Read access to a release, for pages and API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from functools import cached_property
from types import MappingProxyType

from pyoxigraph import NamedNode, Triple, parse, serialize

from kg import amounts
from kg.catalogue.catalogue import Catalogue, Query, Value
from kg.engine.embedded.engine import Beside, EmbeddedEngine
from kg.index import food_ranking
from kg.index.backlink_counts import BacklinkCounts
from kg.index.facets import FacetIndex
from kg.index.search import Search
from kg.rdf import grouped as grouped_triples
from kg.rdf import identifier_patterns
from kg.rdf.formats import JSONLD, NTRIPLES, TRIG, TURTLE, Format
from kg.rdf.identifier_patterns import IdentifierPattern
from kg.rdf.iri import is_iri
from kg.rdf.jsonld import compact
from kg.rdf.jsonld_framing import Context, framed
from kg.rdf.terms import Row, Term
from kg.rdf.vocabulary import DCTERMS_DESCRIPTION, RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL, SKOS_HIDDEN_LABEL, Vocabulary
from kg.reader import compatibility, labels, prepared
from kg.reader.entity import Entity, Reference, Relation, by_name, grouped, iris, stated_values
from kg.reader.labels import Labels
from kg.release import graph_dump
from kg.release.release import Release


class Reader:
    """Reads one release.

    It owns engine, catalogue, labels and search, which are shared; its results never change.

    Args:
        release: the release to read.
        beside: context manager around the engine's work, see ``EmbeddedEngine``.

    Raises:
        VitkError: an incompatible version of vitk built the release.
    """

    def __init__(self, release: Release, beside: Beside = nullcontext) -> None:
        compatibility.check(release)
        self.release = release
        self.vocabulary = Vocabulary(release.base_iri)
        self.catalogue = Catalogue(self.vocabulary, release.queries, is_checked=True)
        self.search = Search(release.search_index)
        self.backlink_counts = BacklinkCounts(release.search_index)
        self.listing = FacetIndex(release.search_index, self.search)
        self._ranking = food_ranking.FoodRanking(release.search_index)
        self._engine = EmbeddedEngine.open(release.store, beside)
        self._labels = Labels(self._engine, self.catalogue)
        self._prepared: dict[str, list[Row]] = {}
        # By sets of classes that parameters name, of which there are few.
        self._names_of_members: dict[frozenset[str], tuple[tuple[str, str], ...]] = {}

    def warm(self) -> None:
        """Reads what every page needs, so that the first requests do not wait for it."""
        self._prepared = prepared.read(self.release.prepared)
        self._labels.warm(self._prepared.pop(labels.query_of_curated(self.catalogue), None))
        _ = self.replacements

    def run(self, query: str, parameters: Mapping[str, Value]) -> list[Row]:
        """Returns the rows of a catalogue query."""
        filled = self.catalogue[query].fill(parameters)
        # Whoever runs such a query keeps what follows from its rows, so they are needed once.
        rows = self._prepared.pop(filled, None)
        return self._engine.select(filled) if rows is None else rows

    def select(self, query: str) -> list[Row]:
        """Returns the rows of a trusted SELECT."""
        return self._engine.select(query)

    def page(self, query: Query, values: Mapping[str, Value], offset: int, limit: int | None) -> tuple[list[Row], int]:
        """Returns one page of the rows of a catalogue query (by default all from ``offset``) and their total number."""
        is_ranking = query.name == food_ranking.QUESTION
        ranked = self._ranking.page(values, offset, limit) if is_ranking and limit is not None else None
        if ranked is not None:
            keys, total = ranked
            return (self.run(query.name, {**values, food_ranking.KEY: keys}) if keys else []), total
        return self._engine.page(query.fill(values), offset, limit)

    def matching(self, given: Mapping[str, Term], offset: int, limit: int) -> list[Triple]:
        """Returns some of the triples that have the given terms, in the order of the store.

        Args:
            given: terms by ``subject``, ``property`` and ``value``; those left out match any term.
            offset: number of triples to skip, which takes time in proportion.
            limit: maximum number of triples.
        """
        return self._engine.triples(self.catalogue["pages/triples"].fill({"limit": limit, "offset": offset}), given)

    def ask(self, query: str) -> bool:
        """Returns the result of a trusted ASK."""
        return self._engine.ask(query)

    @cached_property
    def identifier_patterns(self) -> Mapping[str, IdentifierPattern]:
        """The outside vocabularies of the release, by prefix."""
        return identifier_patterns.read(self.release.identifier_patterns, self.vocabulary)

    @cached_property
    def context(self) -> Context:
        """The JSON-LD context."""
        return Context.of(self.vocabulary, self.run("pages/context-terms", {}))

    def data(self, iri: str, fmt: Format, query: str = "pages/entity-data") -> bytes:
        """Returns an entity, its claims and the labels of what they mention, as RDF.

        In JSON-LD, Turtle and TriG the entity comes first.

        Args:
            iri: the entity.
            fmt: the graph format.
            query: name of the CONSTRUCT in the catalogue that describes it; its parameter is ``entity``.
        """
        filled = self.catalogue[query].fill({"entity": iri})
        if fmt.name in (TURTLE.name, TRIG.name):
            triples = grouped_triples.by_subject(self.triples(filled), iri)
            prefixes = grouped_triples.used(self.vocabulary.prefixes, triples)
            return serialize(triples, format=fmt.rdf, prefixes=prefixes) or b""
        if fmt.name != JSONLD.name:
            return self._engine.construct(filled, fmt, self.vocabulary.prefixes)
        return self.written(self.triples(filled), fmt, iri)

    def triples(self, query: str) -> list[Triple]:
        """Returns the triples of a trusted CONSTRUCT."""
        return [quad.triple for quad in parse(self._engine.construct(query, NTRIPLES, {}), format=NTRIPLES.rdf)]

    def written(
        self, triples: list[Triple], fmt: Format, root: str, further: Mapping[str, str] = MappingProxyType({})
    ) -> bytes:
        """Serialises triples; in JSON-LD the entity with the IRI ``root`` comes first.

        Args:
            triples: the graph.
            fmt: the graph format.
            root: the entity.
            further: prefixes beside those of the vocabulary.
        """
        prefixes = {**self.vocabulary.prefixes, **further}
        if fmt.name == JSONLD.name:
            return framed(compact(triples, prefixes), root, self.context)
        body = serialize(triples, format=fmt.rdf, prefixes=prefixes)
        assert body is not None
        return body

    def references(self, rows: list[Row], *columns: str, extra: Iterable[str] = ()) -> dict[str, Reference]:
        """Returns references with labels for the IRIs in some columns and in ``extra``, looked up in one batch."""
        terms = (row[column] for row in rows for column in columns if column in row)
        iris = {term.value for term in terms if isinstance(term, NamedNode)}
        return {iri: Reference(iri, label) for iri, label in self._labels.of(iris.union(extra)).items()}

    @staticmethod
    def grouped(rows: list[Row], column: str) -> dict[str, list[Row]]:
        """Groups rows by the value of a column, in the order of first occurrence."""
        return grouped(rows, column)

    def exists(self, iri: str) -> bool:
        """Returns whether the graph has triples about the IRI; false for text that is not an IRI."""
        return is_iri(iri) and bool(self.run("pages/exists", {"entity": iri}))

    @cached_property
    def replacements(self) -> Mapping[str, str]:
        """The replacement of each deprecated entity or term, by IRI; read once, because a release never changes."""
        rows = self.run("pages/replacements", {})
        return {row["entity"].value: row["replacement"].value for row in reversed(rows)}

    def values(self, entity_iri: str, predicate: str) -> list[Term]:
        """Returns the values of an entity's property; empty if either is not an IRI."""
        if not is_iri(entity_iri) or not is_iri(predicate):
            return []
        return [row["value"] for row in self.run("pages/values-of", {"entity": entity_iri, "property": predicate})]

    def ontology(self, fmt: Format) -> bytes:
        """Returns the graph of the ontology, serialised; in Turtle it is the dump, byte for byte."""
        graph = self.vocabulary.graph("ontology")
        query = self.catalogue["pages/graph"].fill({"graph": graph})
        turtle = graph_dump.turtle(self.release, graph) or self.graph(query, TURTLE)
        if fmt.name == TURTLE.name:
            return turtle
        triples = [quad.triple for quad in parse(turtle, format=TURTLE.rdf)]
        return self.written(triples, fmt, self.vocabulary.base + "ontology")

    @cached_property
    def ontology_version(self) -> str:
        """The version of the ontology, the end of its version IRI; "" if it states none."""
        rows = self.run("pages/ontology-version", {})
        return rows[0]["version"].value.rpartition("/")[2] if rows else ""

    def dataset(self, fmt: Format) -> bytes:
        """Returns the triples of all graphs together, serialised."""
        return self._engine.construct(self.catalogue["pages/dataset"].fill({}), fmt, self.vocabulary.prefixes)

    @cached_property
    def quantities_of_vitamin_k(self) -> frozenset[str]:
        """The IRIs of vitamin K, its forms, and sums of these: whatever tables give as vitamin K."""
        return self.forms_of_vitamin_k | {row["sum"].value for row in self.run("sums-of-forms", {})}

    @cached_property
    def forms_of_vitamin_k(self) -> frozenset[str]:
        """The IRIs of vitamin K and its forms."""
        vitamin = self.vocabulary.entity_iri("vitamin-k")
        rows = self.run("forms-of-a-vitamin", {"vitamin": vitamin})
        return frozenset({vitamin, *(row["form"].value for row in rows)})

    def claim_types(self) -> set[str]:
        """Returns the IRIs of the classes of claims."""
        return {row["kind"].value for row in self.run("pages/claim-kinds", {})}

    @cached_property
    def table_of_graph(self) -> Mapping[str, str]:
        """The food table of each graph that contains the rows of one, by IRI."""
        return {row["graph"].value: row["table"].value for row in self.run("pages/tables-by-graph", {})}

    def names_of_members(self, classes: frozenset[str]) -> tuple[tuple[str, str], ...]:
        """Returns names with the IRIs of the members of some classes; for classes with few members only."""
        if classes not in self._names_of_members:
            rows = self.run("pages/names-of-members", {"classes": sorted(classes)}) if classes else []
            self._names_of_members[classes] = tuple((row["name"].value, row["entity"].value) for row in rows)
        return self._names_of_members[classes]

    def is_indexed(self, class_iri: str) -> bool:
        """Returns whether the search index contains members of a class."""
        return self.search.of_types(self.types_below(class_iri), 0, 0)[0] > 0

    def types_below(self, kind: str) -> set[str]:
        """Returns the IRIs of a class and its subclasses."""
        below: defaultdict[str, set[str]] = defaultdict(set)
        for row in self.run("pages/class-tree", {}):
            if "above" in row:
                below[row["above"].value].add(row["class"].value)
        found, todo = {kind}, [kind]
        while todo:
            todo += (new := below[todo.pop()] - found)
            found |= new
        return found

    def graph(self, query: str, fmt: Format) -> bytes:
        """Returns the graph of a trusted CONSTRUCT, serialised."""
        return self._engine.construct(query, fmt, self.vocabulary.prefixes)

    def entity(self, iri: str, name: str, excluded: Iterable[str] = ()) -> Entity | None:
        """Returns the entity or ontology term with this IRI, or ``None``.

        Args:
            iri: the entity.
            name: its name in page addresses.
            excluded: local names of properties to leave out because the caller shows their values otherwise; some
                entities have many.
        """
        statements = self.run("pages/entity-statements", {"entity": iri}) if is_iri(iri) else []
        if not statements:
            return None
        apart = {self.vocabulary.term(predicate) for predicate in excluded}
        statements = [row for row in statements if row["property"].value not in apart]
        labels = self._labels.of(iris(statements, but=("graph",)))
        reference = {named: Reference(named, label) for named, label in labels.items()}
        by_property = grouped(statements, "property")
        inferred, computed = self.vocabulary.graph("inferred"), self.vocabulary.graph("assessments")

        def texts(predicate: str) -> tuple[str, ...]:
            return tuple(sorted(row["value"].value for row in by_property.get(predicate, [])))

        def types(are_wanted: Callable[[Row], bool]) -> tuple[Reference, ...]:
            rows = by_property.get(RDF_TYPE, [])
            return tuple(sorted((reference[row["value"].value] for row in rows if are_wanted(row)), key=by_name))

        abbreviation = self.vocabulary.term("abbreviation")
        shown_separately = {RDFS_LABEL, DCTERMS_DESCRIPTION, SKOS_ALT_LABEL, SKOS_HIDDEN_LABEL, abbreviation, RDF_TYPE}
        return Entity(
            iri=iri,
            name=name,
            label="; ".join(texts(RDFS_LABEL)) or self._labels.of([iri])[iri],
            # The computed types of claims are deprecated; records of an assessment have no other.
            types=types(lambda row: row["graph"].value not in (inferred, computed))
            or types(lambda row: row["graph"].value == computed),
            inferred_types=types(lambda row: row["graph"].value == inferred),
            description=" ".join(texts(DCTERMS_DESCRIPTION)),
            abbreviations=texts(abbreviation),
            synonyms=texts(SKOS_ALT_LABEL),
            amount=self._amount(statements),
            relations=tuple(
                Relation(predicate, stated_values(by_property[predicate.iri], reference, inferred))
                for predicate in sorted((reference[iri] for iri in by_property.keys() - shown_separately), key=by_name)
            ),
        )

    def _amount(self, statements: list[Row]) -> str:
        start = self.vocabulary.terms
        return amounts.phrase({row["property"].value.removeprefix(start): row["value"].value for row in statements})
