"""Lists of foods: ranked by a form of vitamin K, and the article's food claims compared with studies and tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from kg import amounts
from kg.catalogue.catalogue import Query, Value
from kg.foods import catalogue_queries, table_matches, vitamin_forms
from kg.foods.catalogue_queries import FilledQuery
from kg.rdf.natural_order import natural_key
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

FOODS_SHOWN = 30
# Lists in food tables up to which each has a query of its own behind the page.
_QUERIES_SHOWN = 6
# Foods of all tables together, and of each one at least.
_ALL_LISTS, _SHORTEST_LIST = 120, 8
# More µg per 100 g than any food contains.
_ALL = 1_000_000
# In µg per 100 g. More foods than are shown contain this much of the commoner forms, so the queries stay fast.
_MINIMUM = {"phylloquinone": 250, "menaquinone-4": 10, "dihydrophylloquinone": 10}


@dataclass(frozen=True)
class FoodAmount:
    """The amount of a form in a food, in µg per 100 g.

    ``micrograms`` is a number or a range. ``share`` is the fraction of the largest amount in the same list, from 0 to
    1; of a range, ``share_from`` is that of the lower end and ``share`` that of the upper end. ``known`` says how
    the source determined it, ``printed`` is the value as a study printed it, ``match`` the closeness of a table food to
    the article's food.
    """

    food: Reference
    form: Reference
    micrograms: str
    share: float
    measurement: Reference
    source: Reference
    known: Reference | None = None
    printed: str = ""
    match: str = ""
    share_from: float = 0.0
    ends: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))


@dataclass(frozen=True)
class TableAmounts:
    """The foods of one table richest in a form; ``least`` is the minimum in µg per 100 g for a food to be listed."""

    table: Reference
    form: Reference
    least: int
    amounts: tuple[FoodAmount, ...]


@dataclass(frozen=True)
class SourceClaim:
    """A claim of the article about a food: its amount in words or "", its standing, and whether it has a flaw."""

    claim: Reference
    amount: str
    standing: Reference | None
    flawed: bool


@dataclass(frozen=True)
class FoodComparison:
    """A food that the article names, with its vitamin K according to the article, studies and tables.

    ``only_k1`` is true if tables give amounts, but none of vitamin K2 or of one of its forms.
    """

    food: Reference
    said: tuple[SourceClaim, ...]
    studied: tuple[FoodAmount, ...]
    tabled: tuple[FoodAmount, ...]
    only_k1: bool


def forms(reader: Reader) -> list[Reference]:
    """Returns the forms of vitamin K for which studies or tables give amounts in foods."""
    rows = [*reader.run("foods-by-form", {"form": reader.vocabulary.entity_iri("vitamin-k")}), *_covered(reader)]
    labels = reader.references(rows, "form")
    labels |= reader.references([], extra=[reader.vocabulary.entity_iri("vitamin-k2")])
    return sorted(labels.values(), key=lambda form: natural_key(form.label))


def studied(reader: Reader, form: str) -> list[FoodAmount]:
    """Returns the amounts that studies measured of a form and of its subforms, the highest first."""
    return _studied(reader, reader.run("foods-by-form", {"form": form}))


def tabled(reader: Reader, form: str) -> list[TableAmounts]:
    """Returns the foods richest in a form, for each table and each form that it covers; they are never mixed.

    The more lists there are, the shorter is each: all forms of vitamin K have many.
    """
    found = []
    covering = _covering(reader, form)
    shown = min(FOODS_SHOWN, max(_SHORTEST_LIST, _ALL_LISTS // max(len(covering), 1)))
    for table, covered in covering:
        rows = _richest(reader, table, covered)[:shown]
        refer = reader.references(rows, "food", "origin", "measurement", extra=[table, covered])
        most = _most(rows)
        lines = [
            FoodAmount(
                food=refer[row["food"].value],
                form=refer[covered],
                measurement=refer[row["measurement"].value],
                source=refer[table],
                **_span(row, most),
                known=refer[row["origin"].value],
            )
            for row in rows
        ]
        found.append(TableAmounts(refer[table], refer[covered], _minimum(covered), tuple(lines)))
    return found


def _richest(reader: Reader, table: str, form: str) -> list[Row]:
    """The rows of the foods of a table with most of a form, without those of its subforms."""
    query = reader.catalogue["foods-by-amount"]
    values = {**_ranking_values(query), "form": form, "source": table, "min": Decimal(_minimum(form))}
    # From the ranking that the release contains: evaluating the query takes half a second for a large table.
    rows, _ = reader.page(query, values, 0, FOODS_SHOWN)
    if all(row["form"].value == form for row in rows):
        return rows
    return reader.run("foods-of-a-table-by-amount", _table_parameters(table, form))[:FOODS_SHOWN]


def _ranking_values(query: Query) -> dict[str, Value]:
    """The values with which the query ranks all independent amounts of any source."""
    values: dict[str, Value] = dict.fromkeys(parameter.name for parameter in query.header.parameters)
    return values | {"include": "measurements", "sort": "highest", "min": Decimal(0), "max": Decimal(_ALL)}


def values_for(reader: Reader, form: str) -> dict[str, Value]:
    """Returns the values with which the query of all foods by amount ranks a form."""
    return {**_ranking_values(reader.catalogue["foods-by-amount"]), "form": form}


def filled_queries(reader: Reader, form: str) -> list[FilledQuery]:
    """Returns the queries behind the amounts of a form: one for each list, or for many lists one for all."""
    query = reader.catalogue["foods-by-form"]
    found = [catalogue_queries.filled(reader, query, {"form": form})]
    covering = _covering(reader, form)
    if len(covering) > _QUERIES_SHOWN:
        query = reader.catalogue["foods-by-amount"]
        return [*found, catalogue_queries.filled(reader, query, values_for(reader, form))]
    query = reader.catalogue["foods-of-a-table-by-amount"]
    for table, covered in covering:
        found.append(catalogue_queries.filled(reader, query, _table_parameters(table, covered)))
    return found


def article_and_tables(reader: Reader) -> list[FoodComparison]:
    """Returns every food that the article names; those with an amount in the article first, then others with one."""
    claim_rows, tabled = (
        reader.run(name, {}) for name in ("pages/foods-of-the-source", "pages/tables-on-foods-of-the-source")
    )
    measured = reader.run("foods-by-form", {"form": reader.vocabulary.entity_iri("vitamin-k")})
    refer = reader.references(claim_rows, "claim", "food", "standing")
    claims = reader.grouped(claim_rows, "food")
    studies: defaultdict[str, list[FoodAmount]] = defaultdict(list)
    tables: defaultdict[str, list[FoodAmount]] = defaultdict(list)
    for amount in _studied(reader, measured):
        studies[amount.food.iri].append(amount)
    vitamin_k2 = reader.vocabulary.entity_iri("vitamin-k2")
    k2 = {vitamin_k2, *_forms_of(reader, vitamin_k2)}
    for food, tabled_amount in _matching(reader, tabled):
        tables[food].append(tabled_amount)
    found = [
        FoodComparison(
            food=refer[food],
            said=_source_claims(rows, refer),
            studied=tuple(studies[food]),
            tabled=tuple(tables[food]),
            only_k1=bool(tables[food]) and not any(amount.form.iri in k2 for amount in tables[food]),
        )
        for food, rows in claims.items()
    ]
    return sorted(found, key=_telling)


def _telling(food: FoodComparison) -> tuple[bool, bool, bool, str]:
    has_amount = any(claim.amount for claim in food.said)
    return not has_amount, not food.studied, not food.tabled, food.food.label.casefold()


def _source_claims(rows: list[Row], refer: dict[str, Reference]) -> tuple[SourceClaim, ...]:
    fields = {"from": "minimumAmount", "to": "maximumAmount", "unit": "unit"}
    fields |= {"per": "referenceAmount", "perUnit": "referenceUnit"}
    by_claim: dict[str, SourceClaim] = {}
    for row in rows:
        amount = amounts.phrase({field: row[column].value for column, field in fields.items() if column in row})
        standing = refer[row["standing"].value] if "standing" in row else None
        by_claim[row["claim"].value] = SourceClaim(refer[row["claim"].value], amount, standing, "flaw" in row)
    return tuple(by_claim.values())


def _studied(reader: Reader, rows: list[Row]) -> list[FoodAmount]:
    refer = reader.references(rows, "food", "form", "measurement", "study")
    most = _most(rows)
    return [
        FoodAmount(
            food=refer[row["food"].value],
            form=refer[row["form"].value],
            measurement=refer[row["measurement"].value],
            source=refer[row["study"].value],
            printed=row["asPrinted"].value,
            **_span(row, most),
        )
        for row in rows
    ]


def _matching(reader: Reader, rows: list[Row]) -> list[tuple[str, FoodAmount]]:
    refer = reader.references(rows, "tableFood", "form", "table", "match", "origin", "measurement")
    return [
        (
            row["food"].value,
            FoodAmount(
                food=refer[row["tableFood"].value],
                form=refer[row["form"].value],
                micrograms=amounts.number(row["micrograms"].value),
                share=0.0,
                measurement=refer[row["measurement"].value],
                source=refer[row["table"].value],
                known=refer[row["origin"].value],
                match=""
                if table_matches.is_exact(reader.vocabulary, row["match"].value)
                else _closeness(refer[row["match"].value].label),
            ),
        )
        for row in rows
    ]


def _closeness(label: str) -> str:
    return label.removeprefix("has ").replace(" table food", " food")


def _table_parameters(table: str, form: str) -> dict[str, Value]:
    return {"table": table, "form": form, "min": Decimal(_minimum(form))}


def _minimum(form: str) -> int:
    return _MINIMUM.get(form.rpartition("/")[2], 0)


def _covered(reader: Reader) -> list[Row]:
    """Returns the forms of vitamin K that tables cover, as rows of table and form."""
    known = reader.quantities_of_vitamin_k
    rows = reader.run("what-the-food-tables-cover", {})
    return [{"table": row["table"], "form": row["component"]} for row in rows if row["component"].value in known]


def _covering(reader: Reader, form: str) -> list[tuple[str, str]]:
    """Returns each table with each form that it covers and that is the given form or a subform of it."""
    forms = {form, *_forms_of(reader, form)}
    return sorted({(row["table"].value, row["form"].value) for row in _covered(reader) if row["form"].value in forms})


def _forms_of(reader: Reader, vitamin: str) -> set[str]:
    return {row["form"].value for row in reader.run("forms-of-a-vitamin", {"vitamin": vitamin})}


def _ends(row: Row) -> tuple[Decimal, Decimal]:
    least = row["microgramsPer100Grams"]
    return Decimal(least.value), Decimal(row.get("upTo", least).value)


def _most(rows: list[Row]) -> Decimal:
    return max((_ends(row)[1] for row in rows), default=Decimal(0)) or Decimal(1)


class _Span(TypedDict):
    micrograms: str
    share: float
    share_from: float
    ends: tuple[Decimal, Decimal]


def _span(row: Row, most: Decimal) -> _Span:
    low, high = _ends(row)
    return {
        "micrograms": vitamin_forms.range_words(low, high),
        "share": float(high / most),
        "share_from": float(low / most) if low < high else 0.0,
        "ends": (low, high),
    }
