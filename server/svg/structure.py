"""Skeletal formulas of the forms of vitamin K whose side chain is a row of equal units."""

from __future__ import annotations

from dataclasses import dataclass

# Carbon and hydrogen atoms of 2-methyl-1,4-naphthoquinone, and what each isoprenoid unit adds.
_RING, _UNIT = (11, 8), (5, 8)
# The three last units of phylloquinone have no double bond: two hydrogen atoms more in each.
_SATURATED, _PHYTYL_UNITS = 3, 4


@dataclass(frozen=True)
class Structure:
    """A molecule to draw.

    Attributes:
        kind: ``menaquinone``, ``phylloquinone`` or ``menadione``.
        units: isoprenoid units of the side chain.
        carbon, hydrogen: numbers of atoms; all have two of oxygen.
    """

    kind: str
    units: int
    carbon: int
    hydrogen: int


def structure_of(name: str, units: int | None) -> Structure | None:
    """Returns the structure of a form, or ``None`` where its side chain is not a row of equal units.

    Args:
        name: local name of the entity.
        units: its isoprenoid units, where they are known.
    """
    if name == "menadione":
        return Structure(name, 0, *_RING)
    if name == "phylloquinone":
        return Structure(name, _PHYTYL_UNITS, _carbon(_PHYTYL_UNITS), _hydrogen(_PHYTYL_UNITS) + 2 * _SATURATED)
    if name == f"menaquinone-{units}" and units:
        return Structure("menaquinone", units, _carbon(units), _hydrogen(units))
    return None


def _carbon(units: int) -> int:
    return _RING[0] + units * _UNIT[0]


def _hydrogen(units: int) -> int:
    # The ring gives up a hydrogen atom, the end of the chain has one more.
    return _RING[1] + units * _UNIT[1]
