"""Counts the amounts of vitamin K in food tables by table, form and origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from pyoxigraph import Store

from kg.catalogue.catalogue import Catalogue
from kg.engine.embedded.engine import EmbeddedEngine
from kg.release.manifest import Count

# IRIs of table, form and origin, and the number of amounts.
OriginCount = tuple[str, str, str, int]


def count(store: Store, catalogue: Catalogue) -> list[OriginCount]:
    """Counts the amounts in a store that says which forms of vitamin K there are."""
    rows = EmbeddedEngine(store).select(catalogue["pages/counts-by-origin"].fill({}))
    return [
        (row["table"].value, row["form"].value, row["origin"].value, int(row["count"].value)) for row in rows
    ]  # fmt: skip


def in_words(counted: Iterable[OriginCount], labels: Mapping[str, str]) -> list[Count]:
    """The counts with labels, by table and form, the largest first; what has no label is left out."""
    total: Counter[tuple[str, str, str]] = Counter()
    for table, form, origin, number in counted:
        total[table, form, origin] += number
    named = [
        (labels[table], labels[form], -number, labels[origin], origin)
        for (table, form, origin), number in total.items()
        if labels.keys() >= {table, form, origin}
    ]
    return [Count(origin, f"{table}, {form}, {name}", -number) for table, form, number, name, origin in sorted(named)]
