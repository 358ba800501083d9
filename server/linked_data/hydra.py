"""Collections and their pages in Hydra: what a list has, how many there are, and where the next ones are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.rdf.vocabulary import DCTERMS_TITLE, OUTSIDE_PREFIXES, RDF_TYPE

HYDRA = "http://www.w3.org/ns/hydra/core#"
# Beside the prefixes of the vocabulary.
PREFIXES = {"hydra": HYDRA, "schema": "https://schema.org/", "sh": "http://www.w3.org/ns/shacl#"}
# Link relations of pages (RFC 8288) with the properties of Hydra.
RELATIONS = {"first": "first", "prev": "previous", "next": "next", "last": "last"}
_INTEGER = NamedNode(OUTSIDE_PREFIXES["xsd"] + "integer")
_DATE_TIME = NamedNode(OUTSIDE_PREFIXES["xsd"] + "dateTime")
_IS_PART_OF = OUTSIDE_PREFIXES["dcterms"] + "isPartOf"


@dataclass(frozen=True)
class CollectionPage:
    """A page of a collection; all URLs are absolute.

    Attributes:
        collection: URL of the collection.
        page: URL of the page.
        total: number of members on all pages.
        around: URLs of other pages by link relation, see ``RELATIONS``.
        title: of the collection.
    """

    collection: str
    page: str
    total: int
    around: Mapping[str, str]
    title: str = ""


def described(page: CollectionPage, members: Iterable[str], dataset: str) -> list[Triple]:
    """Returns the collection with the members of a page.

    Args:
        page: the page.
        members: IRIs of what it lists.
        dataset: IRI of the dataset that the members are from, which states licences; or "".
    """
    whole = page.collection
    named = [literal(whole, DCTERMS_TITLE, page.title, "en")] if page.title else []
    return [
        link(whole, RDF_TYPE, HYDRA + "Collection"),
        *named,
        *([link(whole, _IS_PART_OF, dataset)] if dataset else []),
        number(whole, HYDRA + "totalItems", page.total),
        *(link(whole, HYDRA + "member", member) for member in members),
        link(whole, HYDRA + "view", page.page),
        *pages(page),
    ]


def pages(page: CollectionPage) -> list[Triple]:
    """Returns the page itself with its links to others."""
    others = [(RELATIONS[name], target) for name, target in page.around.items() if name in RELATIONS]
    return [
        link(page.page, RDF_TYPE, HYDRA + "PartialCollectionView"),
        *(link(page.page, HYDRA + name, target) for name, target in others),
    ]


def link(subject: str | BlankNode, predicate: str, target: str | BlankNode) -> Triple:
    """Returns a triple whose object is a resource."""
    return Triple(_node(subject), NamedNode(predicate), _node(target))


def literal(subject: str | BlankNode, predicate: str, text: str, language: str = "") -> Triple:
    """Returns a triple whose object is a text."""
    value = Literal(text, language=language) if language else Literal(text)
    return Triple(_node(subject), NamedNode(predicate), value)


def number(subject: str | BlankNode, predicate: str, value: int) -> Triple:
    """Returns a triple whose object is a whole number."""
    return Triple(_node(subject), NamedNode(predicate), Literal(str(value), datatype=_INTEGER))


def dated(subject: str | BlankNode, predicate: str, time: str) -> Triple:
    """Returns a triple whose object is a time, given in ISO 8601."""
    return Triple(_node(subject), NamedNode(predicate), Literal(time, datatype=_DATE_TIME))


def _node(name: str | BlankNode) -> NamedNode | BlankNode:
    return name if isinstance(name, BlankNode) else NamedNode(name)
