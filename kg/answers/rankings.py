"""Which foods of a group have most of a form of vitamin K: the foods that the graph describes, not all of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from kg.answers.cards import RankedFood, RankingCard
from kg.foods import vitamin_forms
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_SHOWN = 8


class GroupRankings:
    """The independent amounts in all foods that the graph describes, read once: a release never changes."""

    def __init__(self, reader: Reader) -> None:
        rows = reader.run("pages/amounts-of-described-foods", {})
        refer = reader.references(rows, "food", "form", "source", "measurement")
        self._amounts = [
            (
                low := Decimal(row["low"].value),
                RankedFood(
                    food=refer[row["food"].value],
                    form=refer[row["form"].value],
                    micrograms=vitamin_forms.range_words(low, Decimal(row["high"].value) if "high" in row else low),
                    measurement=refer[row["measurement"].value],
                    source=refer[row["source"].value],
                ),
            )
            for row in rows
        ]
        self._groups: defaultdict[str, set[str]] = defaultdict(set)
        for row in reader.run("pages/groups-of-described-foods", {}):
            self._groups[row["above"].value].add(row["food"].value)

    def card(
        self, group: Reference, form: Reference, forms: Collection[str], *, is_highest: bool, without: Reference | None
    ) -> RankingCard | None:
        """Returns the foods of a group with most or least of a form, each by its largest amount of one form.

        Ranges are ranked by their lower ends, and forms are not added up.

        Args:
            group: the food group; one without foods of its own stands for all foods, and so does one with ``without``.
            form: the form.
            forms: IRIs of the form, of its subforms and of sums of them.
            is_highest: whether the foods with most come first.
            without: a group of which no food is listed.
        """
        among = None if without else self._groups.get(group.iri)
        left_out = self._groups.get(without.iri, set()) if without else set()
        best: dict[str, tuple[Decimal, RankedFood]] = {}
        for low, ranked in self._amounts:
            food = ranked.food.iri
            if ranked.form.iri not in forms or food in left_out or (among is not None and food not in among):
                continue
            if is_highest and not low:
                continue
            if food not in best or low > best[food][0]:
                best[food] = (low, ranked)
        ordered = sorted(best.values(), key=lambda pair: (-pair[0] if is_highest else pair[0], pair[1].food.label))
        foods = tuple(ranked for _, ranked in ordered[:_SHOWN])
        return RankingCard((group,), form, without, is_highest, foods, len(ordered)) if foods else None
