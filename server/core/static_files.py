"""``/static``: style sheets, images and browser modules."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from server.core.assets import BUNDLES
from server.core.state import app_state
from server.http.encoding import accepts_gzip
from server.http.headers import IMMUTABLE, REVALIDATE

blueprint = Blueprint("static", __name__)


@blueprint.get("/static/<path:name>")
def send(name: str) -> Response:
    """Sends a static file, with gzip if the client accepts it; cacheable forever if the URL names its content."""
    asset = app_state().assets.get(name)
    if asset is None:
        abort(404)
    if asset.compressed is not None and accepts_gzip(request.headers.get("Accept-Encoding", "")):
        response = Response(asset.compressed, content_type=asset.media_type)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(asset.content, content_type=asset.media_type)
    if asset.compressed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    is_immutable = name.startswith(BUNDLES + "/") or request.args.get("v") == asset.hash
    response.headers["Cache-Control"] = IMMUTABLE if is_immutable else REVALIDATE
    response.set_etag(asset.hash, weak=True)
    response.make_conditional(request)
    return response
