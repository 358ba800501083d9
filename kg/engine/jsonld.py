"""Graphs as compact JSON-LD: short names by our prefixes, one object for each subject."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE

_STRING = OUTSIDE_PREFIXES["xsd"] + "string"


def compact(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """A document with a context of just the prefixes that it uses.

    Raises:
        ValueError: a triple has a triple in it, which JSON-LD 1.1 can't say.
    """
    names = _Names(prefixes)
    nodes: dict[str, dict[str, Any]] = {}
    for triple in triples:
        subject = names.of(triple.subject)
        node = nodes.setdefault(subject, {"@id": subject})
        if triple.predicate.value == RDF_TYPE and isinstance(triple.object, NamedNode | BlankNode):
            node.setdefault("@type", []).append(names.of(triple.object))
        else:
            node.setdefault(names.of(triple.predicate), []).append(_value(triple.object, names))
    graph = [
        {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in node.items()}
        for node in nodes.values()
    ]
    context = {prefix: prefixes[prefix] for prefix in sorted(names.used)}
    return json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False).encode()


class _Names:
    """Short names of IRIs; remembers which prefixes were used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # The longest first: one namespace may lie within another.
        self._starts = sorted(((start, prefix) for prefix, start in prefixes.items()), key=lambda pair: -len(pair[0]))
        self._prefixes = prefixes
        self.used: set[str] = set()

    def of(self, term: object) -> str:
        if isinstance(term, BlankNode):
            return f"_:{term.value}"
        if not isinstance(term, NamedNode):
            raise ValueError("JSON-LD can't say that a statement is the subject or object of another one")  # noqa: TRY004
        iri = term.value
        if iri.partition(":")[0] in self._prefixes:
            raise ValueError(f"{iri} would be taken for a short name")
        for start, prefix in self._starts:
            if iri.startswith(start) and not iri[len(start) :].startswith("//"):
                self.used.add(prefix)
                return f"{prefix}:{iri[len(start) :]}"
        return iri


def _value(term: object, names: _Names) -> Any:
    if not isinstance(term, Literal):
        return {"@id": names.of(term)}
    if term.language:
        return {"@language": term.language, "@value": term.value}
    if term.datatype.value == _STRING:
        return term.value
    # As text, not as a JSON number: 1.0 and 1.00 stay what they are.
    return {"@type": names.of(term.datatype), "@value": term.value}
