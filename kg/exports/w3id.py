"""The redirect rules by which w3id.org leads the IRIs of the graph to a server, and the README that it asks for."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from kg.errors import VitkError
from kg.files.written import write

_HOST = "https://w3id.org/"


def export(base_iri: str, public_url: str, target: Path) -> None:
    """Writes ``.htaccess`` and ``README.md`` into a folder, as the repository of w3id.org has one for the base IRI.

    Args:
        base_iri: of the graph, under w3id.org.
        public_url: where a server answers.
        target: the folder.

    Raises:
        VitkError: the base IRI is not one of w3id.org, no server is named, or a file cannot be written.
    """
    if not base_iri.startswith(_HOST) or base_iri == _HOST:
        raise VitkError(f"{base_iri} is not a folder of {_HOST}, which can redirect only those.")
    if not public_url:
        raise VitkError("Name the server to which the IRIs lead: --public-url https://…")
    if target.exists() and not target.is_dir():
        raise VitkError(f"{target}: w3id is exported into a folder.")
    # Nothing in these files is HTML.
    templates = Environment(loader=PackageLoader("kg", "templates/w3id"), undefined=StrictUndefined, autoescape=False)  # noqa: S701
    for template, name in (("htaccess", ".htaccess"), ("README.md", "README.md")):
        text = templates.get_template(template).render(base=base_iri, public_url=public_url.rstrip("/"))
        write(target / name, text.encode() + b"\n")
