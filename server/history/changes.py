"""The pages ``/changes``: what changed from release to release, for people who have never seen RDF; feed and patch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request

from kg.changes import history
from kg.changes.assessment_changes import AssessmentChange
from kg.changes.report import KINDS, ChangeReport, EntityChange
from kg.rdf.formats import API_JSON, ATOM, GRAPH_FORMATS, HTML, RDF_PATCH, Format
from kg.rdf.vocabulary import DCTERMS_DESCRIPTION, DCTERMS_TITLE, OUTSIDE_PREFIXES
from server.core import conditional
from server.core.state import AppState, app_state
from server.http.file_body import FileBody
from server.http.headers import CACHE_REGION
from server.http.negotiation import negotiate
from server.http.problems import Problem
from server.linked_data import hydra, listings
from server.linked_data.listings import Listing

blueprint = Blueprint("changes", __name__)

HEADINGS = {
    "proposition": "Statements that studies can answer",
    "claim": "Claims of sources",
    "study": "Studies",
    "evidence": "Results of studies, and what they bear on",
    "entity": "Foods, substances, conditions and others",
    "term": "Words of the ontology",
}
_MAX_LISTED, _MAX_RELEASES = 100, 100
_FORMATS = (HTML, API_JSON, ATOM, *GRAPH_FORMATS)


@dataclass(frozen=True)
class ListedKind:
    """The changes of one kind; ``more`` are left out of the page."""

    heading: str
    changes: tuple[EntityChange, ...]
    more: int


@blueprint.get("/changes")
def changes() -> Response:
    """Lists releases with what changed in them, as a page, as JSON or as an Atom feed; or the history of an entity.

    Raises:
        Problem: 404 for an entity that neither exists nor has a history.
    """
    if iri := request.args.get("entity", ""):
        return _of_entity(app_state().reader.vocabulary.expand(iri), negotiate(listings.FORMATS))
    return _list(negotiate(_FORMATS))


@blueprint.get(f"/changes.<any({','.join(fmt.name for fmt in _FORMATS)}):suffix>")
def changes_as(suffix: str) -> Response:
    """The list of releases in the format with this suffix."""
    return _list(next(fmt for fmt in _FORMATS if fmt.name == suffix))


@blueprint.get("/changes/<release>")
def changes_of_release(release: str) -> Response:
    """What changed in a release, as a page, as JSON or as an RDF Patch.

    Raises:
        Problem: 404 if its changes are not recorded.
    """
    return _of_release(release, negotiate((HTML, API_JSON, RDF_PATCH)))


@blueprint.get("/changes/<release>.<any(json,rdfp):suffix>")
def changes_of_release_as(release: str, suffix: str) -> Response:
    """What changed in a release, in the format with this suffix."""
    return _of_release(release, RDF_PATCH if suffix == RDF_PATCH.name else API_JSON)


def _list(chosen: Format) -> Response:
    if fresh := conditional.not_modified(chosen.name):
        return fresh
    current = app_state()
    found = _chain(current)
    if chosen.name == API_JSON.name:
        body = json.dumps({"releases": [_summary(one) for one in found]}, ensure_ascii=False)
    elif chosen.rdf:
        return _stored(listings.respond(_as_listing(current, found, "What changed"), {}, chosen), chosen.name)
    elif chosen.name == ATOM.name:
        body = render_template("changes_feed.xml", reports=found, updated=_updated(current, found))
    else:
        body = render_template("changes.html", reports=found, others=_others(current, found))
    return _stored(Response(body, content_type=chosen.content_type), chosen.name)


def _of_release(release: str, chosen: Format) -> Response:
    current = app_state()
    if not release.isalnum() or (found := history.read(current.settings.data_dir, release)) is None:
        detail = (
            f"The changes of release {release[:40]!r} are not recorded. {current.urls.changes()} lists those that are."
        )
        raise Problem(404, "No such changes", detail)
    if fresh := conditional.not_modified(chosen.name):
        return fresh
    if chosen.name == RDF_PATCH.name:
        return _patch(current, release)
    if chosen.name == API_JSON.name:
        body = json.dumps(found.to_json(), ensure_ascii=False)
    else:
        body = render_template("changes_of_release.html", report=found, kinds=_kinds(found.entities))
    return conditional.cacheable(Response(body, content_type=chosen.content_type), chosen.name)


def _as_listing(current: AppState, found: Iterable[ChangeReport], title: str) -> Listing:
    """Releases in RDF: each with its date, the one before it, and its document."""
    members, triples = [], []
    for report in found:
        member = current.urls.full(current.urls.changes(report.release))
        members.append(member)
        summary = _summary(report)
        numbers = ("entities", "triples_added", "triples_removed")
        words = ", ".join(f"{name.replace('_', ' ')}: {summary[name]}" for name in numbers)
        triples += [
            hydra.literal(member, DCTERMS_TITLE, f"What changed in release {report.release}", "en"),
            hydra.literal(member, DCTERMS_DESCRIPTION, words, "en"),
            hydra.dated(member, OUTSIDE_PREFIXES["dcterms"] + "created", report.date),
            hydra.link(
                member,
                OUTSIDE_PREFIXES["dcterms"] + "hasFormat",
                f"{member}.{RDF_PATCH.name}",
            ),
            *(hydra.link(member, OUTSIDE_PREFIXES["dcterms"] + "subject", one.iri) for one in report.assessments),
        ]
    return Listing(members, triples, len(members), title)


def _of_entity(iri: str, chosen: Format) -> Response:
    if fresh := conditional.not_modified(chosen.name):
        return fresh
    current = app_state()
    found = [(report, *report.about(iri)) for report in _chain(current)]
    found = [(report, assessed, changed) for report, assessed, changed in found if assessed or changed]
    if not found and not current.reader.exists(iri):
        raise Problem(404, "Entity not found", f"There is no entity {iri[:80]!r}, and no record of one.")
    label = next(iter(current.reader.references([], extra=[iri]).values())).label if current.reader.exists(iri) else ""
    label = label or next((one.label for _, _, changed in found for one in changed), iri)
    if chosen.name != HTML.name:
        listing = _as_listing(current, [report for report, *_ in found], f"What changed of {label}")
        return _stored(listings.respond(listing, {}, chosen), chosen.name)
    page = render_template("changes_of_entity.html", iri=iri, label=label, found=found)
    return _stored(make_response(page), chosen.name)


def _patch(current: AppState, release: str) -> Response:
    path = history.patch_file(current.settings.data_dir, release)
    if not path.is_file():
        raise Problem(404, "No such file", f"There is no patch of release {release}.")
    response = Response(content_type=RDF_PATCH.content_type)
    size = path.stat().st_size
    response.content_length = size
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Disposition"] = f'attachment; filename="vitk-{release}.rdfp"'
    if request.method != "HEAD":
        response.response = FileBody(path, size, 0)
    return conditional.with_etag(response, RDF_PATCH.name)


def _stored(response: Response, *parts: str) -> Response:
    """Lets caches store a response, unless the changes of the current release are still being written."""
    current = app_state()
    release = current.reader.release
    is_complete = not release.manifest.build.predecessor or history.read(current.settings.data_dir, release.id)
    if is_complete:
        return conditional.cacheable(response, *parts)
    response.headers.pop(CACHE_REGION, None)
    return conditional.no_store(response)


def _chain(current: AppState) -> list[ChangeReport]:
    found = history.chain(current.settings.data_dir, current.reader.release)
    return [report for _, report in zip(range(_MAX_RELEASES), found, strict=False)]


def _kinds(entities: Iterable[EntityChange]) -> list[ListedKind]:
    listed = []
    for kind in KINDS:
        of_kind = [one for one in entities if one.kind == kind]
        if of_kind:
            listed.append(ListedKind(HEADINGS[kind], tuple(of_kind[:_MAX_LISTED]), max(0, len(of_kind) - _MAX_LISTED)))
    return listed


def _others(current: AppState, found: list[ChangeReport]) -> str:
    """The release before all that are recorded; "" if there is none."""
    return found[-1].previous if found else current.reader.release.manifest.build.predecessor


def _updated(current: AppState, found: list[ChangeReport]) -> str:
    return found[0].date if found else current.reader.release.built


def _summary(report: ChangeReport) -> dict[str, object]:
    return {
        "release": report.release,
        "previous": report.previous,
        "date": report.date,
        "assessments": [_assessment(one) for one in report.assessments],
        "entities": len(report.entities),
        "triples_added": report.triples_added,
        "triples_removed": report.triples_removed,
        "url": app_state().urls.full(app_state().urls.changes(report.release)),
    }


def _assessment(change: AssessmentChange) -> dict[str, object]:
    return {
        "iri": change.iri,
        "label": change.label,
        "was": change.was,
        "now": change.now,
        "turn": change.turn,
        "why": list(change.why),
    }
