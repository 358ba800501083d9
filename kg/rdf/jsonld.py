"""Writes graphs as compact JSON-LD 1.1: IRIs as CURIEs, one node object for each subject."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.rdf.output_buffer import NotSerialisableError, Writable
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE

# Triples in memory as objects at a time.
AT_ONCE = 20_000
_STRING = OUTSIDE_PREFIXES["xsd"] + "string"


class _PrefixConflictError(Exception):
    """An IRI would be read as a CURIE with this prefix (JSON-LD 1.1 API, section 5.2)."""

    def __init__(self, prefix: str, iri: str) -> None:
        super().__init__(prefix)
        self.prefix, self.iri = prefix, iri


def compact(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """Serialises a graph with a context of only the prefixes that it uses.

    Args:
        triples: the graph; read completely.
        prefixes: prefixes that may be used, with their namespaces.

    Returns:
        The document in UTF-8.

    Raises:
        NotSerialisableError: a triple contains a triple term, which JSON-LD 1.1 cannot represent.
    """
    triples = list(triples)
    names = _CurieCompactor(prefixes)
    try:
        graph = _graph(triples, names)
    except _PrefixConflictError as conflict:
        return compact(triples, {prefix: start for prefix, start in prefixes.items() if prefix != conflict.prefix})
    context = {prefix: prefixes[prefix] for prefix in sorted(names.used)}
    return _json({"@context": context, "@graph": graph})


def write(triples: Iterable[Triple], output: Writable, prefixes: Mapping[str, str]) -> None:
    """Writes the same document in parts, to bound memory.

    If the graph has ``AT_ONCE`` triples or more, the context contains all prefixes, and a subject has one node object
    in each part that describes it.

    Raises:
        NotSerialisableError: as for ``compact``; or, with all prefixes in the context, an IRI would be read as a CURIE.
    """
    rest = iter(triples)
    part = list(islice(rest, AT_ONCE))
    if len(part) < AT_ONCE:
        output.write(compact(part, prefixes))
        return
    names, start = (
        _CurieCompactor(prefixes),
        b'{"@context": ' + _json(dict(sorted(prefixes.items()))) + b', "@graph": [',
    )
    while part:
        try:
            nodes = _graph(part, names)
        except _PrefixConflictError as conflict:
            message = f"JSON-LD would read <{conflict.iri[:200]}> as a CURIE; request Turtle instead (format=ttl)"
            raise NotSerialisableError(message) from None
        for node in nodes:
            output.write(start + _json(node))
            start = b", "
        part = list(islice(rest, AT_ONCE))
    output.write(b"]}")


def _graph(triples: Iterable[Triple], names: _CurieCompactor) -> list[dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = {}
    for triple in triples:
        subject = names.of(triple.subject)
        node = nodes.setdefault(subject, {"@id": subject})
        if triple.predicate.value == RDF_TYPE and isinstance(triple.object, NamedNode | BlankNode):
            node.setdefault("@type", []).append(names.of(triple.object))
        else:
            node.setdefault(names.of(triple.predicate), []).append(_value(triple.object, names))
    return [
        {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in node.items()}
        for node in nodes.values()
    ]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


class _CurieCompactor:
    """Shortens IRIs to CURIEs and records which prefixes were used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # The longest first: one namespace may be a prefix of another.
        self._starts = sorted(((start, prefix) for prefix, start in prefixes.items()), key=lambda pair: -len(pair[0]))
        self._prefixes = prefixes
        self.used: set[str] = set()

    def of(self, term: object) -> str:
        if isinstance(term, BlankNode):
            return f"_:{term.value}"
        if not isinstance(term, NamedNode):
            raise NotSerialisableError(
                "JSON-LD cannot represent a triple as the object of another one; request Turtle instead (format=ttl)"
            )
        iri = term.value
        scheme = iri.partition(":")[0]
        if scheme in self._prefixes:
            raise _PrefixConflictError(scheme, iri)
        for start, prefix in self._starts:
            if iri.startswith(start) and not iri[len(start) :].startswith("//"):
                self.used.add(prefix)
                return f"{prefix}:{iri[len(start) :]}"
        return iri


def _value(term: object, names: _CurieCompactor) -> Any:
    if not isinstance(term, Literal):
        return {"@id": names.of(term)}
    if term.language:
        direction = {"@direction": str(term.direction)} if term.direction else {}
        return {"@language": term.language, **direction, "@value": term.value}
    if term.datatype.value == _STRING:
        return term.value
    # As a string, not as a JSON number, so that 1.0 and 1.00 stay distinct.
    return {"@type": names.of(term.datatype), "@value": term.value}
