"""Citations of publications, and structural formulas."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from kg.exports import publications
from kg.reader.reader import Reader
from server.svg import structure_of


@pytest.mark.parametrize(
    ("name", "bibtex", "ris"),
    [
        ("study-knapen-2013", ("@article{knapen-2013,", "author = {Knapen, M. H. J. and others}", "doi = {10.1007/s00198-013-2325-6}", "pages = {2499--2507}"),
         ("TY  - JOUR", "AU  - Knapen, M. H. J.", "VL  - 24", "IS  - 9", "SP  - 2499", "EP  - 2507", "PY  - 2013")),
        ("study-efsa-2017", ("author = {{EFSA NDA Panel}}",), ("AU  - EFSA NDA Panel",)),
    ],
)  # fmt: skip
def test_a_study_is_cited_as_its_publication(
    client: FlaskClient, name: str, bibtex: tuple[str, ...], ris: tuple[str, ...]
) -> None:
    bib, lines = client.get(f"/cite/{name}.bib").text, client.get(f"/cite/{name}.ris").text.split("\r\n")
    for expected in bibtex:
        assert expected in bib
    assert set(ris) <= set(lines)
    assert f"/id/{name}" in bib and bib.count("{") == bib.count("}")
    assert "vitk contributors" not in bib


def test_every_study_can_be_cited(reader: Reader) -> None:
    for row in reader.run("pages/study-citations", {}):
        found = publications.publication_of(reader, row["study"].value)
        if found is None:
            assert "title" not in row
            continue
        written = publications.bibtex(found, row["study"].value, "r1")
        assert written.startswith(("@article{", "@misc{")) and written.count("{") == written.count("}")
        ris = publications.ris(found, row["study"].value, "r1").split("\r\n")
        assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in ris[:-1]), ris


@pytest.mark.parametrize(
    ("name", "units", "formula"),
    [("menaquinone-4", 4, (31, 40)), ("menaquinone-7", 7, (46, 64)), ("phylloquinone", None, (31, 46)), ("menadione", None, (11, 8)),
     ("tetrahydromenaquinone-9", 9, None), ("menaquinone-n", None, None), ("vitamin-k2", None, None)],
)  # fmt: skip
def test_only_known_structures_are_drawn_with_their_formula(
    name: str, units: int | None, formula: tuple[int, int] | None
) -> None:
    found = structure_of(name, units)
    assert (found and (found.carbon, found.hydrogen)) == formula
