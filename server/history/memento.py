"""Memento (RFC 7089): documents as they were at a date, from the releases that are retained.

A release is pinned with ``release=`` in the URL; such a URL is a memento, the URL without it the original resource. The
TimeGate ``/timegate/…`` redirects to the memento for ``Accept-Datetime``, the TimeMap ``/timemap/…`` lists all.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from werkzeug.http import http_date, parse_date

from kg.release.release import Release, Releases
from server.core.state import app_state
from server.http.problems import Problem
from server.linked_data.signposting import Link

blueprint = Blueprint("memento", __name__)

_LINK_FORMAT = "application/link-format"
# What may stand in a query (RFC 3986, 3.4), percent signs included.
_IN_QUERY = "%&=+/:;,@!$()*?-._~"


@blueprint.get("/timegate/<path:path>")
def timegate(path: str) -> Response:
    """Redirects to a document in the last release that was built until ``Accept-Datetime``, by default the newest.

    Raises:
        Problem: 400 if the date is not one of HTTP (RFC 9110, 5.6.7).
    """
    urls, wanted = app_state().urls, request.headers.get("Accept-Datetime", "")
    date = parse_date(wanted) if wanted else datetime.now(UTC)
    if date is None:
        raise Problem(400, "Bad date", f"{wanted[:60]!r} is not a date of HTTP, such as {http_date(0)}.")
    releases = _releases()
    chosen = next((release for release in releases if _built(release) <= date), releases[-1])
    response = redirect(urls.memento(_original(path), chosen.id), 302)
    assert isinstance(response, Response)
    response.headers["Vary"] = "Accept-Datetime"
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Link"] = ", ".join(link.header() for link in _links(_original(path)))
    return response


@blueprint.get("/timemap/<path:path>")
def timemap(path: str) -> Response:
    """Lists a document in all retained releases, the oldest first, as links (RFC 6690)."""
    urls, original = app_state().urls, _original(path)
    links = [
        f'<{urls.full(urls.original(original))}>; rel="original"',
        f'<{urls.full(urls.timegate(original))}>; rel="timegate"',
        f'<{urls.full(urls.timemap(original))}>; rel="self"; type="{_LINK_FORMAT}"',
    ]
    for release in reversed(_releases()):
        url = urls.full(urls.memento(original, release.id))
        links.append(f'<{url}>; rel="memento"; datetime="{http_date(_built(release))}"')
    response = Response(",\n".join(links) + "\n", content_type=_LINK_FORMAT)
    response.headers["Cache-Control"] = "no-cache"
    return response


def with_memento(response: Response) -> Response:
    """Says of a response of a pinned release of when it is, and where other releases are."""
    release = app_state().reader.release
    if request.args.get("release") != release.id or response.status_code not in (200, 304):
        return response
    original = _original(request.path, but="release=")
    response.headers["Memento-Datetime"] = http_date(_built(release))
    known = response.headers.get("Link", "")
    links = ", ".join(link.header() for link in _links(original))
    response.headers["Link"] = f"{known}, {links}" if known else links
    return response


def _links(original: str) -> list[Link]:
    urls = app_state().urls
    return [
        Link("original", urls.full(urls.original(original))),
        Link("timegate", urls.full(urls.timegate(original))),
        Link("timemap", urls.full(urls.timemap(original)), _LINK_FORMAT),
    ]


def _original(path: str, but: str = "") -> str:
    """The path of a document of ours with the query of this request, without the parameters that start with ``but``.

    What a request gives must neither lead to another server, as two slashes would, nor end the link that it is in.
    """
    parts = request.query_string.decode("latin-1").split("&")
    query = quote("&".join(part for part in parts if not but or not part.startswith(but)), safe=_IN_QUERY)
    return f"/{quote(path.lstrip('/'))}{f'?{query}' if query else ''}"


def _releases() -> list[Release]:
    """The releases that can be pinned, the newest first; there is at least the one that is served."""
    found = [release for release in Releases(app_state().settings.data_dir).all() if release.has_known_format]
    return found or [app_state().reader.release]


def _built(release: Release) -> datetime:
    return datetime.fromisoformat(release.built)
