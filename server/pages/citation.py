"""Citations of entity pages in BibTeX and RIS, which name the release; of a study, that of its publication."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Response

from kg.exports import publications
from kg.exports.publications import escaped
from server.core import conditional
from server.core.state import app_state
from server.http.problems import Problem
from server.linked_data.resources import unknown

_PUBLISHER, _SITE = "the vitk contributors", "vitk, a knowledge graph of vitamin K"


def citation(name: str) -> Response:
    """Sends the citation of an entity.

    Args:
        name: local name of the entity, with the suffix ``.bib`` or ``.ris``.

    Raises:
        Problem: 404 for an unknown entity or format.
    """
    writers: dict[str, tuple[Callable[[str, str, str, str], str], str]] = {
        "bib": (bibtex, "application/x-bibtex; charset=utf-8"),
        "ris": (ris, "application/x-research-info-systems; charset=utf-8"),
    }
    name, _, suffix = name.rpartition(".")
    if suffix not in writers:
        raise Problem(404, "Unknown format", "Available formats: bib (BibTeX), ris (RIS).")
    if fresh := conditional.not_modified():
        return fresh
    reader = app_state().reader
    iri = reader.vocabulary.entity_iri(name)
    if not reader.exists(iri):
        raise unknown(name, app_state())
    write, media_type = writers[suffix]
    publication = publications.publication_of(reader, iri)
    if publication:
        in_format = publications.bibtex if suffix == "bib" else publications.ris
        body = in_format(publication, iri, reader.release.id)
    else:
        label = reader.references([], extra=[iri])[iri].label
        body = write(label, iri, reader.release.id, reader.release.manifest.date)
    return conditional.with_etag(Response(body, content_type=media_type))


def bibtex(label: str, iri: str, release: str, built: str) -> str:
    """Returns a BibTeX entry.

    Args:
        label: label of the entity.
        iri: its IRI.
        release: id of the release.
        built: date of the release as YYYY-MM-DD.
    """
    key = re.sub(r"[^A-Za-z0-9-]", "-", iri.rpartition("/")[2])
    fields = {
        "title": f"{{{escaped(label)}}}",
        "author": f"{{{_PUBLISHER}}}",
        "howpublished": f"{_SITE}, release {release}",
        "year": built[:4],
        "month": str(int(built[5:7])),
        "url": iri,
        "note": f"Release of {built}",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return f"@misc{{vitk-{key}-{release},\n" + ",\n".join(lines) + "\n}\n"


def ris(label: str, iri: str, release: str, built: str) -> str:
    """Returns a RIS record; takes the arguments of ``bibtex``."""
    fields = [
        ("TY", "DATA"), ("TI", " ".join(label.split())), ("AU", _PUBLISHER), ("PB", _PUBLISHER), ("T2", _SITE),
        ("PY", built[:4]), ("DA", built.replace("-", "/")), ("ET", f"release {release}"), ("UR", iri), ("ER", ""),
    ]  # fmt: skip
    return "".join(f"{name}  - {value}\r\n" for name, value in fields)
