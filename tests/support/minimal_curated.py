"""A curated folder of a few entities, so that builds which are about something else take less than a second."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from kg.release.release import Release, Releases
from tests.support.paths import CURATED, ROOT, VITK
from tests.support.servers import vitk_environment

ENTITIES = """@prefix vitk: <ontology#> .
@prefix id: <id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix fabio: <http://purl.org/spar/fabio/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

id:vitamin-k a vitk:Vitamin ;
    rdfs:label "vitamin K"@en ;
    dcterms:description "A group of vitamins."@en .

id:phylloquinone a vitk:VitaminKForm ;
    rdfs:label "phylloquinone"@en ;
    dcterms:description "Vitamin K1."@en ;
    vitk:isFormOf id:vitamin-k .

id:vitamin-k2 a vitk:VitaminKForm ;
    rdfs:label "vitamin K2"@en ;
    dcterms:description "The menaquinones together."@en ;
    vitk:isFormOf id:vitamin-k .

id:vitamin-k-cycle a vitk:Process ;
    rdfs:label "vitamin K cycle"@en ;
    dcterms:description "How vitamin K is used again."@en .

id:source-article a fabio:WebPage ;
    dcterms:title "The source"@en .
"""


def write(folder: Path) -> Path:
    """Writes the folder and returns it."""
    (folder / "entities").mkdir(parents=True)
    (folder / "entities" / "entities.ttl").write_text(ENTITIES, "utf-8")
    shutil.copy(CURATED / "identifier-patterns.tsv", folder)
    header = (CURATED / "mappings.sssom.tsv").read_text("utf-8").splitlines(keepends=True)
    start = next(number for number, line in enumerate(header) if not line.startswith("#"))
    (folder / "mappings.sssom.tsv").write_text("".join(header[: start + 1]), "utf-8")
    return folder


def build(folder: Path) -> Release:
    """Builds a release of the curated folder, without a proof."""
    curated, data = write(folder / "curated"), folder / "data"
    arguments = ("build", "--no-proof", "--data-dir", str(data), "--curated-dir", str(curated))
    subprocess.run([*VITK, *arguments], env=vitk_environment(), cwd=ROOT, capture_output=True, check=True)
    return Releases(data).require_current()
