"""The dataset and its graphs: pages, descriptions, downloads and the JSON-LD context."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, send_file

from kg.rdf.formats import BY_NAME, GRAPH_FORMATS, HTML, JSONLD, LINKSET, Format
from kg.rdf.iri import is_iri
from kg.rdf.terms import Row
from kg.rdf.vocabulary import DATA_LICENCE, DATA_LICENCE_NAME
from server.core import conditional
from server.core.state import app_state
from server.http.file_body import FileBody
from server.http.headers import REVALIDATE
from server.http.negotiation import negotiate
from server.http.problems import Problem
from server.linked_data import dcat, resources, routes, schema_org, signposting
from server.linked_data.resources import Resource

blueprint = Blueprint("dataset", __name__)

# SKOS mapping properties without "Match", the closest first.
_CLOSENESSES = ("exact", "close", "broad", "narrow", "related")


@blueprint.get("/dataset")
def dataset() -> Response:
    """Describes the dataset and its downloads, as a page or in VoID and DCAT."""
    resource = resources.dataset_resource(app_state())
    chosen = negotiate((HTML, *GRAPH_FORMATS, LINKSET))
    if chosen.name == LINKSET.name:
        return routes.document(resource, chosen, resource.form(chosen), varies=True)
    if chosen.name != HTML.name:
        return _description(chosen, varies=True)
    return _page(resource, "dataset.html", _all_quads)


@blueprint.get("/dataset.<suffix>")
def dataset_as(suffix: str) -> Response:
    """Sends the description of the dataset in the format with this suffix."""
    if suffix == LINKSET.name:
        return routes.with_suffix(resources.dataset_resource(app_state()), suffix)
    return _description(routes.of_suffix(suffix, GRAPH_FORMATS))


@blueprint.get("/dataset/<path:name>")
def dataset_part(name: str) -> Response:
    """Redirects (303) from what the description mentions, such as a linkset or the build, to the description.

    Raises:
        Problem: 404 if the description does not mention it.
    """
    dataset_resource = resources.dataset_resource(app_state())
    iri = f"{dataset_resource.iri}/{name}"
    if not (is_iri(iri) and app_state().reader.exists(iri)):
        raise resources.unknown(f"dataset/{name}", app_state())
    return _see(negotiate((HTML, *GRAPH_FORMATS)), dataset_resource)


@blueprint.get("/code/<path:name>")
def code(name: str) -> Response:
    """Redirects (303) from a code of another database that has no IRI there to the first entity with this code.

    Raises:
        Problem: 404 if no entity has it.
    """
    current = app_state()
    iri = f"{current.reader.vocabulary.base}code/{name}"
    rows = current.reader.run("pages/outside-links", {})
    start = current.reader.vocabulary.entities
    found = sorted(
        row["entity"].value for row in rows if row["outside"].value == iri and row["entity"].value.startswith(start)
    )
    if not found:
        raise resources.unknown(f"code/{name}", current)
    chosen = negotiate((HTML, *GRAPH_FORMATS))
    return _see(chosen, resources.entity_resource(found[0].removeprefix(start), current))


def _see(chosen: Format, resource: Resource) -> Response:
    return make_response(redirect(resource.page if chosen.name == HTML.name else resource.form(chosen), 303))


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Sends the description of the dataset from the well-known URL of VoID."""
    return _description(negotiate(GRAPH_FORMATS), varies=True)


@blueprint.get("/graph/<name>")
def graph(name: str) -> Response:
    """Describes a named graph: its contents, downloads and a sample query.

    Raises:
        Problem: 404 if there is no such graph.
    """
    resource = _graph(name)
    chosen = negotiate((HTML, *GRAPH_FORMATS, LINKSET))
    if chosen.name != HTML.name:
        return routes.document(resource, chosen, resource.form(chosen), varies=True)
    reader = app_state().reader
    counts = {count.iri: count for count in reader.release.manifest.counts.graphs}
    sample = reader.catalogue["pages/graph-sample"].fill({"graph": resource.iri})
    parts = {"graph": counts.get(resource.iri), "dumps": dcat.dumps(reader.release, resource.iri), "query": sample}
    return _page(resource, "graph.html", lambda: parts | {"label": f"the graph {name}"})


@blueprint.get("/graph/<name>.<suffix>")
def graph_as(name: str, suffix: str) -> Response:
    """Sends the description of a named graph in the format with this suffix."""
    return routes.with_suffix(_graph(name), suffix)


@blueprint.get("/dumps/<name>")
def dump(name: str) -> Response:
    """Sends a file to download; supports range requests (RFC 9110, 14).

    Raises:
        Problem: 404 if there is no such file.
    """
    release = app_state().reader.release
    path = release.download(name)
    if path is None:
        names = ", ".join(dump.name for dump in dcat.dumps(release))
        detail = f"There is no download {name[:80]!r}. Available downloads: {names or 'none'}."
        raise Problem(404, "No such file", detail)
    dump_info = next(dump for dump in dcat.dumps(release) if dump.name == name)
    response = send_file(
        path, "application/gzip", as_attachment=True, download_name=name, conditional=False, etag=dump_info.sha256
    )
    response = conditional.of_file(response, dump_info.bytes)
    response.headers["Cache-Control"] = REVALIDATE
    if response.status_code in (200, 206):
        response.close()
        part = response.content_range
        start = (part.start if part else None) or 0
        response.response = FileBody(path, response.content_length or 0, start)
    links = [
        signposting.Link("describedby", app_state().urls.dataset()),
        signposting.Link("license", DATA_LICENCE),
        signposting.Link("collection", resources.dataset_iri(app_state().reader.vocabulary)),
    ]
    return signposting.with_links(response, links)


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Sends the complete JSON-LD context; each document embeds only the part that it uses."""
    if fresh := conditional.not_modified():
        return fresh
    return conditional.cacheable(
        Response(json.dumps(app_state().reader.context.document(), indent=1), content_type=JSONLD.content_type)
    )


def _description(chosen: Format, *, varies: bool = False) -> Response:
    current = app_state()
    resource = resources.dataset_resource(current)
    if fresh := conditional.not_modified(chosen.name):
        response = fresh
    else:
        body = current.reader.written(dcat.description(current.reader, current.urls), chosen, resource.iri)
        response = conditional.cacheable(Response(body, content_type=chosen.content_type), chosen.name)
    form = resource.form(chosen)
    return signposting.with_links(
        response, signposting.data_links(resource, form, current.urls), form if varies else "", varies=varies
    )


def _page(resource: Resource, template: str, parts: Callable[[], dict[str, Any]]) -> Response:
    fresh = conditional.not_modified(HTML.name)
    page = fresh or make_response(_rendered(resource, template, parts()))
    if not fresh:
        page = conditional.cacheable(page, HTML.name)
    return signposting.with_links(page, signposting.page_links(resource, app_state().urls), varies=True)


def _all_quads() -> dict[str, Any]:
    current = app_state()
    return {
        "dumps": dcat.dumps(current.reader.release),
        "closenesses": _CLOSENESSES,
        "linked": _linked(current.reader.run("pages/linksets", {})),
        "structured": schema_org.dataset(current.reader, current.urls),
    }


def _linked(linksets: list[Row]) -> list[tuple[str, dict[str, int]]]:
    """For each external vocabulary, the number of links by closeness; the vocabulary with most links first."""
    counts: dict[str, dict[str, int]] = {}
    for row in linksets:
        vocabulary = row["target"].value.rpartition("/")[2]
        closeness = row["mapping"].value.rpartition("#")[2].removesuffix("Match")
        counts.setdefault(vocabulary, {})[closeness] = int(row["links"].value)
    return sorted(counts.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))


def _rendered(resource: Resource, template: str, parts: dict[str, Any]) -> str:
    return render_template(
        template,
        resource=resource,
        formats=BY_NAME,
        licence=DATA_LICENCE,
        licence_name=DATA_LICENCE_NAME,
        **resources.template_texts(app_state().reader, resource.iri),
        **parts,
    )


def _graph(name: str) -> Resource:
    resource, reader = resources.graph_resource(name, app_state()), app_state().reader
    counts = reader.release.manifest.counts.graphs
    # The graph of metadata describes the others, so it does not count itself.
    if resource.iri not in {reader.vocabulary.graph("metadata"), *(count.iri for count in counts)}:
        names = ", ".join(count.label.rpartition(":")[2] for count in counts)
        detail = f"There is no graph {name[:40]!r}. Available graphs: {names}, metadata."
        raise Problem(404, "No such graph", detail)
    return resource
