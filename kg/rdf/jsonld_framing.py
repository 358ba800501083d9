"""Frames the JSON-LD of one entity: the entity first, its properties by short names, other nodes in ``@included``.

A document contains the part of the context that it uses, so that it can be read without a network and by clients that
fetch no contexts; ``/context.jsonld`` is the complete context. PyLD is not used: ``from_rdf`` and ``frame`` take about
ten times as long, and ``frame`` drops the nodes that belong in ``@included``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg.rdf.terms import Row
from kg.rdf.vocabulary import Vocabulary

# External namespaces whose properties are shortened to their local names; the first to claim a name keeps it.
_SHORT = ("rdfs", "dcterms", "skos", "owl", "bibo", "prov", "cito")
_IN_ENGLISH = frozenset(
    [
        "abstract",
        "altLabel",
        "bibliographicCitation",
        "comment",
        "definition",
        "description",
        "editorialNote",
        "example",
        "label",
        "prefLabel",
        "scopeNote",
        "title",
    ]
)
_LINKS = frozenset(
    [
        "broadMatch",
        "broader",
        "closeMatch",
        "domain",
        "exactMatch",
        "inScheme",
        "isDefinedBy",
        "isPartOf",
        "isReplacedBy",
        "license",
        "narrowMatch",
        "range",
        "relatedMatch",
        "seeAlso",
        "source",
        "status",
        "subClassOf",
        "subPropertyOf",
        "topConceptOf",
    ]
)

Node = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """A JSON-LD context: ``terms`` are the term definitions, ``names`` the term of each property's CURIE."""

    prefixes: Mapping[str, str]
    terms: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]

    @classmethod
    def of(cls, vocabulary: Vocabulary, rows: Iterable[Row]) -> Context:
        """Builds the context for the properties of an ontology.

        Args:
            vocabulary: supplies the prefixes.
            rows: rows of the query ``pages/context-terms``, with ``property``, ``kind`` and optionally ``range``.
        """
        prefixes = {prefix: vocabulary.prefixes[prefix] for prefix in sorted(vocabulary.prefixes)}
        order = ("vitk", *_SHORT)
        definitions: dict[str, dict[str, str]] = {}
        for row in rows:
            curie = vocabulary.shorten(row["property"].value)
            if curie.partition(":")[0] in order:
                coercion = _coercion(curie, row["kind"].value, row["range"].value if "range" in row else "", vocabulary)
                definitions.setdefault(curie, {"@id": curie} | coercion)
        for curie in ("rdfs:label", "dcterms:description", "rdfs:isDefinedBy", "rdfs:subClassOf"):
            definitions.setdefault(curie, {"@id": curie} | _coercion(curie, "", "", vocabulary))
        terms: dict[str, Mapping[str, str]] = {}
        for curie in sorted(definitions, key=lambda curie: (order.index(curie.partition(":")[0]), curie)):
            short = curie.partition(":")[2]
            # A prefix and a property cannot share a term.
            if short not in prefixes:
                terms.setdefault(short, definitions[curie])
        return cls(prefixes, terms, {definition["@id"]: short for short, definition in terms.items()})

    def document(self) -> dict[str, Any]:
        """Returns the complete context as a document."""
        return {"@context": {"@version": 1.1, **self.prefixes, **self.terms}}

    def used_by(self, document: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
        """Returns the part of the context that a document needs for its prefixes and for these terms."""
        terms = {name: self.terms[name] for name in sorted(names)}
        curies = (value for definition in terms.values() for value in definition.values() if ":" in value)
        needed = {*document, *(curie.partition(":")[0] for curie in curies)}
        prefixes = {**self.prefixes, **document}
        return {
            "@version": 1.1,
            **{prefix: prefixes[prefix] for prefix in sorted(prefixes) if prefix in needed},
            **terms,
        }


def framed(document: bytes, root: str, context: Context) -> bytes:
    """Frames a flat document.

    Args:
        document: a document written by ``kg.rdf.jsonld``.
        root: IRI of the entity that comes first.
        context: the context to shorten names with.

    Returns:
        The framed document in UTF-8. Without a node for ``root`` it has ``@graph`` only.
    """
    flat = json.loads(document)
    nodes: dict[str, Node] = {node["@id"]: node for node in flat["@graph"]}
    frame = _Frame(nodes, context)
    first = next((node_id for node_id in nodes if _expanded(node_id, flat["@context"]) == root), None)
    others = [
        frame.node(node) for node_id, node in nodes.items() if node_id != first and not frame.is_only_named(node_id)
    ]
    body = (frame.node(nodes[first]) | {"@included": others}) if first else {"@graph": others}
    if first and not others:
        del body["@included"]
    result = {"@context": context.used_by(flat["@context"], frame.used), **body}
    return json.dumps(result, ensure_ascii=False, indent=1).encode()


class _Frame:
    """Turns flat nodes into framed ones and records which terms were used."""

    def __init__(self, nodes: Mapping[str, Node], context: Context) -> None:
        self._context = context
        named = {node_id: node["rdfs:label"] for node_id, node in nodes.items() if set(node) == {"@id", "rdfs:label"}}
        values = {value["@id"] for node in nodes.values() for value in _objects(node)}
        # A node that no other node refers to cannot be embedded, so it stays a node of its own.
        self._labels = {node_id: label for node_id, label in named.items() if node_id in values}
        self.used: set[str] = set()

    def is_only_named(self, node_id: str) -> bool:
        """Returns whether the node is only a label of another node's value, and so is embedded there."""
        return node_id in self._labels

    def node(self, node: Node) -> Node:
        """Returns the node with terms as keys and with its values coerced by the context."""
        framed_node: Node = {}
        for key, value in node.items():
            if key.startswith("@"):
                framed_node[key] = value
                continue
            short, definition = self._short(key)
            values = [self._value(each, definition) for each in _listed(value)]
            framed_node[short] = values[0] if len(values) == 1 else values
        return framed_node

    def _short(self, curie: str) -> tuple[str, Mapping[str, str]]:
        short = self._context.names.get(curie)
        if short is None:
            return curie, {}
        self.used.add(short)
        return short, self._context.terms[short]

    def _value(self, value: Any, definition: Mapping[str, str]) -> Any:
        if isinstance(value, str):
            return {"@value": value} if len(definition) > 1 else value
        if "@id" in value:
            if value["@id"] in self._labels:
                return value | self.node({"rdfs:label": self._labels[value["@id"]]})
            return value["@id"] if definition.get("@type") == "@id" else value
        if "@language" in value:
            return value["@value"] if definition.get("@language") == value["@language"] else value
        return _typed(value, definition)


def _typed(value: Node, definition: Mapping[str, str]) -> Any:
    text, datatype = value["@value"], value["@type"]
    coerced = definition.get("@type") == datatype
    if datatype == "xsd:integer" and (coerced or "@type" not in definition) and _is_plain_integer(text):
        return int(text)
    return text if coerced else value


def _is_plain_integer(text: str) -> bool:
    # Readers that parse numbers as floats would change integers of more than 53 bits.
    return len(text) < 16 and text.removeprefix("-").isdecimal() and str(int(text)) == text


def _coercion(curie: str, kind: str, range_iri: str, vocabulary: Vocabulary) -> dict[str, str]:
    prefix, _, short = curie.partition(":")
    if kind.endswith("#ObjectProperty") or (prefix != "vitk" and short in _LINKS):
        return {"@type": "@id"}
    if range_iri.startswith(vocabulary.prefixes["xsd"]) and not range_iri.endswith("#string"):
        return {"@type": vocabulary.shorten(range_iri)}
    if range_iri.endswith("#langString") or (prefix != "vitk" and short in _IN_ENGLISH):
        return {"@language": "en"}
    return {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _objects(node: Node) -> Iterable[Node]:
    for key, value in node.items():
        if not key.startswith("@"):
            yield from (each for each in _listed(value) if isinstance(each, dict) and "@id" in each)


def _expanded(node_id: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, local = node_id.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else node_id
