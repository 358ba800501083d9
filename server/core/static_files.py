"""``/static``: style sheets, images and browser modules."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from server.core import conditional
from server.core.assets import BUNDLES
from server.core.state import app_state
from server.http.encoding import precompressed
from server.http.headers import IMMUTABLE, REVALIDATE, etag_matches

blueprint = Blueprint("static", __name__)


@blueprint.get("/static/<path:name>")
def static_file(name: str) -> Response:
    """Sends one file; its URL contains a hash of its content, so browsers may cache it forever."""
    asset = app_state().assets.get(name)
    if asset is None:
        abort(404)
    is_hashed = name.startswith(BUNDLES + "/") or request.args.get("v") == asset.hash
    caching = IMMUTABLE if is_hashed else REVALIDATE
    if etag_matches(request.environ, asset.hash):
        response = Response(status=304)
    elif asset.compressed is None:
        response = Response(asset.content, content_type=asset.media_type)
    else:
        response = precompressed(lambda: asset.content, asset.compressed, asset.media_type)
    if asset.compressed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    return conditional.with_validator(asset.hash, response, caching)
