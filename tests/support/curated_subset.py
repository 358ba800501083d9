"""Curated files with the food tables cut to a few foods, so that builds and checks of every triple are quick."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path
from typing import TextIO

# Among them: butter and its donors, spinach, natto and miso, cereals with marks of fortification, spices with footnotes.
SR28 = {"01001", "01002", "01003", "01009", "01145", "02009", "02030", "08001", "08012", "11457", "16108", "16112",
        "16113", "16114", "16109", "01211", "11233", "11234"}  # fmt: skip
CIQUAL = {"16400", "22002", "25936", "40120", "12729", "20059"}
# Spinach, Gouda, chicken breast, bread below detection, drinking water with traces; raw kale; natto and spinach.
BLS = {"G211100", "M402600", "V416100", "B314000", "N110000", "E112100"}
FDC = {"323505", "1105073"}
NDB = {"11233", "11100", "100254"}
JAPAN = {"04046", "06267", "15027", "12017", "11166"}
FOODS = {
    "ndb_no": SR28,
    "alim_code": CIQUAL,
    "bls_code": BLS,
    "ndb_number": NDB,
    "fdc_id": FDC,
    "food_number": JAPAN,
}
# Curated files that name rows of tables.
NAMING_ROWS = ("food-matches.ttl", "raw-and-cooked.ttl", "usual-servings.ttl")


def cut(curated: Path) -> Path:
    """The folder, its tables cut to the foods above, without what names foods that are gone."""
    for name in NAMING_ROWS:
        (curated / "composition" / name).unlink()
    for mapping in (curated / "composition").glob("*.toml"):
        mapping.write_text(re.sub(r"(?m)^rows = \d+$", "", mapping.read_text("utf-8")), "utf-8")
        for path in mapping.with_suffix("").iterdir():
            _cut(path)
    return curated


def _cut(path: Path) -> None:
    with _open(path) as file:
        header = next(csv.reader(file))
        column = next((column for column in FOODS if column in header), None)
        if column is None:
            return
        foods, position = FOODS[column], header.index(column)
        # A food is one of a few, so most lines need no parser; the parser decides on the others.
        rows = list(csv.reader(line for line in file if any(food in line for food in foods)))
    text = path.with_name(path.name + ".cut")
    with text.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(row for row in rows if row[position] in foods)
    text.rename(path)


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def without_tables(curated: Path) -> Path:
    """A folder of curated files, made smaller: builds from it take two seconds."""
    for path in [*(curated / "composition").glob("*.toml"), *(curated / "composition" / name for name in NAMING_ROWS)]:
        path.unlink()
    return curated
