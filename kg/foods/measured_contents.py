"""What was measured of a substance in a food and in types of it, for propositions on the composition of foods."""

from __future__ import annotations

from dataclasses import dataclass

from kg.foods.vitamin_forms import FoodContent, content_of
from kg.reader.reader import Reader


@dataclass(frozen=True)
class MeasuredContent:
    """A measured content; ``is_nearest`` where the table has only the nearest food, not the same."""

    content: FoodContent
    is_nearest: bool


def of_food(reader: Reader, food: str, substance: str) -> list[MeasuredContent]:
    """Returns the measured contents of a substance and its forms in a food and types of it, the highest first."""
    rows = reader.run("pages/proposition-contents", {"food": food, "substance": substance})
    refer = reader.references(rows, "food", "analyte", "measurement", "source", "row")
    found = {
        row["measurement"].value: MeasuredContent(
            content_of(row, refer, form="analyte"),
            is_nearest="match" in row and row["match"].value.endswith("#hasNearestTableFood"),
        )
        for row in rows
    }
    return sorted(found.values(), key=lambda one: (one.is_nearest, -one.content.least, one.content.food.label))
