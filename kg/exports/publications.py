"""The publication of a study, in BibTeX and RIS: with the journal and identifiers that the graph has, and no others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.rdf.vocabulary import BIBO_DOI, BIBO_PMID, DCTERMS_CITATION, DCTERMS_TITLE
from kg.reader.reader import Reader

# Journal, volume, issue and pages as the graph writes them: "Osteoporosis International 24(9):2499-2507".
_PLACE = re.compile(
    r"(?P<journal>.*\D) (?P<volume>\d+)(?:\((?P<number>[^)]+)\))?:(?P<first>[\w.]+)(?:[-–](?P<last>[\w.]+))?"
)
_NAME = re.compile(r"(?P<family>\S.*) (?P<initials>[A-Z]{1,4}|[A-Z]-[A-Za-z])")
# Characters with a special meaning in TeX.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True)
class Publication:
    """A publication; what is not known is "".

    Attributes:
        title: of the paper or report.
        author: the first author, family name first.
        place: journal, volume and pages in one text.
        year: four digits.
        doi, pmid: its identifiers.
    """

    title: str
    author: str
    place: str
    year: str
    doi: str
    pmid: str


def publication_of(reader: Reader, iri: str) -> Publication | None:
    """Returns the publication of a study, or ``None`` if the entity has no title of its own."""

    def first(predicate: str) -> str:
        return next((value.value for value in reader.values(iri, predicate)), "")

    terms = reader.vocabulary.term
    title = first(DCTERMS_TITLE)
    if not title or not first(terms("design")):
        return None
    return Publication(
        title=title,
        author=first(terms("firstAuthor")),
        place=first(DCTERMS_CITATION),
        year=first(terms("publicationYear")),
        doi=first(BIBO_DOI),
        pmid=first(BIBO_PMID),
    )


def bibtex(publication: Publication, iri: str, release: str) -> str:
    """Returns a BibTeX entry of a publication; its note names the record of vitk.

    Args:
        publication: what is cited.
        iri: of the study in vitk.
        release: id of the release.
    """
    place = _PLACE.fullmatch(publication.place)
    fields = {"title": f"{{{escaped(publication.title)}}}"}
    if publication.author:
        person = _person(publication.author)
        fields["author"] = f"{person} and others" if person else f"{{{escaped(publication.author)}}}"
    if place:
        pages = "--".join(part for part in (place["first"], place["last"]) if part)
        fields |= {"journal": escaped(place["journal"]), "volume": place["volume"]}
        fields |= {"number": place["number"] or "", "pages": pages}
    elif publication.place:
        fields["howpublished"] = escaped(publication.place)
    fields |= {"year": publication.year, "doi": publication.doi, "pmid": publication.pmid}
    fields["note"] = f"Record in vitk, release {release}: {iri}"
    key = re.sub(r"[^A-Za-z0-9-]", "-", iri.rpartition("/")[2].removeprefix("study-"))
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{'article' if place else 'misc'}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def ris(publication: Publication, iri: str, release: str) -> str:
    """Returns a RIS record; takes the arguments of ``bibtex``."""
    place = _PLACE.fullmatch(publication.place)
    fields = [("TY", "JOUR" if place else "GEN"), ("TI", _line(publication.title))]
    fields += [("AU", _person(publication.author) or _line(publication.author))]
    if place:
        fields += [("JO", place["journal"]), ("VL", place["volume"]), ("IS", place["number"] or "")]
        fields += [("SP", place["first"]), ("EP", place["last"] or "")]
    else:
        fields += [("PB", _line(publication.place))]
    fields += [("PY", publication.year), ("DO", publication.doi), ("AN", publication.pmid)]
    fields += [("N1", f"Record in vitk, release {release}: {iri}")]
    return "".join(f"{name}  - {value}\r\n" for name, value in fields if value) + "ER  - \r\n"


def escaped(text: str) -> str:
    """Returns a text of one line in which nothing is markup for TeX."""
    return "".join(_TEX.get(letter, letter) for letter in _line(text))


def _line(text: str) -> str:
    return " ".join(text.split())


def _person(author: str) -> str:
    """``Knapen MHJ`` as ``Knapen, M. H. J.``, a single name as it is; "" for the name of an organisation."""
    found = _NAME.fullmatch(author)
    if found:
        letters = found["initials"] if "-" in found["initials"] else ". ".join(found["initials"]) + "."
        return f"{found['family']}, {letters}"
    return "" if " " in author else author
