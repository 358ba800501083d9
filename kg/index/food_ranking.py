"""Amounts of forms of vitamin K in foods, sorted when the release was built.

A page of many thousands of amounts is found without evaluating the complete query.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from kg.catalogue.catalogue import Value
from kg.index.connection import IndexConnection

# The catalogue query whose rows are sorted here, and its parameter that selects the rows of one page.
QUESTION, KEY = "foods-by-amount", "measurement"
# Ids of amounts follow the order of the foods' names.
SCHEMA = """
CREATE TABLE amount (id INTEGER PRIMARY KEY, measurement TEXT, source TEXT, food TEXT, independent INTEGER);
CREATE TABLE ranked (form TEXT, micrograms REAL, amount INTEGER, PRIMARY KEY (form, micrograms, amount)) WITHOUT ROWID;
CREATE TABLE grouped (food_group TEXT, food TEXT, PRIMARY KEY (food_group, food)) WITHOUT ROWID;
"""
_ORDER = {"highest": "micrograms DESC, amount", "lowest": "micrograms, amount", "name": "amount"}
_WHERE = """
FROM ranked JOIN amount ON amount.id = amount WHERE form = :form AND micrograms BETWEEN :min AND :max
AND (:source IS NULL OR source = :source) AND (:include = 'all' OR independent)
AND (:group IS NULL OR food IN (SELECT food FROM grouped WHERE food_group = :group))
"""


class FoodRanking:
    """The ranking of amounts in the side index of a release."""

    def __init__(self, index: Path) -> None:
        self._connection = IndexConnection(index)

    def page(self, values: Mapping[str, Value], offset: int, limit: int) -> tuple[list[str], int] | None:
        """Returns one page of the query's rows, as measurement IRIs in its order, and the total number of rows.

        Args:
            values: values of the query's parameters.
            offset: number of rows to skip.
            limit: maximum number of rows to return.

        Returns:
            ``None`` if the query itself must be evaluated: for a form that is not ranked here, or for selected
            measurements.
        """
        arguments = {name: float(value) if isinstance(value, Decimal) else value for name, value in values.items()}
        known = "SELECT EXISTS (SELECT 1 FROM ranked WHERE form = ?)"
        if arguments[KEY] is not None or not self._connection.execute(known, (arguments["form"],)).fetchone()[0]:
            return None
        del arguments[KEY]
        (total,) = self._connection.execute("SELECT count(*)" + _WHERE, arguments).fetchone()
        query = f"SELECT measurement {_WHERE} ORDER BY {_ORDER[str(arguments['sort'])]} LIMIT :limit OFFSET :offset"
        rows = self._connection.execute(query, {**arguments, "limit": limit, "offset": offset})
        return [measurement for (measurement,) in rows], total
