"""The dataset and its graphs: pages, descriptions, files to download, and the context of its JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, render_template, send_file

from kg.rdf.formats import BY_NAME, GRAPH_FORMATS, HTML, JSONLD, LINKSET, Format
from kg.rdf.terms import Row
from server.core import conditional
from server.core.state import app_state
from server.http.headers import REVALIDATE
from server.http.negotiation import negotiate
from server.http.problems import Problem
from server.linked_data import dcat, resources, routes, schema_org, signposting
from server.linked_data.resources import Resource

blueprint = Blueprint("dataset", __name__)

# What SKOS calls its mapping properties, the closest first.
_CLOSENESSES = ("exact", "close", "broad", "narrow", "related")


@blueprint.get("/dataset")
def dataset() -> Response:
    """What is in the dataset, and its files, as a page or as VoID and DCAT."""
    chosen = negotiate((HTML, *GRAPH_FORMATS))
    if chosen.name != HTML.name:
        return _description(chosen, varies=True)
    return _page(resources.dataset_resource(), "dataset.html", _all_quads)


@blueprint.get("/dataset.<suffix>")
def dataset_as(suffix: str) -> Response:
    """The description of the dataset in the form with this suffix."""
    if suffix == LINKSET.name:
        return routes.with_suffix(resources.dataset_resource(), suffix)
    return _description(routes.of_suffix(suffix, GRAPH_FORMATS))


@blueprint.get("/.well-known/void")
def void() -> Response:
    """The description of the dataset, where programs look for it."""
    return _description(negotiate(GRAPH_FORMATS), varies=True)


@blueprint.get("/graph/<name>")
def graph(name: str) -> Response:
    """A named graph: what is in it and where to get it."""
    resource = _graph(name)
    chosen = negotiate((HTML, *GRAPH_FORMATS))
    if chosen.name != HTML.name:
        return routes.document(resource, chosen, resource.form(chosen), varies=True)
    counts = {count["iri"]: count for count in app_state().reader.release.manifest["counts"]["graphs"]}
    sample = app_state().reader.catalogue["pages/graph-sample"].fill({"graph": resource.iri})
    parts = {"graph": counts.get(resource.iri), "dumps": dcat.dumps(resource.iri), "query": sample}
    return _page(resource, "graph.html", lambda: parts | {"label": f"the graph {name}"})


@blueprint.get("/graph/<name>.<suffix>")
def graph_as(name: str, suffix: str) -> Response:
    """The description of a named graph in the form with this suffix."""
    return routes.with_suffix(_graph(name), suffix)


@blueprint.get("/dumps/<name>")
def dump(name: str) -> Response:
    """A file to download, in parts too."""
    release = app_state().reader.release
    path = release.download(name)
    if path is None:
        names = ", ".join(dump["name"] for dump in dcat.dumps())
        raise Problem(404, "No such file", f"There is no file {name[:80]!r} to download. There is: {names or 'none'}.")
    dump_info = next(dump for dump in dcat.dumps() if dump["name"] == name)
    response = send_file(
        path, "application/gzip", as_attachment=True, download_name=name, conditional=True, etag=dump_info["sha256"]
    )
    response.headers["Cache-Control"] = REVALIDATE
    links = [
        signposting.Link("describedby", app_state().urls.dataset()),
        signposting.Link("license", signposting.LICENCE),
        signposting.Link("collection", resources.dataset_iri()),
    ]
    return signposting.with_links(response, links)


@blueprint.get("/context.jsonld")
def context() -> Response:
    """The short names of our JSON-LD, whole; each document carries the part that it uses."""
    if fresh := conditional.not_modified():
        return fresh
    return conditional.cacheable(
        Response(json.dumps(app_state().reader.context.document(), indent=1), content_type=JSONLD.content_type)
    )


def _description(chosen: Format, *, varies: bool = False) -> Response:
    resource = resources.dataset_resource()
    if fresh := conditional.not_modified(chosen.name):
        response = fresh
    else:
        body = app_state().reader.written(dcat.description(), chosen, resource.iri)
        response = conditional.cacheable(Response(body, content_type=chosen.content_type), chosen.name)
    form = resource.form(chosen)
    return signposting.with_links(
        response, signposting.data_links(resource, form), form if varies else "", varies=varies
    )


def _page(resource: Resource, template: str, parts: Callable[[], dict[str, Any]]) -> Response:
    fresh = conditional.not_modified(HTML.name)
    page = fresh or make_response(_rendered(resource, template, parts()))
    if not fresh:
        page = conditional.cacheable(page, HTML.name)
    return signposting.with_links(page, signposting.page_links(resource), varies=True)


def _all_quads() -> dict[str, Any]:
    return {
        "dumps": dcat.dumps(),
        "closenesses": _CLOSENESSES,
        "linked": _linked(app_state().reader.run("pages/linksets", {})),
        "structured": schema_org.dataset(),
    }


def _linked(linksets: list[Row]) -> list[tuple[str, dict[str, int]]]:
    """For each outside vocabulary, the links to it by how close they are; the most linked first."""
    found: dict[str, dict[str, int]] = {}
    for row in linksets:
        vocabulary = row["target"].value.rpartition("/")[2]
        closeness = row["mapping"].value.rpartition("#")[2].removesuffix("Match")
        found.setdefault(vocabulary, {})[closeness] = int(row["links"].value)
    return sorted(found.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))


def _rendered(resource: Resource, template: str, parts: dict[str, Any]) -> str:
    return render_template(
        template, resource=resource, formats=BY_NAME, **resources.template_texts(resource.iri), **parts
    )


def _graph(name: str) -> Resource:
    resource = resources.graph_resource(name)
    if not resource.exists():
        names = ", ".join(
            count["label"].rpartition(":")[2] for count in app_state().reader.release.manifest["counts"]["graphs"]
        )
        raise Problem(404, "No such graph", f"There is no graph {name[:40]!r} here. There is: {names}, metadata.")
    return resource
