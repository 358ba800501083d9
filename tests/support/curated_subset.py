"""Curated files with the food tables cut to a few foods, so that builds and checks of every triple are quick."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path
from typing import TextIO

# Among them: butter and its donors, spinach, natto and miso, cereals with marks of fortification, spices with footnotes.
SR28 = {"01001", "01002", "01003", "01009", "01145", "02009", "02030", "08001", "08012", "11457", "16108", "16112",
        "16113", "16114", "16109", "01211"}  # fmt: skip
CIQUAL = {"16400", "22002", "25936", "40120", "12729", "20059"}


def cut(curated: Path) -> Path:
    """The folder, its tables cut to the foods above, without the matches to foods that are gone."""
    (curated / "composition" / "food-matches.ttl").unlink()
    for mapping in (curated / "composition").glob("*.toml"):
        mapping.write_text(re.sub(r"(?m)^rows = \d+$", "", mapping.read_text("utf-8")), "utf-8")
        for path in mapping.with_suffix("").iterdir():
            _cut(path)
    return curated


def _cut(path: Path) -> None:
    with _open(path) as file:
        header = next(csv.reader(file))
        foods, column = (SR28, "ndb_no") if "ndb_no" in header else (CIQUAL, "alim_code")
        if column not in header:
            return
        position = header.index(column)
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
    for path in [*(curated / "composition").glob("*.toml"), curated / "composition" / "food-matches.ttl"]:
        path.unlink()
    return curated
