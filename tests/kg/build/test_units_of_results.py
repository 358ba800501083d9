"""A number of a study has the unit that its sentence prints."""

from __future__ import annotations

import pytest

from kg.amounts import UNIT_SYMBOLS
from kg.catalogue.catalogue import with_prologue
from kg.rdf.terms import Row
from kg.reader.reader import Reader

MEASURED = "vitk:change vitk:meanDifference vitk:measuredValue vitk:percentDifference vitk:proportion"
# QUDT has no unit for cases among 100,000 births, or for a thousandth per millimetre of mercury.
WITHOUT_QUDT_UNIT = {
    "result-dutch-surveillance-2005-idiopathic": "per 100,000",
    "result-dutch-surveillance-2005-late": "per 100,000",
    "result-zurynski-2019-incidence": "per 100,000",
    "result-zurynski-2019-late": "per 100,000",
    "result-zurynski-2019-oral-years": "per 100,000",
    "result-viktories-2021-aortic-distensibility": "10⁻³ mmHg⁻¹",
}
# The part that was read prints none.
NOT_PRINTED = {
    "result-glycemic-meta-analysis-2025-glucose",
    "result-glycemic-meta-analysis-2025-hba1c",
    "result-li-2023-dp-ucmgp",
    "result-pregnancy-review-2018-mothers-k1",
}
OF_RESULTS = f"""SELECT ?result ?sentence ?size ?unit {{
  VALUES ?measure {{ {MEASURED} }}
  ?result vitk:effectMeasure ?measure ; vitk:effectSize ?size ; rdfs:label ?sentence .
  OPTIONAL {{ ?result vitk:unit ?unit }}
}}"""


@pytest.fixture(scope="module")
def rows(reader: Reader) -> list[Row]:
    found: list[Row] = reader.select(with_prologue(OF_RESULTS, reader.vocabulary))
    assert len(found) > 60
    return found


def test_every_number_has_a_unit_or_a_reason_for_having_none(rows: list[Row]) -> None:
    without = {row["result"].value.rpartition("/")[2] for row in rows if "unit" not in row}
    assert without == set(WITHOUT_QUDT_UNIT) | NOT_PRINTED


def test_the_unit_is_the_one_in_the_sentence(rows: list[Row]) -> None:
    symbols = [(row["sentence"].value, UNIT_SYMBOLS[row["unit"].value]) for row in rows if "unit" in row]
    # "ml" and "mg" are written after a number, "mg/cm²" is not "mg".
    assert [found for found in symbols if found[1] and found[1] not in found[0]] == []
    spoken = {row["result"].value.rpartition("/")[2]: row["sentence"].value for row in rows}
    assert all(unit in spoken[name] for name, unit in WITHOUT_QUDT_UNIT.items())
