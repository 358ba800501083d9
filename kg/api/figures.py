"""A drawing of estimates with intervals, one line each, as SVG that notebooks show; no plotting library is needed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader

from kg.errors import VitkError

if TYPE_CHECKING:
    from pandas import DataFrame

_WIDTH, _ROW, _TOP, _LEFT, _RIGHT, _FOOT = 800, 26, 6, 340, 650, 44
_STEPS = (1, 2, 5)
_MOST_TICKS = 7


@dataclass(frozen=True)
class Figure:
    """A drawing; ``svg`` has a title and a description with every number."""

    svg: str

    def _repr_svg_(self) -> str:
        """What notebooks show."""
        return self.svg


@dataclass(frozen=True)
class _Axis:
    """The axis from ``low`` to ``high``, in units of the values."""

    low: float
    high: float
    is_log: bool

    def at(self, value: float) -> float:
        low, high, point = (math.log(one) if self.is_log else one for one in (self.low, self.high, value))
        part = (point - low) / (high - low) if high > low else 0.5
        return round(_LEFT + part * (_RIGHT - _LEFT), 1)

    def ticks(self) -> list[float]:
        if self.is_log:
            powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            found = [step * 10.0**power for power in powers for step in _STEPS]
        else:
            size = 10.0 ** math.floor(math.log10(max(self.high - self.low, 1e-9)))
            step = next(
                one for one in (size / 5, size / 2, size, size * 2) if (self.high - self.low) / one < _MOST_TICKS
            )
            found = [step * number for number in range(math.floor(self.low / step), math.ceil(self.high / step) + 1)]
        return [tick for tick in found if self.low <= tick <= self.high]


def intervals(
    frame: DataFrame,
    *,
    label: str,
    value: str,
    low: str,
    high: str,
    title: str,
    axis: str,
    log: bool = False,
    reference: float | None = None,
    pooled: str = "",
) -> Figure:
    """Draws each row of a table as a point with its interval; rows without a value are left out.

    Args:
        frame: the table.
        label: column of the labels.
        value: column of the estimates.
        low: column of the lower ends; missing ones draw a point alone.
        high: column of the upper ends.
        title: what is drawn.
        axis: what the numbers are, with their unit.
        log: whether the axis is logarithmic, as for ratios.
        reference: where a line is drawn, such as 1 for ratios.
        pooled: column that is true for pooled estimates, which are drawn as diamonds.

    Raises:
        VitkError: there is nothing to draw, or a logarithmic axis has a number that is not above zero.
    """
    rows = [row for row in frame.to_dict("records") if _number(row[value]) is not None]
    numbers = [number for row in rows for name in (value, low, high) if (number := _number(row[name])) is not None]
    numbers += [] if reference is None else [reference]
    if not rows or (log and min(numbers) <= 0):
        raise VitkError("Only rows with numbers can be drawn, above zero on a logarithmic axis.")
    scale = _Axis(min(numbers), max(numbers), log)
    drawn = [
        {
            "label": row[label],
            "y": _TOP + _ROW * place + _ROW // 2,
            "x": scale.at(float(row[value])),
            "x1": None if _ends(row, low, high) is None else scale.at(float(row[low])),
            "x2": None if _ends(row, low, high) is None else scale.at(float(row[high])),
            "text": _text(row, value, low, high),
            "is_pooled": bool(pooled and row[pooled]),
        }
        for place, row in enumerate(rows)
    ]
    ticks = sorted({*scale.ticks(), *([] if reference is None else [reference])})
    bottom = _TOP + _ROW * len(rows)
    template = Environment(loader=PackageLoader("kg", "templates"), autoescape=True, trim_blocks=True)
    svg = template.get_template("intervals.svg").render(
        title=title,
        axis=axis,
        rows=drawn,
        width=_WIDTH,
        height=bottom + _FOOT,
        top=_TOP,
        bottom=bottom,
        middle=(_LEFT + _RIGHT) / 2,
        description="; ".join(f"{row['label']}: {row['text']}" for row in drawn) + f". {axis}.",
        ticks=[{"x": scale.at(one), "text": f"{one:g}", "is_reference": one == reference} for one in ticks],
    )
    return Figure(svg)


def _number(cell: Any) -> float | None:
    # A missing value of pandas equals nothing, not even itself, and has no truth value.
    try:
        number = float(cell)
    except TypeError:
        return None
    return None if math.isnan(number) else number


def _ends(row: dict[Any, Any], low: str, high: str) -> tuple[float, float] | None:
    start, end = _number(row[low]), _number(row[high])
    return None if start is None or end is None else (start, end)


def _text(row: dict[Any, Any], value: str, low: str, high: str) -> str:
    ends = _ends(row, low, high)
    shown = _rounded(float(row[value]))
    return f"{shown} ({_rounded(ends[0])} to {_rounded(ends[1])})" if ends else shown


def _rounded(number: float) -> str:
    """Three digits, and all of a larger whole number."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
