"""The rows of a query for the statements about an entity, as the values of the read model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from pyoxigraph import NamedNode

from kg.rdf.natural_order import natural_key
from kg.rdf.terms import Row, Term
from kg.reader.entity import LiteralValue, Reference, StatedValue


def iris(rows: list[Row], but: tuple[str, ...]) -> set[str]:
    """Returns the IRIs in all columns but some."""
    return {
        term.value for row in rows for column, term in row.items() if isinstance(term, NamedNode) and column not in but
    }


def grouped(rows: list[Row], column: str) -> dict[str, list[Row]]:
    """Groups rows by the value of a column, in the order of first occurrence."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column].value].append(row)
    return dict(groups)


def _value(term: Term, reference: Mapping[str, Reference]) -> Reference | LiteralValue:
    if isinstance(term, NamedNode):
        return reference[term.value]
    return LiteralValue(term.value, term.language or term.datatype.value.rpartition("#")[2])


def stated_values(rows: list[Row], reference: Mapping[str, Reference], inferred: str) -> tuple[StatedValue, ...]:
    """Returns the values of a property, stated ones before those in the graph ``inferred``."""
    values = [
        StatedValue(
            _value(row["value"], reference),
            row["graph"].value == inferred,
            row["meaning"].value if "meaning" in row else "",
        )
        for row in rows
    ]
    return tuple(sorted(values, key=lambda stated: (stated.inferred, natural_key(stated.words))))


def by_name(named: Reference) -> tuple[object, str]:
    """The key that sorts references by label, as people count."""
    return natural_key(named.label), named.iri
