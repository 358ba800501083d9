"""The store of a release as a store of rdflib: nothing is loaded, every pattern is looked up on disk."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from itertools import groupby
from typing import Any

import pyoxigraph as ox
from rdflib import Graph, URIRef, Variable
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.store import Store

from kg.api.terms import EngineTerm, to_engine, to_rdflib

_UNION = "__UNION__"
_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


class ReleaseStore(Store):
    """A read-only store over that of the engine.

    SPARQL runs in the engine, unless it has ``initBindings``: those are left to rdflib, which is slower. All graphs of
    a release are named; its default graph is their union.

    Args:
        store: of the release.
        prefixes: bound from the start.
    """

    context_aware = True
    graph_aware = True

    def __init__(self, store: ox.Store, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        self._store = store
        self._namespaces = {prefix: URIRef(start) for prefix, start in prefixes.items()}

    def triples(self, triple_pattern: Any, context: Graph | None = None) -> Iterator[Any]:
        """Yields each triple of a pattern once, with the graphs that contain it."""
        try:
            subject, predicate, obj = (None if term is None else to_engine(term) for term in triple_pattern)
            graph = None if context is None else to_engine(context.identifier)
        except ValueError:
            # What is not an IRI, for example because of a space, is in no graph.
            return
        quads = self._store.quads_for_pattern(subject, predicate, obj, graph)  # type: ignore[arg-type]
        # Each index of the engine ends with the graph, so quads of one triple follow each other.
        for triple, found in groupby(quads, lambda quad: quad.triple):
            graphs = [self._graph(quad.graph_name) for quad in found]
            yield tuple(to_rdflib(term) for term in triple), iter(graphs)

    def _graph(self, name: Any) -> Graph:
        return Graph(store=self, identifier=URIRef(name.value))

    def contexts(self, triple: Any = None) -> Generator[Graph, None, None]:
        """Yields the named graphs, or those that contain a triple."""
        if triple is None or triple == (None, None, None):
            yield from (self._graph(name) for name in self._store.named_graphs())
        else:
            for _, graphs in self.triples(triple):
                yield from graphs

    def __len__(self, context: Graph | None = None) -> int:
        """The number of triples of one graph, or of all together: one that several graphs contain counts once."""
        graphs = {} if context is None else {"default_graph": [ox.NamedNode(str(context.identifier))]}
        found = self._store.query(_COUNT, use_default_graph_as_union=context is None, **graphs)  # type: ignore[arg-type]
        assert isinstance(found, ox.QuerySolutions)
        return int(next(found)["n"].value)

    def query(
        self,
        query: Query | str,
        initNs: Mapping[str, Any],  # noqa: N803 - as rdflib names it
        initBindings: Mapping[str, Any],  # noqa: N803
        queryGraph: str,  # noqa: N803
        **kwargs: Any,
    ) -> Result:
        """Runs a query in the engine.

        Raises:
            NotImplementedError: so that rdflib runs it: it was prepared by rdflib, or has bindings.
            SyntaxError: it is not SPARQL.
        """
        if not isinstance(query, str) or initBindings:
            raise NotImplementedError
        is_union = queryGraph == _UNION
        found = self._store.query(
            query,
            base_iri=kwargs.get("base"),
            prefixes={prefix: str(start) for prefix, start in initNs.items()},
            use_default_graph_as_union=is_union,
            default_graph=None if is_union else [ox.NamedNode(str(queryGraph))],
        )
        return _result(found)

    def bind(self, prefix: str, namespace: URIRef, override: bool = True) -> None:
        """Binds a prefix for this session."""
        if override or prefix not in self._namespaces:
            self._namespaces[prefix] = namespace

    def prefix(self, namespace: URIRef) -> str | None:
        """The prefix of a namespace."""
        return next((prefix for prefix, start in self._namespaces.items() if start == namespace), None)

    def namespace(self, prefix: str) -> URIRef | None:
        """The namespace of a prefix."""
        return self._namespaces.get(prefix)

    def namespaces(self) -> Iterator[tuple[str, URIRef]]:
        """All prefixes with their namespaces."""
        yield from self._namespaces.items()

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:  # noqa: ARG002 - of rdflib
        """Refuses: a release never changes."""
        raise _read_only()

    def remove(self, triple: Any, context: Any = None) -> None:  # noqa: ARG002
        """Refuses: a release never changes."""
        raise _read_only()

    def add_graph(self, graph: Graph) -> None:
        """Accepts a graph without a trace: rdflib names its default graph so."""

    def remove_graph(self, graph: Graph) -> None:  # noqa: ARG002
        """Refuses: a release never changes."""
        raise _read_only()


def _read_only() -> TypeError:
    return TypeError("A release never changes. Copy what you need into a Graph() of your own.")


def _result(found: Any) -> Result:
    if isinstance(found, ox.QueryBoolean):
        result = Result("ASK")
        result.askAnswer = bool(found)
        return result
    if isinstance(found, ox.QueryTriples):
        result = Result("CONSTRUCT")
        result.graph = Graph()
        for triple in found:
            result.graph.add(tuple(to_rdflib(term) for term in triple))  # type: ignore[arg-type]
        return result
    result = Result("SELECT")
    result.vars = [Variable(variable.value) for variable in found.variables]
    result.bindings = [_bound(result.vars, solution) for solution in found]
    return result


def _bound(names: list[Variable], solution: Any) -> dict[Variable, Any]:
    terms: Iterator[EngineTerm | None] = iter(solution)
    return {name: to_rdflib(term) for name, term in zip(names, terms, strict=True) if term is not None}
