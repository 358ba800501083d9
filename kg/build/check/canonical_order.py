"""The canonical order of a curated file: type and names of an entity first, then its properties in ontology order.

Blocks and comments stay where their curator put them.

A block is written as in CONTRIBUTING.md: the subject in the first column, one property per line, indented by four.
"""

from __future__ import annotations

import re
from functools import cache

from kg.build.read.turtle import ONTOLOGY_FOLDER

_FIRST = (
    *("rdfs:label", "vitk:abbreviation", "skos:altLabel", "dcterms:title", "dcterms:description", "dcterms:identifier"),
    *("dcterms:source", "dcterms:isPartOf", "dcterms:bibliographicCitation", "bibo:doi", "bibo:pmid"),
)
_BLOCK = re.compile(r"^[a-z]+:\S+ a .*?(?: \.|\.)$\n?", re.MULTILINE | re.DOTALL)
_PROPERTY = re.compile(r"^    (?=[a-z]+:\S)", re.MULTILINE)


def canonical(text: str) -> str:
    """Returns the text of a curated file in canonical order; idempotent."""
    return _BLOCK.sub(lambda match: _block(match.group()), text)


def _block(block: str) -> str:
    head, *properties = _PROPERTY.split(block.rstrip("\n"))
    if not properties:
        return block
    bare = [part.rstrip().removesuffix(";").removesuffix(".").rstrip() for part in (head, *properties)]
    ordered = sorted(bare[1:], key=lambda part: _place(part.split(None, 1)[0]))
    return " ;\n    ".join([bare[0], *ordered]) + " .\n"


def _place(predicate: str) -> tuple[int, int, str]:
    if predicate in _FIRST:
        return 0, _FIRST.index(predicate), predicate
    order = _order_in_ontology()
    return 1, order.get(predicate, len(order)), predicate


@cache
def _order_in_ontology() -> dict[str, int]:
    text = (ONTOLOGY_FOLDER / "vitk.ttl").read_text("utf-8")
    names = re.findall(r"^(vitk:\w+) a owl:(?:Object|Datatype|Annotation)Property", text, re.MULTILINE)
    return {name: place for place, name in enumerate(names)}
