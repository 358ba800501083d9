"""Lists of foods: by their amount of a form of vitamin K, and what the source says of them beside other sources."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from kg import amounts
from kg.catalogue.catalogue import Value
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

FOODS_SHOWN = 40
# More foods than are shown have so much of the commoner forms, in µg per 100 g; it keeps the questions short.
_MINIMUM = {"phylloquinone": 250, "menaquinone-4": 10, "dihydrophylloquinone": 10}
_EXACTLY = "hasExactTableFood"


@dataclass(frozen=True)
class FoodAmount:
    """The amount of a form in a food, in µg per 100 g; ``words`` has it with what is to be known about it.

    ``share`` is the part of the largest amount in the same list, from 0 to 1. ``known`` is how the source came by it,
    ``printed`` what a study printed, ``match`` how closely a food of a table matches the food of the source.
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


@dataclass(frozen=True)
class TableAmounts:
    """The foods of one table with most of a form; ``least`` is the µg per 100 g that all of these have, at least."""

    table: Reference
    form: Reference
    least: int
    amounts: tuple[FoodAmount, ...]


@dataclass(frozen=True)
class FilledQuery:
    """A question with its SPARQL, filled in."""

    title: str
    text: str


@dataclass(frozen=True)
class SourceClaim:
    """What the source says of a food: the claim, the amount as words or "", its verdict, and whether it is doubtful."""

    claim: Reference
    amount: str
    verdict: Reference | None
    flawed: bool


@dataclass(frozen=True)
class FoodComparison:
    """A food of the source with what the source, studies and tables say of the vitamin K in it.

    ``only_k1`` is true where tables give amounts, but none of vitamin K2 or of one of its forms.
    """

    food: Reference
    said: tuple[SourceClaim, ...]
    studied: tuple[FoodAmount, ...]
    tabled: tuple[FoodAmount, ...]
    only_k1: bool


def forms(reader: Reader) -> list[Reference]:
    """The forms of vitamin K of which studies or tables give amounts in foods."""
    rows = [*reader.run("foods-by-form", {"form": reader.vocabulary.entity_iri("vitamin-k")}), *_covered(reader)]
    labels = reader.references(rows, "form")
    labels |= reader.references([], extra=[reader.vocabulary.entity_iri("vitamin-k2")])
    return sorted(labels.values(), key=lambda form: form.label.casefold())


def studied(reader: Reader, form: str) -> list[FoodAmount]:
    """What studies measured of a form and of the forms that belong to it, the most first."""
    return _studied(reader, reader.run("foods-by-form", {"form": form}))


def tabled(reader: Reader, form: str) -> list[TableAmounts]:
    """For each table that covers a form, or one that belongs to it, the foods that hold most; tables and forms are
    never mixed."""
    found = []
    for table, covered in _covering(reader, form):
        rows = reader.run("foods-of-a-table-by-amount", _asked_of_table(reader, table, covered))[:FOODS_SHOWN]
        refer = reader.references(rows, "food", "origin", "measurement", extra=[table, covered])
        most = _most(rows)
        lines = [
            FoodAmount(
                food=refer[row["food"].value],
                form=refer[covered],
                micrograms=amounts.number(row["microgramsPer100Grams"].value),
                share=float(Decimal(row["microgramsPer100Grams"].value) / most),
                measurement=refer[row["measurement"].value],
                source=refer[table],
                known=refer[row["origin"].value],
            )
            for row in rows
        ]
        found.append(TableAmounts(refer[table], refer[covered], _minimum(covered), tuple(lines)))
    return found


def filled_queries(reader: Reader, form: str) -> list[FilledQuery]:
    """The questions behind the amounts of a form."""
    query = reader.catalogue["foods-by-form"]
    found = [FilledQuery(query.title, query.fill({"form": form}))]
    query = reader.catalogue["foods-of-a-table-by-amount"]
    for table, covered in _covering(reader, form):
        names = reader.references([], extra=[table, covered])
        text = query.fill(_asked_of_table(reader, table, covered))
        found.append(FilledQuery(f"{query.title} ({names[covered].label} in {names[table].label})", text))
    return found


def example(reader: Reader, name: str) -> FilledQuery:
    """A question of the catalogue with its example values."""
    query = reader.catalogue[name]
    return FilledQuery(query.title, reader.catalogue.example(query))


def article_and_tables(reader: Reader) -> list[FoodComparison]:
    """Every food of which the source speaks; those with amounts of the source first, then those with any amount."""
    said, tabled = (
        reader.run(name, {}) for name in ("pages/foods-of-the-source", "pages/tables-on-foods-of-the-source")
    )
    measured = reader.run("foods-by-form", {"form": reader.vocabulary.entity_iri("vitamin-k")})
    refer = reader.references(said, "claim", "food", "verdict")
    claims = reader.grouped(said, "food")
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
    has_amount = any(said.amount for said in food.said)
    return not has_amount, not food.studied, not food.tabled, food.food.label.casefold()


def _source_claims(rows: list[Row], refer: dict[str, Reference]) -> tuple[SourceClaim, ...]:
    fields = {"from": "minimumAmount", "to": "maximumAmount", "unit": "unit"}
    fields |= {"per": "referenceAmount", "perUnit": "referenceUnit"}
    by_claim: dict[str, SourceClaim] = {}
    for row in rows:
        amount = amounts.phrase({field: row[column].value for column, field in fields.items() if column in row})
        verdict = refer[row["verdict"].value] if "verdict" in row else None
        by_claim[row["claim"].value] = SourceClaim(refer[row["claim"].value], amount, verdict, "flaw" in row)
    return tuple(by_claim.values())


def _studied(reader: Reader, rows: list[Row]) -> list[FoodAmount]:
    refer = reader.references(rows, "food", "form", "measurement", "study")
    most = _most(rows)
    return [
        FoodAmount(
            food=refer[row["food"].value],
            form=refer[row["form"].value],
            micrograms=amounts.number(row["microgramsPer100Grams"].value),
            share=float(Decimal(row["microgramsPer100Grams"].value) / most),
            measurement=refer[row["measurement"].value],
            source=refer[row["study"].value],
            printed=row["asPrinted"].value,
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
                match="" if row["match"].value.endswith(_EXACTLY) else _closeness(refer[row["match"].value].label),
            ),
        )
        for row in rows
    ]


def _closeness(label: str) -> str:
    return label.removeprefix("has ").replace(" table food", " food")


def _asked_of_table(reader: Reader, table: str, form: str) -> dict[str, Value]:
    name = table.rpartition("/")[2]
    return {"table": reader.vocabulary.graph(name), "form": form, "min": Decimal(_minimum(form))}


def _minimum(form: str) -> int:
    return _MINIMUM.get(form.rpartition("/")[2], 0)


def _covered(reader: Reader) -> list[Row]:
    """The forms of vitamin K that tables cover, as rows of table and form."""
    known = reader.forms_of_vitamin_k()
    rows = reader.run("what-the-food-tables-cover", {})
    return [{"table": row["table"], "form": row["component"]} for row in rows if row["component"].value in known]


def _covering(reader: Reader, form: str) -> list[tuple[str, str]]:
    """Each table with each form that it covers and that is the one asked for or belongs to it."""
    forms = {form, *_forms_of(reader, form)}
    return sorted({(row["table"].value, row["form"].value) for row in _covered(reader) if row["form"].value in forms})


def _forms_of(reader: Reader, vitamin: str) -> set[str]:
    return {row["form"].value for row in reader.run("forms-of-a-vitamin", {"vitamin": vitamin})}


def _most(rows: list[Row]) -> Decimal:
    return max((Decimal(row["microgramsPer100Grams"].value) for row in rows), default=Decimal(0)) or Decimal(1)
