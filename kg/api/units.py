"""Amounts in one unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.amounts import MICROGRAM, MICROGRAMS_OF, UNIT_SYMBOLS
from kg.errors import VitkError

if TYPE_CHECKING:
    from pandas import DataFrame


def in_micrograms(frame: DataFrame, *columns: str, unit: str = "unit") -> DataFrame:
    """Returns a copy of a table with amounts in micrograms, in columns and ``attrs["units"]``.

    Args:
        frame: the table.
        columns: the columns of amounts.
        unit: the column with the IRIs of their units.

    Raises:
        VitkError: a row has an amount in a unit that is not one of mass, or without a unit.
    """
    has_amount = frame[list(columns)].notna().any(axis=1)
    if others := sorted(set(frame.loc[has_amount, unit].fillna("no unit")) - MICROGRAMS_OF.keys()):
        raise VitkError(f"Only µg, mg and g are amounts in one unit; there are {', '.join(others)}.")
    factors = frame[unit].map(MICROGRAMS_OF).astype("Float64")
    converted = frame.assign(**{name: frame[name] * factors for name in columns}, **{unit: MICROGRAM})
    if unit + "Label" in frame:
        converted[unit + "Label"] = UNIT_SYMBOLS[MICROGRAM]
    units = frame.attrs.get("units", {})
    suffix = {name: units.get(name, "").removeprefix("?" + unit) for name in columns}
    converted.attrs = {**frame.attrs, "units": {**units, **{name: "µg" + rest for name, rest in suffix.items()}}}
    return converted
